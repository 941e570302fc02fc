"""What a treatment that runs is to a set, and what it amounts to by itself."""

from decimal import Decimal

import pytest

from grading.rules.drugs.devices import device_of, flow_of, is_oxygen
from grading.rules.treatment.support import amounts_to, read_support, support_of, write_support

CANNULA, MASK, HIGH = "nasal_cannula", "face_mask", "high_flow_nasal_cannula"
DEVICES = [
    ("oxygen by nasal cannula 2 L/min", CANNULA, "2", True),
    ("O2 2.5 l/min", None, "2.5", True),
    ("HFNC 40 L/min", HIGH, "40", True),
    ("high-flow nasal cannula", HIGH, None, True),
    (
        "simple face mask",
        MASK,
        None,
        False,
    ),  # "simple" is no word of oxygen: under its own class it is read all the same
    ("non-rebreather mask 15 lpm", "non_rebreather", "15", True),
    ("Venturi mask 40 %", "venturi_mask", None, True),
    ("CPAP by mask", "cpap", None, True),
    ("BiPAP", "bipap", None, True),
    ("mechanical ventilation", "mechanical_ventilation", None, True),
    ("氧氣 鼻導管 2 L/min", CANNULA, "2", True),
    ("非再吸入面罩", "non_rebreather", None, True),
    ("高流量鼻導管 40 L/min", HIGH, "40", True),
    ("呼吸器", "mechanical_ventilation", None, True),
    ("rocuronium for intubation", "mechanical_ventilation", None, False),
    ("oxytocin", None, None, False),
    ("acetaminophen", None, None, False),
    ("", None, None, False),
]


@pytest.mark.parametrize(("typed", "device", "flow", "is_one"), DEVICES)
def test_a_device_and_a_flow_are_read_from_what_was_typed(typed, device, flow, is_one):
    assert device_of(typed) == device
    assert flow_of(typed, None, "") == (None if flow is None else Decimal(flow))
    assert is_oxygen(typed) is is_one


def test_a_flow_is_the_dose_where_its_unit_says_so():
    assert flow_of("oxygen", Decimal(10), "L / min") == 10
    assert flow_of("oxygen 4 L/min", Decimal(2), "h") == 4


def run(drug, acts_as, indication="crs", **more):
    return support_of(drug, acts_as, indication=indication, **more)


AMOUNTS = [
    ([], {0}),
    ([run("norepinephrine", "vasopressor")], {3}),
    ([run("norepinephrine", "vasopressor"), run("Levophed", "vasopressor")], {3}),
    ([run("norepinephrine", "vasopressor"), run("vasopressin", "vasopressor")], {3}),
    ([run("norepinephrine", "vasopressor"), run("epinephrine", "vasopressor")], {4}),
    ([run("novelpressor", "vasopressor")], {3}),
    ([run("dobutamine", "vasopressor")], {2, 3}),
    ([run("CPAP", "oxygen")], {4}),
    ([run("ventilator", "oxygen", "other")], {4}),
    ([run("oxygen", "oxygen", dose=Decimal(2), unit="L/min", route="nasal cannula")], {2}),
    ([run("oxygen", "oxygen", dose=Decimal(10), unit="L/min")], {2, 3}),
    ([run("oxygen", "oxygen")], {2, 3}),
    ([run("oxygen", "oxygen", dose=Decimal(0), unit="L/min")], {0}),
    ([run("nasal cannula 2 L/min", "oxygen"), run("BiPAP", "oxygen")], {4}),
    ([run("saline", "fluid")], {2}),
    ([run("saline", "fluid"), run("norepinephrine", "vasopressor")], {3}),
]


@pytest.mark.parametrize(("running", "grades"), AMOUNTS)
def test_what_runs_amounts_to_a_grade(running, grades):
    assert amounts_to(running) == grades
    assert amounts_to(running[::-1]) == grades


@pytest.mark.parametrize(
    ("drug", "acts_as", "indication"),
    [("paracetamol", "antipyretic", "crs"), ("saline", "fluid", "other"), ("saline", "fluid", "premedication")],
)
def test_nothing_else_runs(drug, acts_as, indication):
    assert run(drug, acts_as, indication) is None


@pytest.mark.parametrize("running", [one for some, _ in AMOUNTS for one in some])
def test_it_is_written_down_and_read_again(running):
    assert read_support(write_support(running)) == running

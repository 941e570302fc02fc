"""What of a look is a sign of CRS, and how vasopressors are counted."""

from dataclasses import replace
from decimal import Decimal

import pytest

from grading.rules.course.signs import CrsSigns, count_vasopressors, crs_signs
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.crs_inputs import CrsInputs
from tests.rules.course.courses import FEVER, LOW, WELL

PRESENT, FREE, CANNOT_TELL = (
    CrsSigns(present=True, free=False),
    CrsSigns(present=False, free=True),
    CrsSigns(present=False, free=False),
)
LOW_PRESSURE = CrsSigns(present=True, free=False, axes=frozenset({"hypotension"}), axis_grade=2)
HYPOXIC = CrsSigns(present=True, free=False, axes=frozenset({"hypoxia"}), axis_grade=3)  # by mask
EXPLAINED = CrsSigns(present=False, free=True, explained=True)
ON_OXYGEN = {"oxygen_device": OxygenDevice.FACE_MASK}
NO_PRESSURE = {"sbp": None, "hypotension": None}
FEVER_ATTRIBUTED = {"fever_attributed_to_other_cause": True}
PRESSURE_ATTRIBUTED = {"hypotension_attributed_to_other_cause": True}
OXYGEN_ATTRIBUTED = {"hypoxia_attributed_to_other_cause": True}


@pytest.mark.parametrize(
    ("why", "seen", "expected"),
    [
        ("well", {}, FREE),
        ("a fever", FEVER, PRESENT),
        ("hypotension", LOW, LOW_PRESSURE),
        ("oxygen", ON_OXYGEN, HYPOXIC),
        ("both", LOW | ON_OXYGEN, replace(HYPOXIC, axes=frozenset({"hypotension", "hypoxia"}))),
        ("an inotrope is 2 or 3: the least that it can be", {"vasopressors": ("dobutamine",)}, LOW_PRESSURE),
        ("a fever, and nobody took the pressure", FEVER | NO_PRESSURE, PRESENT),
        ("no temperature", {"temperature_c": None}, CANNOT_TELL),
        ("C10 an implausible temperature is none", {"temperature_c": Decimal("29.9")}, CANNOT_TELL),
        ("no pressure", NO_PRESSURE, CANNOT_TELL),
        ("no oxygen", {"oxygen_device": None, "spo2": None}, CANNOT_TELL),
        ("hypotension, and no temperature", LOW | {"temperature_c": None}, LOW_PRESSURE),
        ("C8 an attributed fever is none", FEVER | FEVER_ATTRIBUTED, FREE),
        ("C8 it excuses no other sign", FEVER | FEVER_ATTRIBUTED | LOW, LOW_PRESSURE),
        ("C8 an attributed temperature that nobody took", {"temperature_c": None} | FEVER_ATTRIBUTED, CANNOT_TELL),
        ("C8 attributed hypotension, named by a person", LOW | PRESSURE_ATTRIBUTED, EXPLAINED),
        ("C8 attributed hypoxia too", ON_OXYGEN | OXYGEN_ATTRIBUTED, EXPLAINED),
        ("C8 nothing to explain", PRESSURE_ATTRIBUTED, FREE),
        ("C8 one of two is not all", LOW | ON_OXYGEN | OXYGEN_ATTRIBUTED, LOW_PRESSURE),
        ("C8 both are", LOW | ON_OXYGEN | PRESSURE_ATTRIBUTED | OXYGEN_ATTRIBUTED, EXPLAINED),
        ("C3a a fall still to be confirmed is not yet there to be explained",
         {"baseline_sbp": Decimal(140), "sbp": Decimal(95), "hypotension": None} | PRESSURE_ATTRIBUTED, FREE),
        ("C8 a fever beside it is a sign", LOW | FEVER | PRESSURE_ATTRIBUTED, PRESENT),
        ("C10 attributing a pressure nobody took", NO_PRESSURE | PRESSURE_ATTRIBUTED, CANNOT_TELL),
        ("C10 hypotension explained, oxygen nobody looked at",
         LOW | PRESSURE_ATTRIBUTED | OXYGEN_ATTRIBUTED | {"oxygen_device": None, "spo2": None}, CANNOT_TELL),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_signs(why, seen, expected):
    assert replace(crs_signs(CrsInputs(**WELL | seen)), axis_most=0) == expected


@pytest.mark.parametrize(
    ("seen", "least", "most"),
    [
        ({}, 0, 0),
        (LOW, 2, 2),
        ({"vasopressors": ("dobutamine",)}, 2, 3),  # C4b
        ({"oxygen_device": None, "spo2": None}, 0, 4),  # C10
        (LOW | {"oxygen_device": None, "spo2": None}, 2, 4),
    ],
)
def test_the_worse_axis_has_a_least_and_a_most(seen, least, most):
    signs = crs_signs(CrsInputs(**WELL | seen))

    assert (signs.axis_grade, signs.axis_most) == (least, most)


@pytest.mark.parametrize(
    ("why", "agents", "besides", "vasopressin"),
    [
        ("none", [], 0, False),
        ("C4 one", ["norepinephrine"], 1, False),
        ("C4 vasopressin is apart", ["vasopressin"], 0, True),
        ("C4 one with it", ["norepinephrine", "vasopressin"], 1, True),
        ("C4b two pumps of one drug", ["norepinephrine", "norepinephrine"], 1, False),
        ("C4b another name of it", ["noradrenaline", "norepinephrine"], 1, False),
        ("C4b an unlisted agent counts", ["norepinephrine", "new agent"], 2, False),
        ("C4b inotropes do not", ["dobutamine", "milrinone", "norepinephrine"], 1, False),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_vasopressors_are_counted_apart_from_vasopressin(why, agents, besides, vasopressin):
    count = count_vasopressors(agents)

    assert (count.besides_vasopressin, count.vasopressin) == (besides, vasopressin)

"""No question holds back a set that shows more than the one before; any other unusual number is typed again first."""

from decimal import Decimal

import pytest

from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.entry.checks import doubts, to_retype
from grading.rules.grades.entry.limits import LIMITS
from grading.rules.grades.entry.worsening import worsens


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def questions(values: dict[str, str], *, previous: dict[str, str] | None = None, device: str = "room_air"):
    """The fields asked about before the set is kept, and after."""
    measured = {field: number(values.get(field)) for field in LIMITS}
    doubt_list = doubts(measured, device=device, previous={k: number(v) for k, v in (previous or {}).items()})
    first, after = to_retype(doubt_list, values=measured, retyped=[])
    return {d.field for d in first}, {d.field for d in after}


@pytest.mark.parametrize(
    ("why", "values", "previous", "first", "after"),
    [
        ("T4: a fever jump", {"temperature_c": "39.4"}, {"temperature_c": "37.2"}, set(), {"temperature_c"}),
        ("a fall of temperature", {"temperature_c": "37.2"}, {"temperature_c": "39.4"}, {"temperature_c"}, set()),
        ("a very high temperature", {"temperature_c": "41.8"}, {}, set(), {"temperature_c"}),
        ("a low temperature", {"temperature_c": "33.9"}, {}, {"temperature_c"}, set()),
        ("a fall of pressure", {"sbp": "84", "dbp": "50"}, {"sbp": "124"}, set(), {"sbp"}),
        ("a low pressure", {"sbp": "58", "dbp": "40"}, {}, set(), {"sbp"}),
        ("a high pressure", {"sbp": "221", "dbp": "90"}, {}, {"sbp"}, set()),
        ("a high diastolic pressure", {"sbp": "200", "dbp": "141"}, {}, {"dbp"}, set()),
        ("a low saturation", {"spo2": "79"}, {}, set(), {"spo2"}),
        ("a slow pulse", {"heart_rate": "34"}, {}, set(), {"heart_rate"}),
        ("a fast pulse", {"heart_rate": "181"}, {}, set(), {"heart_rate"}),
        ("slow breathing", {"respiratory_rate": "5"}, {}, set(), {"respiratory_rate"}),
        ("fast breathing", {"respiratory_rate": "41"}, {}, set(), {"respiratory_rate"}),
        ("one of each: nothing waits", {"spo2": "79", "temperature_c": "33"}, {}, set(), {"spo2", "temperature_c"}),
        ("nothing unusual", {"sbp": "120", "temperature_c": "37"}, {"sbp": "130", "temperature_c": "38"}, set(), set()),
    ],
)
def test_which_number_is_asked_about_when(why, values, previous, first, after):
    assert questions(values, previous=previous) == (first, after)


def test_much_oxygen_by_nasal_cannula_is_a_worsening():
    assert questions({"oxygen_flow_l_min": "16"}, device="nasal_cannula") == (set(), {"oxygen_flow_l_min"})


def seen(temperature: str = "37.0", **more) -> CrsInputs:
    well = {
        "sbp": Decimal(120), "hypotension": False, "fluid_bolus": False, "vasopressors": (), "spo2": Decimal(97),
        "oxygen_device": OxygenDevice.ROOM_AIR,
    }  # fmt: skip
    return CrsInputs(temperature_c=Decimal(temperature), **well | more)


CANNULA = {"oxygen_device": OxygenDevice.NASAL_CANNULA, "oxygen_flow_l_min": Decimal(2)}
PRESSOR = {"hypotension": True, "vasopressors": ("norepinephrine",)}


@pytest.mark.parametrize(
    ("why", "now", "before", "expected"),
    [
        ("well, and well before", seen(), seen(), False),
        ("a fever begins", seen("38.0"), seen("37.9"), True),
        ("a fever goes on", seen("39.0"), seen("38.0"), False),
        ("hypotension begins", seen(hypotension=True), seen(), True),
        ("a vasopressor begins", seen(**PRESSOR), seen(hypotension=True), True),
        ("oxygen begins", seen(**CANNULA), seen(), True),
        ("oxygen goes on", seen(**CANNULA), seen(**CANNULA), False),
        ("the fever ends", seen(**CANNULA), seen("39.0", **CANNULA), False),
        ("one axis falls and the other rises", seen(**CANNULA), seen(**PRESSOR), True),
        ("nothing to compare with, and a sign", seen(hypotension=True), None, True),
        ("nothing to compare with, and none", seen(), None, False),
    ],
)
def test_what_shows_more_than_before(why, now, before, expected):
    assert worsens(now, before) is expected

"""Values that nobody may wait with (decisions, "Alerts" and "Rulings 2"), row by row."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.danger import DANGER, UNRECORDABLE, Danger, danger, is_worsening
from grading.rules.limits import LIMITS

WELL = {"sbp": Decimal(120), "spo2": Decimal(97), "heart_rate": Decimal(80), "respiratory_rate": Decimal(16)}


@pytest.mark.parametrize(
    ("why", "values", "found"),
    [
        ("well", WELL, ()),
        ("SBP under 60", {"sbp": Decimal(59)}, (("sbp", "59"),)),
        ("compared unrounded: 59.5 is under 60", {"sbp": Decimal("59.5")}, (("sbp", "59.5"),)),
        ("60 is not under 60", {"sbp": Decimal(60)}, ()),
        ("SpO2 under 80", {"spo2": Decimal(79)}, (("spo2", "79"),)),
        ("80 is not under 80", {"spo2": Decimal(80)}, ()),
        ("pulse 0", {"heart_rate": Decimal(0)}, (("heart_rate", "0"),)),
        ("a slow pulse is no pulse of 0", {"heart_rate": Decimal(1)}, ()),
        ("breathing 0", {"respiratory_rate": Decimal(0)}, (("respiratory_rate", "0"),)),
        ("CF1 the arrest", dict.fromkeys(WELL, Decimal(0)) | {"spo2": Decimal(40)},
         (("sbp", "0"), ("spo2", "40"), ("heart_rate", "0"), ("respiratory_rate", "0"))),
        ("CF1c low saturation, all else well", WELL | {"spo2": Decimal(75)}, (("spo2", "75"),)),
        ("nobody looked", dict.fromkeys(WELL), ()),
        ("nothing of it in the set", {}, ()),
    ],
)  # fmt: skip
def test_what_is_in_danger(why: str, values: dict[str, Decimal | None], found: tuple[tuple[str, str], ...]) -> None:
    assert danger(values).found == found


def test_an_unrecordable_pressure_is_in_danger_whatever_number_stands_beside_it() -> None:
    seen = danger(WELL, pressure_unrecordable=True)
    assert seen.found == (("sbp", UNRECORDABLE),)
    assert "sbp" not in seen.free


def test_only_what_was_measured_is_free_of_it() -> None:
    assert danger(WELL).free == frozenset(WELL)
    assert danger({"sbp": Decimal(50), "spo2": None, "heart_rate": Decimal(90)}).free == {"heart_rate"}
    assert not danger({})
    assert Danger(found=(("sbp", "50"),))


@given(st.sampled_from(sorted(DANGER)), st.decimals(0, 300, places=1), st.decimals(0, 300, places=1))
def test_a_lower_value_is_never_less_in_danger(field: str, one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert bool(danger({field: low})) >= bool(danger({field: high}))


def test_every_limit_is_of_a_value_that_is_charted_in_the_same_unit() -> None:
    assert {field: LIMITS[field].unit for field in DANGER} == {field: one.unit for field, one in DANGER.items()}


@pytest.mark.parametrize(
    ("why", "field", "than", "now", "expected"),
    [
        ("T4 a fever jump", "temperature_c", "37.2", "39.4", True),
        ("a fall of temperature may hide a fever", "temperature_c", "37.2", "33", False),
        ("T4 low pressure", "sbp", "124", "84", True),
        ("a rise of pressure is asked about", "sbp", "220", "240", False),
        ("low saturation", "spo2", "80", "75", True),
        ("a slow pulse", "heart_rate", "35", "30", True),
        ("a fast pulse", "heart_rate", "180", "190", True),
        ("slow breathing", "respiratory_rate", "6", "4", True),
        ("fast breathing", "respiratory_rate", "40", "44", True),
        ("more oxygen", "oxygen_flow_l_min", "15", "40", True),
        ("no change is no worsening", "sbp", "84", "84", False),
        ("what has no direction", "weight_kg", "70", "40", False),
    ],
)
def test_which_doubted_value_is_a_worsening(why: str, field: str, than: str, now: str, expected: bool) -> None:
    assert is_worsening(field, than=Decimal(than), now=Decimal(now)) is expected

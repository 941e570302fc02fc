"""Values that nobody may wait with (decisions, "Alerts" and "Rulings 2"), row by row."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.alerting.danger_conditions import danger_conditions
from grading.rules.course.events import Died, Event, Observation, in_order
from grading.rules.grades.danger import DANGER, UNRECORDABLE, Danger, Run, danger, follow, is_worsening, look_again_at
from grading.rules.grades.entry.limits import LIMITS
from tests.rules.course.courses import at, course, dose, hours, look

WELL = {"sbp": Decimal(120), "spo2": Decimal(97), "heart_rate": Decimal(80), "respiratory_rate": Decimal(16)}


@pytest.mark.parametrize(
    ("why", "values", "expected"),
    [
        ("well", WELL, ()),
        ("SBP under 60", {"sbp": Decimal(59)}, (("sbp", "59"),)),
        ("compared unrounded: 59.5 is under 60", {"sbp": Decimal("59.5")}, (("sbp", "59.5"),)),
        ("60 is not under 60", {"sbp": Decimal(60)}, ()),
        ("SpO2 under 80", {"spo2": Decimal(79)}, (("spo2", "79"),)),
        ("80 is not under 80", {"spo2": Decimal(80)}, ()),
        ("pulse 0", {"heart_rate": Decimal(0)}, (("heart_rate", "0"),)),
        ("a slow pulse is no pulse of 0", {"heart_rate": Decimal(1)}, ()),
        ("slow breathing is no breathing of 0", {"respiratory_rate": Decimal(1)}, ()),
        ("breathing 0", {"respiratory_rate": Decimal(0)}, (("respiratory_rate", "0"),)),
        ("CF1 the arrest", dict.fromkeys(WELL, Decimal(0)) | {"spo2": Decimal(40)},
         (("sbp", "0"), ("spo2", "40"), ("heart_rate", "0"), ("respiratory_rate", "0"))),
        ("CF1c low saturation, all else well", WELL | {"spo2": Decimal(75)}, (("spo2", "75"),)),
        ("nobody looked", dict.fromkeys(WELL), ()),
        ("nothing of it in the set", {}, ()),
    ],
)  # fmt: skip
def test_what_is_in_danger(why: str, values: dict[str, Decimal | None], expected: tuple[tuple[str, str], ...]) -> None:
    assert danger(values).values == expected


def test_an_unrecordable_pressure_is_in_danger_whatever_number_stands_beside_it() -> None:
    seen = danger(WELL, pressure_unrecordable=True)
    assert seen.values == (("sbp", UNRECORDABLE),)
    assert "sbp" not in seen.free


def test_only_what_was_measured_is_free_of_it() -> None:
    assert danger(WELL).free == frozenset(WELL)
    assert danger({"sbp": Decimal(50), "spo2": None, "heart_rate": Decimal(90)}).free == {"heart_rate"}
    assert not danger({})
    assert Danger(values=(("sbp", "50"),))


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
        ("nor at the upper side", "temperature_c", "39", "39", False),
        ("what has no direction", "weight_kg", "70", "40", False),
    ],
)
def test_which_doubted_value_is_a_worsening(why: str, field: str, than: str, now: str, expected: bool) -> None:
    assert is_worsening(field, than=Decimal(than), now=Decimal(now)) is expected


# --- Sets without a break ---------------------------------------------------------------------------------------

LOW_O2, WELL_SET, UNMEASURED = {"spo2": Decimal(75)}, WELL, {"heart_rate": Decimal(80)}
SHOCK = {"sbp": Decimal(50)}


def followed(*sets: tuple[float, Mapping[str, Decimal | None]]) -> list[tuple[str, str, float, str]]:
    """(field, set at which it began, hour of the newest that showed it, as told) after these sets."""
    runs: tuple[Run, ...] = ()
    for h, values in sets:
        runs = follow(runs, danger(values), root=f"set-{h}", at=at(h))
    return [(run.field, run.root, hours(run.at) or 0, run.text) for run in runs]


@pytest.mark.parametrize(
    ("why", "sets", "expected"),
    [
        ("one", [(1, LOW_O2)], [("spo2", "set-1", 1, "75")]),
        ("it goes on", [(1, LOW_O2), (2, {"spo2": Decimal(70)})], [("spo2", "set-1", 2, "70")]),
        ("over with a set that measured it and is free of it", [(1, LOW_O2), (2, WELL_SET)], []),
        ("not with one that did not", [(1, LOW_O2), (2, UNMEASURED)], [("spo2", "set-1", 1, "75")]),
        ("again begins anew", [(1, LOW_O2), (2, WELL_SET), (3, LOW_O2)], [("spo2", "set-3", 3, "75")]),
        ("each value for itself", [(1, LOW_O2), (2, SHOCK), (3, {"spo2": Decimal(95)})], [("sbp", "set-2", 2, "50")]),
        ("a day without a look is a break", [(1, LOW_O2), (25, LOW_O2)], [("spo2", "set-25", 25, "75")]),
        ("less is none", [(1, LOW_O2), (24.9, LOW_O2)], [("spo2", "set-1", 24.9, "75")]),
    ],
)
def test_a_run_of_sets_in_danger(
    why: str, sets: list[tuple[float, dict[str, Decimal]]], expected: list[tuple[str, str, float, str]]
) -> None:
    assert followed(*sets) == expected


def test_an_unrecordable_pressure_goes_on_as_a_low_one() -> None:
    runs = follow((), danger({}, pressure_unrecordable=True), root="a", at=at(1))
    runs = follow(runs, danger(SHOCK), root="b", at=at(1.2))
    assert [(run.field, run.root, run.text) for run in runs] == [("sbp", "a", "50")]


def test_the_next_set_is_due_in_minutes() -> None:
    runs = follow((), danger(SHOCK), root="a", at=at(1))
    assert look_again_at(runs) == at(1.25)  # 15 min, a labelled convention
    assert look_again_at(()) is None


def test_the_newest_set_in_danger_says_when_the_next_is_due() -> None:
    """The pressure was not measured again: the clock runs from the saturation that was."""
    runs = follow(follow((), danger(SHOCK), root="a", at=at(1)), danger(LOW_O2), root="b", at=at(2))
    assert look_again_at(runs) == at(2.25)


def test_what_began_at_one_set_is_one_call_as_urgent_as_grade_3() -> None:
    runs = follow((), danger(SHOCK | LOW_O2), root="a", at=at(1))
    runs = follow(runs, danger({"heart_rate": Decimal(0)}), root="b", at=at(1.2))

    one, other = danger_conditions(runs)

    assert (one.anchor, one.urgency, one.observed_at, one.holds(at(1))) == ("a", 3, at(1), True)
    assert one.values == {"since": at(1).isoformat(), "newest": at(1).isoformat(), "sbp": "50", "spo2": "75"}
    assert (other.anchor, other.values) == (
        "b",
        {"since": at(1.2).isoformat(), "newest": at(1.2).isoformat(), "heart_rate": "0"},
    )
    assert danger_conditions(()) == ()


def in_danger(h: float, values: dict[str, Decimal]) -> Observation:
    return replace(look(h), danger=danger(values))


@pytest.mark.parametrize(
    ("why", "events", "expected"),
    [
        ("it goes on in the course", [in_danger(1, LOW_O2), look(2)], ["set-1"]),
        ("a new dose begins anew", [in_danger(1, LOW_O2), dose(2)], []),
        ("and is told anew", [in_danger(1, LOW_O2), dose(2), in_danger(3, LOW_O2)], ["set-3"]),
        ("over with death", [in_danger(1, LOW_O2), Died(at=at(2), root="d", cause="other")], []),
    ],
)
def test_the_course_keeps_what_is_in_danger(why: str, events: list[Event], expected: list[str]) -> None:
    assert [run.root for run in course(*events).state.danger] == expected


def test_two_sets_of_one_instant_are_ordered_by_their_danger_too() -> None:
    one, other = in_danger(1, LOW_O2), replace(look(1), id="b", root="b")
    assert in_order([one, other]) == in_order([other, one])

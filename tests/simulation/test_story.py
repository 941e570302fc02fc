"""The stories, without a database: bounds, rates of 0 and 100, and what a missed set hides."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grading.simulation.assumed import MINUTES_PER_DAY, Assumed
from grading.simulation.rates import EVERY_OTHER, rates_for
from grading.simulation.report import compare, seen_of
from grading.simulation.shown import shown
from grading.simulation.story import tell
from grading.simulation.vitals import Vitals
from regimens.library import names, plan_named, read
from tests.sizes import sized

HOUR = 60
WELL = Vitals(at=0, temperature_c=Decimal("36.8"), sbp=120, dbp=70, heart_rate=72, respiratory_rate=15, spo2=97)


def at(h: float, **changes) -> Vitals:
    return replace(WELL, at=int(h * HOUR), **changes)


def story(name="teclistamab", *, percent=None, seed=1, participant=1, variant="", **changes):
    plan, assumed = plan_named(name), Assumed(**changes)
    wanted = {} if percent is None else {step.label: Decimal(percent) for step in plan.steps}
    reached = rates_for(plan, read(name).data, given={EVERY_OTHER: Decimal(20)}, repeats=assumed.repeats)
    rates = {label: replace(rate, percent=wanted.get(label, rate.percent)) for label, rate in reached.items()}
    return tell(plan, variant=variant, rates=rates, assumed=assumed, seed=seed, participant=participant)


@settings(max_examples=sized(60, sample=15), deadline=None)
@given(
    name=st.sampled_from(names()), seed=st.integers(0, 10**6), missing=st.integers(0, 100), percent=st.integers(0, 100)
)
# An event of which the sets found only low pressure or oxygen, while the one before was not known to be over.
@example(name="odronextamab_FL", seed=82, missing=74, percent=97)
@example(name="odronextamab_FL", seed=13548, missing=71, percent=90)
def test_shown_is_never_more_than_happened_and_events_lie_inside_their_period(name, seed, missing, percent):
    tale = story(name, percent=percent, seed=seed, missing_percent=Decimal(missing))
    doses, visible = tale.engager, seen_of(tale)

    for place, dose in enumerate(doses):
        following = doses[place + 1].at if place + 1 < len(doses) else None
        if dose.event is None:
            assert place not in visible.grades
            continue
        assert dose.at < dose.event.onset < dose.event.end <= dose.watched_until
        assert following is None or dose.event.end < following
        together = [dose, *(doses[k] for k in visible.joined)]  # where no free day was seen, it looks like one event
        assert visible.grades.get(place, 0) <= max(one.event.peak for one in together if one.event)
        if missing == 0:
            assert visible.grades[place] == dose.event.peak
    for before, after in zip(tale.doses, tale.doses[1:], strict=False):
        assert (after.at - before.at) % MINUTES_PER_DAY == 0 < after.at - before.at


@pytest.mark.parametrize(("percent", "events"), [(0, 0), (100, None)])
def test_a_rate_of_0_and_of_100(percent, events):
    tale = story(percent=percent, stop_from_grade=5)

    assert sum(dose.event is not None for dose in tale.doses) == (len(tale.doses) if events is None else events)


def test_the_same_seed_tells_the_same_story_and_another_another():
    assert story(seed=3) == story(seed=3)
    assert story(seed=3) != story(seed=4)
    assert story(participant=1) != story(participant=2)


def test_a_story_ends_where_no_source_says_when_the_next_dose_is():
    """Odronextamab in DLBCL: the length of a cycle, and so the day of C2 D1, was not found."""
    labels = [dose.step.label for dose in story("odronextamab_DLBCL", percent=0, delayed_percent=Decimal(0)).doses]

    assert labels == ["C1D1", "C1D2", "C1D8", "C1D9", "C1D15", "C1D16"]


def test_a_delay_is_answered_by_the_restart_table():
    """Teclistamab: more than 7 days after step-up 1 restarts there (TEC_DELAY)."""
    tale = story(percent=0, delayed_percent=Decimal(100), delay_d=(5, 5))

    assert [dose.step.label for dose in tale.doses[:3]] == ["step-up 1", "step-up 1", "step-up 1"]
    assert [dose.restarted for dose in tale.doses[:2]] == [False, True]


def test_a_delay_of_which_no_row_speaks_is_counted():
    tale = story("elranatamab", percent=0, delayed_percent=Decimal(100), delay_d=(9, 9))

    assert all(dose.undecided for dose in tale.doses[1:])


def test_a_dose_for_the_weight_takes_the_simulated_weight():
    first = story().doses[0]

    assert (first.amount, first.unit) == (Decimal("0.06") * first.weight_kg, "mg")


# --- What the sets could show ---------------------------------------------------------------------------------


def test_an_event_is_hidden_where_the_only_febrile_set_is_missed():
    whole = [at(4), at(8, temperature_c=Decimal("38.4")), at(12)]

    assert shown(whole, [0]).grades == {0: 1}
    assert shown([whole[0], whole[2]], [0]).grades == {}


def test_a_hidden_event_is_counted_in_the_report():
    tale = story(percent=100, missing_percent=Decimal(0), stop_from_grade=1)
    afebrile = tuple(one for one in tale.sets if one.temperature_c < 38)
    compared = compare({"S-001": replace(tale, sets=afebrile)}, {})

    assert (compared.happened.total(), compared.hidden, compared.unseen, compared.differ) == (1, 1, 1, ())


@pytest.mark.parametrize(
    ("changes", "grade"),
    [
        ({"temperature_c": Decimal("38.0")}, 1),
        ({"temperature_c": Decimal("37.9")}, None),
        ({"temperature_c": Decimal("38.0"), "fluid_bolus": True}, 2),
        ({"temperature_c": Decimal("38.0"), "oxygen_device": "nasal_cannula"}, 2),
        ({"temperature_c": Decimal("38.0"), "vasopressors": ("norepinephrine",)}, 3),
        ({"temperature_c": Decimal("38.0"), "oxygen_device": "high_flow_nasal_cannula"}, 3),
        ({"temperature_c": Decimal("38.0"), "vasopressors": ("norepinephrine", "epinephrine")}, 4),
        ({"temperature_c": Decimal("38.0"), "oxygen_device": "bipap"}, 4),
        ({"hypotension": True}, None),
    ],
)
def test_the_worst_that_one_set_shows(changes, grade):
    assert shown([at(5, **changes)], [0]).grades == ({} if grade is None else {0: grade})


def test_oxygen_without_a_fever_goes_on_with_the_event_and_makes_it_worse():
    fever, oxygen = {"temperature_c": Decimal("38.4")}, {"oxygen_device": "nasal_cannula"}

    assert shown([at(4, **fever), at(8, **oxygen)], [0]).grades == {0: 2}


def test_oxygen_without_a_fever_begins_the_free_day_anew():
    """Well at 8 h and 34 h, on oxygen between: no day was seen free before the fever at 52 h."""
    fever, oxygen = {"temperature_c": Decimal("38.4")}, {"oxygen_device": "nasal_cannula"}
    visible = shown([at(4, **fever), at(8), at(30, **oxygen), at(34), at(52, **fever)], [0, 48 * HOUR])

    assert (visible.grades, visible.joined) == ({0: 2}, {1})


@pytest.mark.parametrize(
    "sign", [{"temperature_c": Decimal("38.4")}, {"hypotension": True}, {"oxygen_device": "nasal_cannula"}]
)
def test_any_sign_after_a_dose_looks_like_the_event_that_is_not_over(sign):
    """The falling third of a grade 3 has no fever: its oxygen counts for the event of the dose before."""
    visible = shown([at(44, temperature_c=Decimal("38.4")), at(52), at(60, **sign)], [0, 48 * HOUR])

    assert visible.joined == {1}


@pytest.mark.parametrize(("free_for", "grades", "joined"), [(24, {0: 1, 1: 1}, set()), (23.9, {0: 1}, {1})])
def test_a_fever_before_a_day_was_seen_free_is_the_same_event(free_for, grades, joined):
    fever = {"temperature_c": Decimal("39.0")}
    visible = shown([at(4, **fever), at(8), at(8 + free_for), at(52, **fever)], [0, 48 * HOUR])

    assert (visible.grades, visible.joined) == (grades, joined)

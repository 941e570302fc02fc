"""Two policies over courses that are over: what each would have told, to whom, and which alerts differ."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.alerting.burden import Watched
from grading.rules.alerting.policy.replay import RecordedCourse, Rules, compare, read_rules, replayed_alerts
from grading.rules.alerting.policy.replayed import ReplayFacts, replayed
from grading.rules.course.events import Parameters
from grading.rules.course.now import DrugGiven, NeuroSet
from grading.rules.grades.icans_inputs import Seizure
from tests.rules.course.courses import FEVER, LOW, SHOCK, ZERO, at, dose, hours, look, mind

ZONE = ZoneInfo("UTC")
EARLY = {"code": "new_grade", "kind": "crs", "from_grade": 1, "source": "x"}
SIMPLE = [EARLY, {"code": "tocilizumab", "kind": "crs", "from_grade": 2, "source": "x"}]
FEVER_24 = {"code": "fever_persisting", "hours": 24, "source": "x"}
SEIZURE = {"code": "seizure_or_posturing", "source": "x"}
ICE_1 = {"code": "ice_drop", "points": 1, "source": "x"}
LIMITS = {
    name: {"value": value, "source": "x"}
    for name, value in (
        ("mg_per_kg", 8), ("cap_mg", 800), ("low_weight_below_kg", None), ("low_weight_mg_per_kg", None),
        ("per_24_h", 3), ("in_all", 4), ("prophylaxis_counts", True), ("interval_h", 8),
    )
}  # fmt: skip


def policy(*listed, drugs=None) -> Rules:
    return read_rules({"thresholds": list(listed) or SIMPLE, "drugs": drugs})


def made(*events, number="001", watched=True, **record) -> RecordedCourse:
    rises, moments = replayed(ReplayFacts(events=events, **record), Parameters())
    span = Watched(start=at(0), end=at(48)) if watched else None
    return RecordedCourse(
        participant=number, ward="TPE", zone=ZONE, watched=span, rises=rises, moments=moments, sets=len(events)
    )


def replay(course: RecordedCourse, rules: Rules, until: float = 240) -> list[tuple[float | None, int, tuple[str, ...]]]:
    return [(hours(one.at), one.grade, one.codes) for one in replayed_alerts(course, rules, until=at(until))]


def compared(courses, before: Rules, after: Rules):
    return compare(courses, before, after, until=at(48))


# --- What a policy would have told ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([look(1)], []),
        ([look(1), look(12, **FEVER)], [(12, 1, ("new_grade",))]),
        ([look(12, **FEVER, **LOW)], [(12, 2, ("new_grade", "tocilizumab"))]),
        # the higher grade is told again, the same is not
        (
            [look(12, **FEVER), look(16, **FEVER), look(20, **FEVER, **LOW)],
            [(12, 1, ("new_grade",)), (20, 2, ("new_grade", "tocilizumab"))],
        ),
        # nor grade 1 again within 12 h of one open episode
        ([look(12, **FEVER), look(13), look(14, **FEVER)], [(12, 1, ("new_grade",))]),
        # a provisional episode is told in every study
        ([look(12, **LOW)], [(12, -1, ("unexplained_hypotension_or_hypoxia",))]),
    ],
)
def test_rises_are_told_as_the_policy_asks(events, expected):
    assert replay(made(*events), policy()) == expected


FEVERISH = [look(h, **FEVER) for h in (10, 16, 22, 28, 34, 40)]


@pytest.mark.parametrize(
    ("events", "number", "expected"),
    [
        (FEVERISH, 24, [34]),  # 24 h after the first of them
        (FEVERISH, 25, [35]),  # between two sets
        (FEVERISH, 30, [40]),
        (FEVERISH[:2], 24, [34]),  # within a day of the newest set
        (FEVERISH[:1], 24, []),  # a day after it nobody is told any more
        (FEVERISH, None, []),  # a number that is not known
        ([*FEVERISH[:3], look(28), *FEVERISH[4:]], 24, [58]),  # counted from the first set after the last free one
        ([*FEVERISH[:3], look(28, **FEVER, **LOW), *FEVERISH[4:]], 24, [34]),
        ([*FEVERISH[:4], look(33, **FEVER, **SHOCK)], 24, []),  # not grade 1 any more
    ],
)
def test_a_fever_that_persists_is_told_when_its_time_comes(events, number, expected):
    alerts = replay(made(*events), policy(EARLY, FEVER_24 | {"hours": number}))

    assert [when for when, _grade, codes in alerts if "fever_persisting" in codes] == expected


def neuro(h, *alarming, ice=10) -> NeuroSet:
    return NeuroSet(at=at(h), root=f"mind-{h}", alarming=alarming, looked=True, ice=ice)


def examinations(*sets: NeuroSet, **record):
    neuro_sets = {one.root: one for one in sets}
    events = [dose(0), *(mind(int(hours(one.at))) for one in sets)]
    return made(*events, neuro=neuro_sets, **record)


@pytest.mark.parametrize(
    ("points", "baselines", "expected"),
    [
        (1, [(-1, 10)], [8]),
        (2, [(-1, 10)], [16]),
        (3, [(-1, 10)], []),
        (1, [], []),  # no baseline of their own
        (1, [(-1, 9)], [16]),
        (1, [(-1, 9), (12, 10)], [16]),  # the newest counts from when it was recorded
    ],
)
def test_an_ice_below_the_own_baseline_is_told_once_a_run(points, baselines, expected):
    course = examinations(neuro(4), neuro(8, ice=9), neuro(16, ice=8), baselines=[(at(h), ice) for h, ice in baselines])

    assert [when for when, _grade, _codes in replay(course, policy(ICE_1 | {"points": points}))] == expected


def test_without_one_that_was_recorded_the_last_ice_before_the_first_dose_is_the_baseline():
    sets = [neuro(-2, ice=10), neuro(4, ice=9)]
    events = [mind(-2), dose(0), mind(4)]
    course = made(*events, neuro={one.root: one for one in sets})

    assert replay(course, policy(ICE_1)) == [(4, -1, ("ice_drop",))]


def test_a_seizure_at_the_set_of_a_rise_is_one_card():
    sets = neuro(8, "generalised")
    course = made(dose(0), mind(8, seizure=Seizure.BRIEF_RESOLVED), neuro={sets.root: sets})
    icans = EARLY | {"kind": "icans"}

    assert replay(course, policy(icans, SEIZURE)) == [(8, 3, ("new_grade", "seizure_or_posturing"))]
    # without a threshold at this grade it is an alert of its own, at the grade that stands
    assert replay(course, policy(EARLY, SEIZURE)) == [(8, 3, ("seizure_or_posturing",))]


def test_the_next_tocilizumab_is_told_when_its_interval_is_over():
    given = DrugGiven(at=at(12.5), root="toci", is_tocilizumab=True, is_steroid=False, indication="crs")
    events = [look(h, **FEVER, **LOW) for h in (12, 16, 24)]
    eligible = {"code": "tocilizumab_eligible", "source": "x"}
    drugs = {"tocilizumab": LIMITS}

    alerts = replay(made(*events, drugs=[given]), policy(EARLY, eligible, drugs=drugs))

    # the record knows of the drug from the next fact on; eight hours after 12:30
    assert [when for when, _grade, codes in alerts if "tocilizumab_eligible" in codes] == [20.5]


def test_after_the_end_of_observation_nothing_is_told():
    assert replay(made(*FEVERISH[:2], ended_at=at(20)), policy(EARLY, FEVER_24)) == [(10, 1, ("new_grade",))]


def test_nothing_is_told_beyond_where_a_course_is_cut():
    assert replay(made(*FEVERISH[:2]), policy(EARLY, FEVER_24), until=33) == [(10, 1, ("new_grade",))]
    assert len(replay(made(*FEVERISH[:2]), policy(EARLY, FEVER_24), until=34)) == 2


def test_looks_that_did_not_come_are_not_replayed_and_it_says_so():
    overdue = {"code": "observation_overdue", "minutes": 30, "source": "x"}

    assert policy(EARLY, overdue).not_replayed == ("observation_overdue",)
    assert policy(EARLY, overdue | {"minutes": None}).not_replayed == ()
    assert policy(EARLY, FEVER_24).not_replayed == ()


# --- Two policies ------------------------------------------------------------------------------------------------


def test_what_is_gained_and_lost_and_asked_otherwise():
    course = made(look(12, **FEVER), look(20, **FEVER, **LOW))
    other = policy(EARLY | {"from_grade": 2}, {"code": "corticosteroid", "kind": "crs", "from_grade": 2, "source": "x"})

    comparison = compared([course], policy(), other)

    assert [(hours(one.at), one.grade) for one in comparison.lost] == [(12, 1)]
    assert comparison.gained == ()
    [(was, now)] = comparison.otherwise
    assert (was.codes, now.codes) == (("new_grade", "tocilizumab"), ("new_grade", "corticosteroid"))
    assert [(hours(one.at), one.grade) for one in compared([course], other, policy()).gained] == [(12, 1)]


def test_the_same_alert_at_another_time_is_neither_gained_nor_lost():
    comparison = compared([made(*FEVERISH)], policy(EARLY, FEVER_24), policy(EARLY, FEVER_24 | {"hours": 12}))

    assert (comparison.gained, comparison.lost) == ((), ())
    assert [(hours(was.at), hours(now.at)) for was, now in comparison.otherwise] == [(34, 22)]


def test_alerts_and_pages_are_counted_over_the_shifts_with_anybody_watched():
    # 0 h to 48 h from midnight: night, day, evening, night, day, evening, night
    courses = [made(look(2, **FEVER)), made(look(3, **FEVER, **LOW), number="002")]

    comparison = compared(courses, policy(), Rules())

    assert (comparison.courses, comparison.sets, comparison.before.burden.shifts) == (2, 2, 7)
    assert (comparison.before.burden.alerts, comparison.before.burden.by_night, comparison.before.pages) == (2, 2, 3)
    assert comparison.before.burden.per_shift == Decimal(2) / 7
    assert comparison.before.pages_per_shift == Decimal(3) / 7
    assert (comparison.after.burden.alerts, comparison.after.pages) == (0, 0)
    assert comparison.after.burden.shifts == 7


def test_without_a_shift_there_is_no_rate():
    comparison = compared([made(look(2, **FEVER), watched=False)], policy(), policy())

    assert (comparison.before.burden.alerts, comparison.before.burden.per_shift, comparison.before.pages_per_shift) == (
        1,
        None,
        None,
    )
    assert compared([], policy(), policy()).before.burden.per_shift is None


def test_wards_count_their_shifts_each():
    elsewhere = made(look(2), number="002")
    two = [made(look(2)), replace(elsewhere, ward="PAR")]

    assert compared(two, policy(), policy()).before.burden.shifts == 14


SETS = st.lists(st.sampled_from([{}, FEVER, LOW, FEVER | LOW, FEVER | SHOCK]), min_size=1, max_size=12)


@given(SETS, st.integers(1, 4), st.integers(1, 4), st.integers(1, 60), st.integers(1, 60))
def test_a_lower_number_never_tells_less_and_two_policies_mirror_each_other(sets, grade, other, fever, later):
    course = made(*(look(4.0 * place, **changes) for place, changes in enumerate(sets)))
    (low, high), (early, late) = sorted((grade, other)), sorted((fever, later))
    more = policy(EARLY | {"from_grade": low}, FEVER_24 | {"hours": early})
    less = policy(EARLY | {"from_grade": high}, FEVER_24 | {"hours": late})
    until = ZERO + timedelta(days=20)

    forth, back = (compare([course], *pair, until=until) for pair in ((less, more), (more, less)))

    assert forth.lost == ()
    assert forth.gained == back.lost
    assert forth.after.burden.alerts == forth.before.burden.alerts + len(forth.gained)
    same = compare([course], more, more, until=until)
    assert (same.gained, same.lost, same.otherwise) == ((), (), ())

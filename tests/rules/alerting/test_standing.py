"""While an episode goes on somebody is called for it, and once it is over its alerts wait for nobody."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.alerting.lifecycle import WAITING, AlertState
from grading.rules.alerting.standing import EpisodeOver, Escalate, StandingCourse, ended, escalations
from grading.rules.alerting.wanted import EpisodeRun
from grading.rules.grades.graded import DEATH
from tests.rules.alerting.alert_lists import BEFORE_DOSING, S, hour, kept, rise

hours = st.integers(1, 6)
alerts = st.builds(
    lambda one, state, pages: replace(kept(one, state), is_called=pages > 0),
    st.builds(rise, hours, st.sampled_from([-1, 1, 2, 3, DEATH]), kind=st.sampled_from(["crs", "icans"]),
              thresholds=st.sampled_from([("new_grade",), BEFORE_DOSING])),
    st.sampled_from(AlertState), st.integers(0, 2),
)  # fmt: skip
lists = st.lists(alerts, max_size=6, unique_by=lambda alert: alert.key)
courses = st.builds(
    lambda grades, since: StandingCourse(grades=grades, provisional_since=since),
    st.dictionaries(st.sampled_from(["crs", "icans"]), st.integers(0, 4)),
    st.none() | hours.map(hour),
)
runs = st.builds(
    lambda kind, provisional, start, length: EpisodeRun(
        kind=kind, is_provisional=provisional, started_at=hour(start),
        ended_at=None if length is None else hour(start + length),
    ),
    st.sampled_from(["crs", "icans"]), st.booleans(), hours, st.none() | st.integers(0, 4),
)  # fmt: skip


def is_called_for(alert):
    return alert.is_called or alert.state not in WAITING


def concerned(on_file, course):
    """By what stands, the alerts of rises to its grade or above."""
    rises = [one for one in on_file if one.stands]
    groups = [[one for one in rises if one.kind == kind and one.grade >= grade]
              for kind, grade in course.grades.items() if grade > 0]  # fmt: skip
    since = course.provisional_since
    if since is not None:
        groups.append([one for one in rises if one.grade < 0 and one.content.observed_at >= since])
    return [group for group in groups if group]


def after(on_file, decisions):
    paged = {one.alert.id for one in decisions if isinstance(one, Escalate)}
    over = {one.alert.id for one in decisions if isinstance(one, EpisodeOver)}
    return [
        replace(one, is_called=one.is_called or one.id in paged, state=S.RESOLVED if one.id in over else one.state)
        for one in on_file
    ]


@given(lists, courses)
def test_nothing_that_stands_is_called_for_by_nobody_and_nobody_is_called_twice(on_file, course):
    decisions = escalations(on_file, course)

    assert all(any(map(is_called_for, group)) for group in concerned(after(on_file, decisions), course))
    assert all(not is_called_for(one.alert) for one in decisions)
    assert escalations(after(on_file, decisions), course) == ()
    assert escalations(reversed(on_file), course) == decisions


@given(lists, st.lists(runs, max_size=3), st.booleans())
def test_what_is_over_stands_no_more_and_nothing_else_ends(on_file, episodes, fever_is_over):
    decisions = ended(on_file, episodes, fever_is_over=fever_is_over)

    for alert in on_file:
        inside = [one for one in episodes if one.ended_at is not None
                  and one.started_at <= alert.content.observed_at <= one.ended_at
                  and (one.kind, one.is_provisional) == (alert.kind, alert.grade < 0)]  # fmt: skip
        is_over = fever_is_over if alert.is_before_dosing else bool(inside)
        assert (EpisodeOver(alert=alert) in decisions) is (is_over and alert.stands and alert.grade != DEATH)
    assert ended(after(on_file, decisions), episodes, fever_is_over=fever_is_over) == ()


def test_the_newest_of_the_grade_that_is_left_is_called_for():
    first, second = kept(rise(1, 2), S.OPEN), kept(rise(3, 2), S.OPEN)

    assert escalations([second, first], StandingCourse(grades={"crs": 2})) == (Escalate(alert=second),)


@pytest.mark.parametrize("changes", [{"is_called": True}, {"state": S.ACKNOWLEDGED}, {"grade": 1}])
def test_one_that_was_paged_or_answered_or_is_of_a_lower_grade_calls_for_nobody(changes):
    alert = replace(kept(rise(1, 2), S.OPEN), **changes)

    assert escalations([alert], StandingCourse(grades={"crs": 2})) == ()


def test_a_provisional_alert_of_before_the_episode_that_runs_is_of_another():
    alert = kept(rise(1, -1), S.OPEN)

    assert escalations([alert], StandingCourse(provisional_since=hour(2))) == ()
    assert escalations([alert], StandingCourse(provisional_since=hour(1))) == (Escalate(alert=alert),)


@pytest.mark.parametrize("at", [1, 4])
def test_the_first_and_the_last_set_of_an_episode_are_its_own(at):
    episode = EpisodeRun(kind="crs", is_provisional=False, started_at=hour(1), ended_at=hour(4))
    alert = kept(rise(at, 2), S.OPEN)

    assert ended([alert], [episode], fever_is_over=False) == (EpisodeOver(alert=alert),)
    assert ended([replace(alert, grade=DEATH)], [episode], fever_is_over=False) == ()

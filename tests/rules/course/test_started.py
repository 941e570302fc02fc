"""A vasopressor or positive pressure started for CRS is told as what it means (Rulings 2, CF2), row by row."""

from typing import Any

import pytest

from grading.rules.course.events import Attributed, Died, Event, Parameters, RunBegan, RunEnded
from grading.rules.course.timeline import derive
from grading.rules.treatment.masking_hours import Masking
from grading.rules.treatment.support import support_of
from tests.rules.course.courses import FEVER, LOW, SHOCK, at, course, dose, drug, hours, look

CLASSES = {"norepinephrine": "vasopressor", "epinephrine": "vasopressor", "dobutamine": "vasopressor",
           "vasopressin": "vasopressor", "midodrine": "vasopressor"}  # fmt: skip
MISSING = "temperature_missing_with_hypotension_or_hypoxia"


def begun(h: float, name: str, *, root: str = "", indication: str = "crs", **more: Any) -> RunBegan:
    support = support_of(name, CLASSES.get(name, "oxygen"), indication=indication)
    assert support is not None
    return RunBegan(at=at(h), root=root or name, support=support, indication=indication, **more)


def episode_bounds(*events: Event) -> list[tuple[float | None, int, int | None]]:
    """Hour, grade (-1: provisional) and what it would be, of each rise that is told."""
    return [(hours(r.at), r.grade, r.if_crs) for r in course(*events).rises if not r.quiet]


@pytest.mark.parametrize(
    ("why", "events", "expected"),
    [
        ("CF2 one vasopressor after a fever", [look(1, **FEVER), begun(2, "norepinephrine")],
         [(1, 1, None), (2, 3, None)]),
        ("two agents", [look(1, **FEVER), begun(2, "norepinephrine"), begun(3, "epinephrine")],
         [(1, 1, None), (2, 3, None), (3, 4, None)]),
        ("vasopressin beside one is one", [look(1, **FEVER), begun(2, "norepinephrine"), begun(3, "vasopressin")],
         [(1, 1, None), (2, 3, None)]),
        ("an inotrope is 2 at least", [look(1, **FEVER), begun(2, "dobutamine")], [(1, 1, None), (2, 2, None)]),
        ("CPAP", [look(1, **FEVER), begun(2, "CPAP")], [(1, 1, None), (2, 4, None)]),
        ("BiPAP", [look(1, **FEVER), begun(2, "BiPAP")], [(1, 1, None), (2, 4, None)]),
        ("a ventilator", [look(1, **FEVER), begun(2, "ventilator")], [(1, 1, None), (2, 4, None)]),
        ("oxygen at less than positive pressure waits for its set", [look(1, **FEVER), begun(2, "face mask")],
         [(1, 1, None)]),
        ("for something else", [look(1, **FEVER), begun(2, "norepinephrine", indication="other")], [(1, 1, None)]),
        ("the same drug continuing", [look(1, **FEVER), begun(2, "norepinephrine"),
                                      begun(3, "norepinephrine", root="again")], [(1, 1, None), (2, 3, None)]),
        ("a set that shows the same", [look(1, **FEVER), begun(2, "norepinephrine"), look(3, **FEVER, **SHOCK)],
         [(1, 1, None), (2, 3, None)]),
        ("a set that does not say", [look(1, **FEVER), begun(2, "norepinephrine"), look(3, vasopressors=None)],
         [(1, 1, None), (2, 3, None)]),
        ("the set came first", [look(1, **FEVER, **SHOCK), begun(2, "norepinephrine")], [(1, 3, None)]),
        ("after it was stopped and the grade has fallen, anew",
         [look(1, **FEVER), begun(2, "norepinephrine"), RunEnded(at=at(3), root="norepinephrine"), look(4, **FEVER),
          begun(5, "norepinephrine", root="again")], [(1, 1, None), (2, 3, None), (5, 3, None)]),
        ("no fever is known: provisional", [look(1), begun(2, "norepinephrine")], [(2, -1, 3)]),
        ("each rise of it", [begun(2, "norepinephrine"), begun(3, "epinephrine")], [(2, -1, 3), (3, -1, 4)]),
        ("in a provisional episode that is open", [look(1, **LOW), begun(2, "norepinephrine")],
         [(1, -1, 2), (2, -1, 3)]),
        ("the other axis joins", [begun(2, "epinephrine"), begun(3, "CPAP")], [(2, -1, 3), (3, -1, 4)]),
        ("taken at home already", [look(1, **FEVER), begun(2, "midodrine", at_baseline=("midodrine",))],
         [(1, 1, None)]),
        ("beside what is taken at home",
         [look(1, **FEVER), begun(2, "midodrine", indication="other"),
          begun(3, "norepinephrine", at_baseline=("midodrine",))], [(1, 1, None), (3, 3, None)]),
        ("after death", [look(1, **FEVER), Died(at=at(2), root="d", cause="other"), begun(3, "norepinephrine")],
         [(1, 1, None)]),
        ("another cause is held responsible for the pressure, and yet it is given for CRS",
         [Attributed(at=at(0), until=None, sign="hypotension"), begun(2, "norepinephrine")], [(2, -1, 3)]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_it_is_told(why, events, expected):
    assert episode_bounds(*events) == expected


def test_it_raises_its_episode_and_prolongs_it():
    the_course = course(look(1, **FEVER), look(2), begun(20, "norepinephrine"), look(27, vasopressors=None))

    [episode] = the_course.episodes
    assert (episode.max_grade, hours(episode.max_at), episode.ended_at, episode.free_since) == (3, 20, None, None)


def test_it_never_lowers():
    two = {"vasopressors": ("norepinephrine", "epinephrine")}
    the_course = course(look(1, **FEVER, **two), begun(2, "norepinephrine"))

    assert the_course.state.standing_grade("crs") == 4
    assert the_course.episodes[0].max_grade == 4


@pytest.mark.parametrize(
    ("before", "flag"), [([], MISSING), ([drug(1, Masking.CORTICOSTEROID, treats=False)], "possible_masked_fever")]
)
def test_without_a_fever_it_opens_a_provisional_episode(before, flag):
    [episode] = course(dose(0), *before, begun(2, "norepinephrine")).episodes

    assert (episode.provisional, hours(episode.started_at), episode.max_grade, episode.at_most) == (flag, 2, 0, 3)
    assert (episode.root, episode.dose_root) == ("norepinephrine", "dose-0")


def test_a_fever_that_is_measured_then_makes_it_crs():
    the_course = course(begun(2, "norepinephrine"), look(3, **FEVER, **SHOCK))

    assert [(e.provisional, e.max_grade, hours(e.ended_at)) for e in the_course.episodes] == [
        (MISSING, 0, 3),
        ("", 3, None),
    ]
    assert episode_bounds(begun(2, "norepinephrine"), look(3, **FEVER, **SHOCK)) == [(2, -1, 3), (3, 3, None)]


def test_before_the_first_dose_it_is_no_crs():
    the_course = derive([look(1, **FEVER), begun(2, "norepinephrine"), dose(5)], Parameters(awaits_dose=True))

    assert [bool(e.provisional) for e in the_course.episodes] == [True]


def test_it_says_what_runs():
    rise = course(look(1, **FEVER), begun(2, "norepinephrine"), begun(3, "ventilator")).rises[-1]

    assert [(why.code, dict(why.values)) for why in rise.graded.reasons] == [
        ("vasopressors_running", {"agents": "norepinephrine"}),
        ("oxygen_running", {"device": "mechanical_ventilation"}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "events", "axis", "reached_at"),
    [
        ("one vasopressor", [begun(2, "norepinephrine")], 3, 2),
        ("a second", [begun(2, "norepinephrine"), begun(3, "epinephrine")], 4, 3),
        ("in one that a set opened", [look(1, **LOW), begun(2, "CPAP")], 4, 2),
        ("a set that shows the same", [begun(2, "norepinephrine"), look(3, temperature_c=None, **SHOCK)], 3, 2),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_provisional_episode_keeps_the_axis_grade_of_what_was_started(why, events, axis, reached_at):
    [episode] = course(*events).episodes
    assert (episode.axis_grade, hours(episode.max_at)) == (axis, reached_at)

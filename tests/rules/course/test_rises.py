"""When somebody is told: at every rise, once."""

from decimal import Decimal

import pytest

from grading.rules.course.events import CRS, ICANS, Attributed, Died, Event
from tests.rules.course.courses import FEVER, LOW, SHOCK, at, course, dose, drug, hours, look, mind

RISES = [
    ("every rise is told", [look(1, **FEVER), look(2, **FEVER, **LOW), look(3, **FEVER, **SHOCK)], [1, 2, 3]),
    ("repeats of the same are not", [look(1, **FEVER), look(2, **FEVER)], [1]),
    ("told again after it has fallen", [look(1, **FEVER), look(2), look(3, **FEVER)], [1, 1]),
    ("a floor may raise", [look(1, **FEVER, sbp=None, hypotension=None)], [1]),
    ("a floor never lowers, so its repeat is not told",
     [look(1, **FEVER, **SHOCK), look(2, temperature_c=None, spo2=None, oxygen_device=None), look(3, **FEVER, **SHOCK)],
     [3]),
    ("a fever says nothing of ICANS: each stands apart", [look(1, **FEVER), mind(2, points=9)], [1, 1]),
]  # fmt: skip


@pytest.mark.parametrize(("events", "expected"), [row[1:] for row in RISES], ids=[row[0] for row in RISES])
def test_rises(events, expected):
    assert [rise.grade for rise in course(*events).rises] == expected


UNEXPLAINED, MASKED = "unexplained_hypotension_or_hypoxia", "possible_masked_fever"
HYPOXIC = {"oxygen_device": "nasal_cannula", "oxygen_flow_l_min": 2}


def notices(*events: Event) -> list[tuple[float | None, str, int]]:
    return [(hours(r.at), r.provisional, r.grade) for r in course(*events).rises]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([look(4, **LOW)], [(4, "unexplained_hypotension_or_hypoxia", -1)]),
        ([drug(2), look(4, **LOW)], [(4, "possible_masked_fever", -1)]),
        ([look(4, **LOW), look(5, **LOW)], [(4, "unexplained_hypotension_or_hypoxia", -1)]),
        ([look(4, **LOW), look(5, **FEVER)], [(4, "unexplained_hypotension_or_hypoxia", -1), (5, "", 1)]),
        ([look(3, **FEVER), look(4, **LOW)], [(3, "", 1), (4, "", 2)]),
        ([Attributed(at=at(0), until=None, sign="hypotension"), look(4, **LOW)], []),
        (
            [look(4, **LOW), look(6), look(31), look(32, **LOW)],
            [(4, "unexplained_hypotension_or_hypoxia", -1), (32, "unexplained_hypotension_or_hypoxia", -1)],
        ),
        ([look(4)], []),
        # decisions.md, Alerts: once per axis and window
        ([look(4, **LOW), look(5, **LOW, **HYPOXIC)], [(4, UNEXPLAINED, -1), (5, UNEXPLAINED, -1)]),
        ([look(4, **HYPOXIC), look(5), look(6, **LOW)], [(4, UNEXPLAINED, -1), (6, UNEXPLAINED, -1)]),
        ([look(4, **LOW), look(5, **LOW, **HYPOXIC), look(6, **LOW), look(7, **HYPOXIC)],
         [(4, UNEXPLAINED, -1), (5, UNEXPLAINED, -1)]),
        ([drug(2), look(4, **LOW), look(5, **LOW, **HYPOXIC)], [(4, MASKED, -1), (5, MASKED, -1)]),
        ([look(4, **LOW, **HYPOXIC), look(5, **LOW), look(6, **HYPOXIC)], [(4, UNEXPLAINED, -1)]),
        # a temperature that nobody measured does not hide the other axis
        ([look(4, **LOW), look(5, **HYPOXIC, temperature_c=None)], [(4, UNEXPLAINED, -1), (5, UNEXPLAINED, -1)]),
        # a new window begins anew, for both
        ([look(4, **LOW, **HYPOXIC), look(6), look(31), look(32, **LOW), look(33, **HYPOXIC)],
         [(4, UNEXPLAINED, -1), (32, UNEXPLAINED, -1), (33, UNEXPLAINED, -1)]),
        # another cause is held responsible for it
        ([Attributed(at=at(0), until=None, sign="hypoxia"), look(4, **LOW), look(5, **LOW, **HYPOXIC)],
         [(4, UNEXPLAINED, -1)]),
    ],
)  # fmt: skip
def test_c2c_c2d_a_provisional_episode_is_told_once_for_each_axis(events, expected):
    assert notices(*events) == expected


TWO = {"vasopressors": ("norepinephrine", "epinephrine")}  # grade 4 when it is CRS
MASK = {"oxygen_device": "face_mask"}  # grade 3 when it is CRS


@pytest.mark.parametrize(
    ("why", "events", "expected"),
    [
        ("CF7 2, 3, 4", [look(4, **LOW), look(4.2, **SHOCK), look(4.4, **TWO)], [(4, 2), (4.2, 3), (4.4, 4)]),
        ("CF7 masked", [drug(2), look(4, **LOW), look(5, **SHOCK)], [(4, 2), (5, 3)]),
        ("CF7 no temperature", [look(4, **LOW, temperature_c=None), look(5, **SHOCK, temperature_c=None)],
         [(4, 2), (5, 3)]),
        ("at once at its grade", [look(4, **TWO)], [(4, 4)]),
        ("the same again is not", [look(4, **SHOCK), look(5, **SHOCK)], [(4, 3)]),
        ("nor what is less", [look(4, **SHOCK), look(5, **LOW), look(6, **SHOCK)], [(4, 3)]),
        ("the other axis is, by its own grade", [look(4, **SHOCK), look(5, **HYPOXIC)], [(4, 3), (5, 2)]),
        ("the worse of both counts", [look(4, **LOW), look(5, **LOW, **MASK)], [(4, 2), (5, 3)]),
        ("what may be is not told as what is", [look(4, **LOW), look(5, vasopressors=None, **LOW)], [(4, 2)]),
        ("a new dose begins anew", [look(4, **SHOCK), dose(5), look(6, **LOW)], [(4, 3), (6, 2)]),
        ("a new episode begins anew", [look(4, **SHOCK), look(6), look(31), look(32, **LOW)], [(4, 3), (32, 2)]),
        ("what is due to another cause is not",
         [Attributed(at=at(0), until=None, sign="hypoxia"), look(4, **LOW), look(5, **LOW, **MASK)], [(4, 2)]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_each_rise_of_the_axis_grade_of_a_provisional_episode_is_told(why, events, expected):
    assert [(hours(rise.at), rise.if_crs) for rise in course(*events).rises] == expected


def test_the_rise_of_a_grade_has_none():
    assert [rise.if_crs for rise in course(look(3, **FEVER), look(4, **FEVER, **SHOCK)).rises] == [None, None]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([look(3, **FEVER), Died(at=at(5), root="d", cause="crs")], [(3, "", 1), (5, "", 5)]),
        ([Died(at=at(5), root="d", cause="icans")], [(5, "", 5)]),
        ([Died(at=at(5), root="d", cause="other")], []),
        ([look(4, died_of_crs=True), Died(at=at(5), root="d", cause="crs")], [(4, "", 5)]),
        ([Died(at=at(5), root="d", cause="crs"), look(6, died_of_crs=True)], [(5, "", 5)]),
        ([Died(at=at(5), root="d", cause="other"), Died(at=at(6), root="e", cause="crs")], []),
        ([mind(4, died_of_icans=True), Died(at=at(5), root="d", cause="icans")], [(4, "", 5)]),
    ],
)
def test_s11_death_of_a_syndrome_is_told_once(events, expected):
    assert notices(*events) == expected


@pytest.mark.parametrize("cause", [CRS, ICANS])
def test_s11_death_is_told_with_its_cause_and_leaves_the_other_syndrome_as_it_was(cause):
    the_course = course(Died(at=at(5), root="d", cause=cause))

    assert [why.code for why in the_course.rises[0].graded.reasons] == [f"died_of_{cause}"]
    assert {kind: the_course.state.standing_grade(kind) for kind in (CRS, ICANS)} == {CRS: 0, ICANS: 0} | {cause: 5}


# --- Grade 1 within one open episode (Rulings 2, CF11) ------------------------------------------------------------

SWING = (38.1, 37.9, 38.0, 37.8, 38.2, 37.9, 38.3, 37.7)


@pytest.mark.parametrize(
    ("why", "events", "expected"),
    [
        ("CF11 a fever that swings around 38.0 every 24 min",
         [look(1 + 0.4 * n, temperature_c=Decimal(str(c))) for n, c in enumerate(SWING)], [(1, 1)]),
        ("less than 12 h after it was told", [look(1, **FEVER), look(2), look(12.9, **FEVER)], [(1, 1)]),
        ("12 h after it", [look(1, **FEVER), look(2), look(13, **FEVER)], [(1, 1), (13, 1)]),
        ("12 h count from when it was told",
         [look(1, **FEVER), look(2), look(10, **FEVER), look(11), look(13, **FEVER), look(14), look(24, **FEVER)],
         [(1, 1), (13, 1)]),
        ("a higher grade is told as before, and again", [look(1, **FEVER), look(2, **FEVER, **LOW), look(3),
                                                         look(4, **FEVER, **LOW)], [(1, 1), (2, 2), (4, 2)]),
        ("grade 1 that was not told yet in the episode", [look(1, **FEVER, **LOW), look(2), look(3, **FEVER), look(4),
                                                          look(5, **FEVER)], [(1, 2), (3, 1)]),
        ("a new episode", [look(1, **FEVER), look(2), look(4), look(6, **FEVER)], [(1, 1), (6, 1)]),
        ("a floor of 1 is grade 1 too", [look(1, **FEVER), look(2), look(3, **FEVER, vasopressors=None)], [(1, 1)]),
        ("ICANS by itself", [mind(1, points=9), mind(2), mind(3, points=9), look(4, **FEVER)], [(1, 1), (4, 1)]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_grade_1_is_told_once_in_an_open_episode_and_again_after_12_h(why, events, expected):
    resolution = 2 if why == "a new episode" else 24
    the_course = course(*events, resolution=resolution)
    assert [(hours(rise.at), rise.grade) for rise in the_course.rises if not rise.quiet] == expected

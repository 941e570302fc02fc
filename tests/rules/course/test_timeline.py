"""The course, one row per sentence of the episode rules. Expected values come from the rules' text."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from grading.rules.course import timeline
from grading.rules.course.episodes import CourseEpisode, key_of
from grading.rules.course.events import Attributed, Died, Parameters, in_order
from grading.rules.course.state import State, read_state, write_state
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.danger import Run
from grading.rules.grades.icans_inputs import Consciousness, Motor, Oedema, Seizure
from grading.rules.treatment.masking_hours import Masking
from tests.rules.course.courses import (
    FEVER,
    LOW,
    SHOCK,
    at,
    course,
    dose,
    drug,
    episode_rows,
    grades,
    hours,
    look,
    mind,
)

EPISODES = [
    ("S1 starts at the first fever", [dose(0), look(4), look(6, **FEVER)], [(6, None, 1)]),
    ("S1 hypotension without a fever starts none", [dose(0), look(6, **LOW)], []),
    ("S3 the fever stays met inside the episode", [look(6, **FEVER), look(8, **LOW)], [(6, None, 2)]),
    ("S4 free for 24 h ends it at the first free set", [look(6, **FEVER), look(8), look(32)], [(6, 8, 1)]),
    ("S4 free for less leaves it open", [look(6, **FEVER), look(8), look(31.9)], [(6, None, 1)]),
    ("S4 a set without temperature does not count", [look(6, **FEVER), look(8), look(32, temperature_c=None)],
     [(6, None, 1)]),
    ("S4 a set without pressure does not count", [look(6, **FEVER), look(8), look(32, sbp=None, hypotension=None)],
     [(6, None, 1)]),
    ("S4 a set still on oxygen is not free",
     [look(6, **FEVER), look(8), look(32, oxygen_device=OxygenDevice.NASAL_CANNULA, oxygen_flow_l_min=Decimal(2))],
     [(6, None, 2)]),
    ("S4 a shorter gap is the same episode", [look(6, **FEVER), look(8), look(20, **FEVER)], [(6, None, 1)]),
    ("S4 free sets count only when observed", [look(6, **FEVER), look(8), look(40, **FEVER)], [(6, None, 1)]),
    ("S5 a return after 24 h free is a new episode",
     [dose(0), look(6, **FEVER), look(8), look(32), look(40, **FEVER)], [(6, 8, 1), (40, None, 1)]),
    ("S6 a dose during an open episode does not split it",
     [dose(0), look(6, **FEVER), dose(10), look(12, **FEVER), look(14), look(38)], [(6, 14, 1)]),
    ("S8 the maximum is the highest grade", [look(6, **FEVER), look(8, **FEVER, **SHOCK), look(9, **FEVER)],
     [(6, None, 3)]),
    ("S8 a set with data missing raises by its lower bound",
     [look(6, **FEVER), look(8, **FEVER, **SHOCK, oxygen_device=None, spo2=None)], [(6, None, 3)]),
    ("S8 a set with data missing never closes",
     [look(6, **FEVER), look(8), look(20, oxygen_device=None, spo2=None), look(31)], [(6, None, 1)]),
    ("S11 death from CRS closes at 5", [look(6, **FEVER), Died(at=at(9), root="d", cause="crs")], [(6, 9, 5)]),
    ("S11 another death closes at the grade reached", [look(6, **FEVER), Died(at=at(9), root="d", cause="bleeding")],
     [(6, 9, 1)]),
    ("C8 an attributed fever starts none",
     [Attributed(at=at(5), until=at(7), sign="fever"), look(6, **FEVER)], []),
    ("C8 the attribution ends", [Attributed(at=at(5), until=at(7), sign="fever"), look(8, **FEVER)], [(8, None, 1)]),
]  # fmt: skip


@pytest.mark.parametrize(("events", "expected"), [row[1:] for row in EPISODES], ids=[row[0] for row in EPISODES])
def test_episodes(events, expected):
    assert episode_rows(course(*events)) == expected


GRADES = [
    ("S2 treatment opens the waiver: hypotension alone is graded",
     [look(6, **FEVER), drug(7), look(8, **LOW)], [1, 2]),
    ("C2a afebrile and well under the waiver is 0", [look(6, **FEVER), drug(7), look(8)], [1, 0]),
    ("C2b untreated, afebrile now, earlier fever: graded by hypotension", [look(6, **FEVER), look(8, **LOW)], [1, 2]),
    ("C2c premedication may mask: cannot be told", [drug(-1, treats=False), dose(0), look(4, **LOW)], [-1]),
    ("C2c premedication and nothing abnormal is 0", [drug(-1, treats=False), dose(0), look(4)], [0]),
    ("C2d nothing that masks: 0 by definition", [dose(0), look(4, **LOW)], [0]),
    ("C2d the antipyretic has worn off", [drug(-9, treats=False), look(0, **LOW)], [0]),
    ("C8 fever attributed under the waiver does not cancel it",
     [look(6, **FEVER), drug(7), Attributed(at=at(8), until=None, sign="fever"), look(9, **FEVER, **LOW)], [1, 2]),
]  # fmt: skip


@pytest.mark.parametrize(("events", "expected"), [row[1:] for row in GRADES], ids=[row[0] for row in GRADES])
def test_grades_with_history(events, expected):
    assert grades(course(*events)) == expected


def test_s2_premedication_before_the_fever_does_not_open_the_waiver():
    the_course = course(drug(-1, treats=False), look(6, **FEVER))

    assert not the_course.episodes[0].treated


def test_s2_a_treatment_at_the_start_opens_it():
    the_course = course(look(6, **FEVER), drug(6.5), look(7))

    assert the_course.episodes[0].treated


def test_s2_a_treatment_at_the_instant_of_the_first_fever_opens_it():
    the_course = course(drug(6), look(6, **FEVER))

    assert the_course.episodes[0].treated


def test_s2_a_treatment_before_the_fever_does_not_open_it():
    the_course = course(drug(5), look(6, **FEVER))

    assert not the_course.episodes[0].treated


def test_s2_premedication_inside_the_episode_does_not_open_it():
    the_course = course(look(6, **FEVER), drug(7, treats=False))

    assert not the_course.episodes[0].treated


@pytest.mark.parametrize(
    ("given_drug", "why"),
    [(drug(7), "fever_not_required_after_treatment"), (drug(5, treats=False), "fever_earlier_in_episode")],
)
def test_s2_the_reason_is_the_treatment_however_long_ago_and_never_premedication(given_drug, why):
    the_course = course(
        given_drug, look(6, **FEVER), look(10, **FEVER), look(12 if given_drug.at < at(6) else 40, **LOW)
    )

    assert why in [one.code for one in the_course.graded[-1].graded.reasons]


def test_s2_a_drug_given_again_changes_nothing():
    the_course = course(look(6, **FEVER), drug(7), drug(8), look(9, **FEVER, **LOW))

    assert (the_course.episodes[0].treated, the_course.episodes[0].max_grade) == (True, 2)


def test_s8_the_maximum_is_dated_where_it_was_first_reached():
    the_course = course(look(6, **FEVER), look(8, **FEVER, **LOW), look(9, **FEVER, **LOW))

    assert hours(the_course.episodes[0].max_at) == 8


def test_what_could_have_been_is_kept_beside_the_maximum():
    the_course = course(look(6, **FEVER), look(8, **FEVER, oxygen_device=None), look(9, **FEVER))

    assert (the_course.episodes[0].max_grade, the_course.episodes[0].at_most) == (1, 4)


def test_a_resolution_window_is_the_studys():
    the_course = course(look(6, **FEVER), look(8), look(20), resolution=12)

    assert episode_rows(the_course) == [(6, 8, 1)]


@pytest.mark.parametrize(("until", "expected"), [(9, [(9.5, None, 1)]), (None, [])])
def test_c8_an_attribution_counts_up_to_its_end_and_no_longer(until, expected):
    other_cause = Attributed(at=at(6), until=None if until is None else at(until), sign="fever")

    assert episode_rows(course(look(6, **FEVER), look(9, **FEVER), look(9.5, **FEVER), other_cause)) == expected


@pytest.mark.parametrize(
    ("sign", "changes"),
    [("consciousness", {"consciousness": Consciousness.VOICE}), ("seizure", {"seizure": Seizure.BRIEF_RESOLVED}),
     ("motor", {"motor": Motor.DEEP_FOCAL_WEAKNESS}), ("oedema", {"oedema": Oedema.FOCAL})],
)  # fmt: skip
def test_n7_each_domain_can_have_another_cause(sign, changes):
    assert episode_rows(course(mind(8, **changes)), "icans") != []
    assert episode_rows(course(Attributed(at=at(7), until=None, sign=sign), mind(8, **changes)), "icans") == []


@pytest.mark.parametrize(
    ("sign", "changes"), [("hypotension", SHOCK), ("hypoxia", {"oxygen_device": OxygenDevice.FACE_MASK})]
)
def test_c8_each_axis_can_have_another_cause(sign, changes):
    assert grades(course(Attributed(at=at(5), until=None, sign=sign), look(6, **FEVER, **changes))) == [1]


def test_facts_are_in_order_when_they_are_not_before_the_last():
    state = course(look(6, **FEVER), dose(8)).state

    assert timeline.comes_in_order(State(), dose(-5))
    assert timeline.comes_in_order(state, look(8))
    assert not timeline.comes_in_order(state, look(7))


def test_s7_onset_counts_from_the_latest_dose():
    the_course = course(dose(0), dose(168), look(195, **FEVER))

    assert the_course.episodes[0].dose_root == "dose-168"


def test_s6_a_fever_after_resolution_belongs_to_the_new_dose():
    the_course = course(dose(0), look(6, **FEVER), look(8), look(32), dose(168), look(170, **FEVER))

    assert [e.dose_root for e in the_course.episodes] == ["dose-0", "dose-168"]


@pytest.mark.parametrize(("h", "flags"), [(14 * 24, ()), (14 * 24 + 1, ("late_onset_over_14_days",))])
def test_s10_late_onset_is_graded_and_flagged(h, flags):
    episode = course(dose(0), look(h, **FEVER)).episodes[0]

    assert (episode.max_grade, episode.flags) == (1, flags)


def test_s9_icans_is_timed_on_its_own():
    the_course = course(dose(0), look(6, **FEVER), mind(10, points=4), mind(12), look(14), mind(36), look(38))

    assert episode_rows(the_course, "icans") == [(10, 12, 2)]
    assert episode_rows(the_course, "crs") == [(6, 14, 1)]


@pytest.mark.parametrize(
    ("before", "flag"),
    [([], "unexplained_hypotension_or_hypoxia"), ([drug(-1, treats=False)], "possible_masked_fever")],
)
def test_hypotension_without_fever_is_provisional_never_a_bare_zero(before, flag):
    the_course = course(*before, dose(0), look(4, **LOW))

    assert [(e.provisional, e.ended_at) for e in the_course.episodes] == [(flag, None)]
    assert episode_rows(the_course) == []


@pytest.mark.parametrize(
    ("before", "flag"),
    [
        ([], "temperature_missing_with_hypotension_or_hypoxia"),
        ([drug(-1, treats=False)], "possible_masked_fever"),
    ],
)
def test_cf1b_hypotension_without_a_temperature_is_provisional_masked_or_not(before, flag):
    the_course = course(*before, dose(0), look(4, **LOW, temperature_c=None))

    assert [(e.provisional, e.ended_at) for e in the_course.episodes] == [(flag, None)]
    assert episode_rows(the_course) == []


def test_a_provisional_episode_ends_after_24_h_observed_free():
    the_course = course(dose(0), look(4, **LOW), look(6), look(30))

    assert [hours(e.ended_at) for e in the_course.episodes] == [6]


def test_a_fever_turns_a_provisional_episode_into_crs():
    the_course = course(dose(0), look(4, **LOW), look(6, **FEVER))

    assert [(e.provisional, hours(e.started_at), hours(e.ended_at)) for e in the_course.episodes] == [
        ("unexplained_hypotension_or_hypoxia", 4, 6),
        ("", 6, None),
    ]


@pytest.mark.parametrize("cause", ["crs", "other"])
def test_a_death_ends_a_provisional_episode_and_leaves_it_without_a_grade(cause):
    the_course = course(look(4, **LOW), Died(at=at(5), root="d", cause=cause))

    provisional = the_course.episodes[0]
    assert (provisional.max_grade, hours(provisional.max_at), hours(provisional.ended_at)) == (0, 4, 5)


def test_s11_death_of_crs_is_the_maximum_and_all_that_it_could_have_been():
    episode = course(look(6, **FEVER), Died(at=at(9), root="d", cause="crs")).episodes[0]

    assert (episode.max_grade, episode.at_most, hours(episode.max_at)) == (5, 5, 9)


def test_an_episode_is_known_by_its_kind_the_root_of_its_onset_and_whether_it_is_provisional():
    one = course(look(6, **FEVER)).episodes[0]
    others = [replace(one, kind="icans"), replace(one, root="set-7"), replace(one, provisional="possible_masked_fever")]
    later = replace(one, max_grade=4, ended_at=at(40), dose_root="dose-1")

    assert key_of(later) == key_of(one)
    assert len({key_of(episode) for episode in [one, *others]}) == 4


@pytest.mark.parametrize(
    ("masking", "lasts"), [(Masking.ANTIPYRETIC, 8), (Masking.CORTICOSTEROID, 72), (Masking.ANTICYTOKINE, 21 * 24)]
)
def test_c2c_each_class_may_mask_so_long_and_no_longer(masking, lasts):
    given = drug(0, masking, treats=False)

    assert grades(course(given, look(lasts - 0.01, **LOW))) == [-1]
    assert grades(course(given, look(lasts, **LOW))) == [0]


def test_a_study_that_says_nothing_takes_24_h():
    assert Parameters().resolution == timedelta(hours=24)


def test_facts_of_one_instant_go_dose_treatment_attribution_look_death():
    other_cause, death = Attributed(at=at(0), until=None, sign="fever"), Died(at=at(0), root="A", cause="crs")
    ordered = [dose(0), drug(0), other_cause, look(0), death]

    assert in_order(reversed(ordered)) == ordered
    assert in_order([look(1), dose(2), *ordered])[-2:] == [look(1), dose(2)]


def test_two_looks_of_one_instant_are_ordered_by_what_was_seen_never_by_their_key():
    def seen(*keys):
        looks = [replace(one, id=key, root=key) for one, key in zip([look(0, **FEVER), look(0)], keys, strict=True)]
        return [one.seen for one in in_order(looks)]

    assert seen("a", "b") == seen("b", "a")


@pytest.mark.parametrize(("h", "held"), [(4.9, False), (5, True), (7, True), (7.1, False)])
def test_c8_an_attribution_holds_from_its_start_to_its_end(h, held):
    state = State(attributed=(Attributed(at=at(5), until=at(7), sign="fever"),))

    assert state.attributes("fever", at=at(h)) is held
    assert not state.attributes("hypoxia", at=at(h))


def test_a_written_state_is_read_as_it_was():
    """Every field, none at its default, and an episode that has ended."""
    episode = CourseEpisode(
        kind="icans", root="r", started_at=at(1), max_grade=2, at_most=3, max_at=at(2), dose_root="d",
        provisional="possible_masked_fever", flags=("late_onset_over_14_days",), treated=True, free_since=at(3),
        ended_at=at(4),
    )  # fmt: skip
    still = Attributed(at=at(5), until=None, sign="fever")
    state = State(
        last=(at(9), 3, "seen"), dose=dose(0), open=(episode,), attributed=(still, replace(still, until=at(6))),
        masked_until=at(7), treated_at=at(8), standing=(("crs", 1), ("icans", 2)), died=True,
        noticed=frozenset({"hypoxia"}), noticed_grade=3, told_ones=(("crs", at(3)), ("icans", at(4))),
        danger=(Run(field="spo2", root="r", since=at(1), at=at(2), text="75"),),
    )  # fmt: skip

    assert read_state(json.loads(json.dumps(write_state(state)))) == state


def test_nothing_written_is_the_state_before_the_first_fact():
    before = State()

    assert read_state({}) == read_state(write_state(before)) == before
    assert [before.standing_grade(kind) for kind in ("crs", "icans")] == [0, 0]

"""The course, one row per sentence of the episode rules. Expected values come from the rules' text."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.rules import timeline
from grading.rules.crs import CrsInputs, OxygenDevice
from grading.rules.icans import Consciousness, IcansInputs, IceItems, Motor, Oedema, Seizure
from grading.rules.timeline import (
    Attributed,
    Course,
    Died,
    DoseGiven,
    Event,
    Look,
    Masking,
    Parameters,
    Treated,
    derive,
    read_state,
    step,
    write_state,
)

ZERO = datetime(2026, 3, 2, tzinfo=UTC)
WELL: dict[str, Any] = {
    "temperature_c": Decimal("36.8"), "sbp": Decimal(120), "spo2": Decimal(97), "hypotension": False,
    "fluid_bolus": False, "vasopressors": (), "oxygen_device": OxygenDevice.ROOM_AIR,
}  # fmt: skip
FEVER = {"temperature_c": Decimal("38.5")}
SHOCK = {"vasopressors": ("norepinephrine",)}  # grade 3 when it is CRS
LOW = {"hypotension": True}  # grade 2 when it is CRS


def at(hours: float) -> datetime:
    return ZERO + timedelta(hours=hours)


def hours(moment: datetime | None) -> float | None:
    return None if moment is None else (moment - ZERO).total_seconds() / 3600


def look(h: float, **changes: Any) -> Look:
    return Look(at=at(h), id=f"set-{h}", root=f"set-{h}", seen=CrsInputs(**WELL | changes))


def mind(h: float, **changes: Any) -> Look:
    items = {"year": True, "month": True, "city": True, "hospital": True, "naming": 3, "command": True,
             "writing": True, "attention": True}  # fmt: skip
    clear: dict[str, Any] = {
        "pediatric": False, "ice": IceItems(**items), "consciousness": Consciousness.AWAKE, "seizure": Seizure.NONE,
        "motor": Motor.NONE, "oedema": Oedema.NONE, "icp_signs": frozenset(),
    }  # fmt: skip
    ice = changes.pop("points", None)
    if ice is not None:
        changes["ice"] = IceItems(**items | {"naming": 0, "command": False, "writing": False, "attention": False}) \
            if ice == 4 else IceItems(**items | {"attention": False})  # fmt: skip
    return Look(at=at(h), id=f"mind-{h}", root=f"mind-{h}", seen=IcansInputs(**clear | changes))


def dose(h: float) -> DoseGiven:
    return DoseGiven(at=at(h), root=f"dose-{h}")


def drug(h: float, masking: Masking = Masking.ANTIPYRETIC, *, treats: bool = True) -> Treated:
    return Treated(at=at(h), masking=masking, treats=treats)


def course(*events: Event, resolution: float = 24) -> Course:
    return derive(events, Parameters(resolution=timedelta(hours=resolution)))


def told(found: Course, kind: str = "crs") -> list[tuple[float | None, float | None, int]]:
    """Start, end and maximum of each definite episode."""
    episodes = [e for e in found.episodes if e.kind == kind and not e.provisional]
    return [(hours(e.started_at), hours(e.ended_at), e.max_grade) for e in episodes]


def grades(found: Course) -> list[int]:
    return [looked.graded.grade for looked in found.graded]


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
    assert told(course(*events)) == expected


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
    found = course(drug(-1, treats=False), look(6, **FEVER))

    assert not found.episodes[0].treated


def test_s2_a_treatment_at_the_start_opens_it():
    found = course(look(6, **FEVER), drug(6.5), look(7))

    assert found.episodes[0].treated


def test_s2_a_treatment_at_the_instant_of_the_first_fever_opens_it():
    found = course(drug(6), look(6, **FEVER))

    assert found.episodes[0].treated


def test_s2_a_treatment_before_the_fever_does_not_open_it():
    found = course(drug(5), look(6, **FEVER))

    assert not found.episodes[0].treated


def test_s2_premedication_inside_the_episode_does_not_open_it():
    found = course(look(6, **FEVER), drug(7, treats=False))

    assert not found.episodes[0].treated


@pytest.mark.parametrize(
    ("given_drug", "why"),
    [(drug(7), "fever_not_required_after_treatment"), (drug(5, treats=False), "fever_earlier_in_episode")],
)
def test_s2_the_reason_is_the_treatment_however_long_ago_and_never_premedication(given_drug, why):
    found = course(given_drug, look(6, **FEVER), look(10, **FEVER), look(12 if given_drug.at < at(6) else 40, **LOW))

    assert why in [one.code for one in found.graded[-1].graded.reasons]


def test_s2_a_drug_given_again_changes_nothing():
    found = course(look(6, **FEVER), drug(7), drug(8), look(9, **FEVER, **LOW))

    assert (found.episodes[0].treated, found.episodes[0].max_grade) == (True, 2)


def test_s8_the_maximum_is_dated_where_it_was_first_reached():
    found = course(look(6, **FEVER), look(8, **FEVER, **LOW), look(9, **FEVER, **LOW))

    assert hours(found.episodes[0].max_at) == 8


def test_what_could_have_been_is_kept_beside_the_maximum():
    found = course(look(6, **FEVER), look(8, **FEVER, oxygen_device=None), look(9, **FEVER))

    assert (found.episodes[0].max_grade, found.episodes[0].at_most) == (1, 4)


def test_a_resolution_window_is_the_studys():
    found = course(look(6, **FEVER), look(8), look(20), resolution=12)

    assert told(found) == [(6, 8, 1)]


@pytest.mark.parametrize(("until", "expected"), [(9, [(9.5, None, 1)]), (None, [])])
def test_c8_an_attribution_counts_up_to_its_end_and_no_longer(until, expected):
    other_cause = Attributed(at=at(6), until=None if until is None else at(until), sign="fever")

    assert told(course(look(6, **FEVER), look(9, **FEVER), look(9.5, **FEVER), other_cause)) == expected


@pytest.mark.parametrize(
    ("sign", "changes"),
    [("consciousness", {"consciousness": Consciousness.VOICE}), ("seizure", {"seizure": Seizure.BRIEF_RESOLVED}),
     ("motor", {"motor": Motor.DEEP_FOCAL_WEAKNESS}), ("oedema", {"oedema": Oedema.FOCAL})],
)  # fmt: skip
def test_n7_each_domain_can_have_another_cause(sign, changes):
    assert told(course(mind(8, **changes)), "icans") != []
    assert told(course(Attributed(at=at(7), until=None, sign=sign), mind(8, **changes)), "icans") == []


@pytest.mark.parametrize(
    ("sign", "changes"), [("hypotension", SHOCK), ("hypoxia", {"oxygen_device": OxygenDevice.FACE_MASK})]
)
def test_c8_each_axis_can_have_another_cause(sign, changes):
    assert grades(course(Attributed(at=at(5), until=None, sign=sign), look(6, **FEVER, **changes))) == [1]


def test_facts_are_in_order_when_they_are_not_before_the_last():
    state = course(look(6, **FEVER), dose(8)).state

    assert timeline.comes_in_order(timeline.State(), dose(-5))
    assert timeline.comes_in_order(state, look(8))
    assert not timeline.comes_in_order(state, look(7))


def test_s7_onset_counts_from_the_latest_dose():
    found = course(dose(0), dose(168), look(195, **FEVER))

    assert found.episodes[0].dose_root == "dose-168"


def test_s6_a_fever_after_resolution_belongs_to_the_new_dose():
    found = course(dose(0), look(6, **FEVER), look(8), look(32), dose(168), look(170, **FEVER))

    assert [e.dose_root for e in found.episodes] == ["dose-0", "dose-168"]


@pytest.mark.parametrize(("h", "flags"), [(14 * 24, ()), (14 * 24 + 1, ("late_onset_over_14_days",))])
def test_s10_late_onset_is_graded_and_flagged(h, flags):
    episode = course(dose(0), look(h, **FEVER)).episodes[0]

    assert (episode.max_grade, episode.flags) == (1, flags)


def test_s9_icans_is_timed_on_its_own():
    found = course(dose(0), look(6, **FEVER), mind(10, points=4), mind(12), look(14), mind(36), look(38))

    assert told(found, "icans") == [(10, 12, 2)]
    assert told(found, "crs") == [(6, 14, 1)]


@pytest.mark.parametrize(
    ("before", "flag"),
    [([], "unexplained_hypotension_or_hypoxia"), ([drug(-1, treats=False)], "possible_masked_fever")],
)
def test_hypotension_without_fever_is_provisional_never_a_bare_zero(before, flag):
    found = course(*before, dose(0), look(4, **LOW))

    assert [(e.provisional, e.ended_at) for e in found.episodes] == [(flag, None)]
    assert told(found) == []


def test_a_provisional_episode_ends_after_24_h_observed_free():
    found = course(dose(0), look(4, **LOW), look(6), look(30))

    assert [hours(e.ended_at) for e in found.episodes] == [6]


def test_a_fever_turns_a_provisional_episode_into_crs():
    found = course(dose(0), look(4, **LOW), look(6, **FEVER))

    assert [(e.provisional, hours(e.started_at), hours(e.ended_at)) for e in found.episodes] == [
        ("unexplained_hypotension_or_hypoxia", 4, 6),
        ("", 6, None),
    ]


RISES = [
    ("every rise is told", [look(1, **FEVER), look(2, **FEVER, **LOW), look(3, **FEVER, **SHOCK)], [1, 2, 3]),
    ("repeats of the same are not", [look(1, **FEVER), look(2, **FEVER)], [1]),
    ("told again after it has fallen", [look(1, **FEVER), look(2), look(3, **FEVER)], [1, 1]),
    ("a floor may raise", [look(1, **FEVER, sbp=None, hypotension=None)], [1]),
    ("a floor never lowers, so its repeat is not told",
     [look(1, **FEVER, **SHOCK), look(2, temperature_c=None, spo2=None, oxygen_device=None), look(3, **FEVER, **SHOCK)],
     [3]),
]  # fmt: skip


@pytest.mark.parametrize(("events", "expected"), [row[1:] for row in RISES], ids=[row[0] for row in RISES])
def test_rises(events, expected):
    assert [rise.grade for rise in course(*events).rises] == expected


# --- Properties -------------------------------------------------------------------------------------------------

looks = st.builds(
    lambda h, t, sbp, drugs, device: look(
        h, temperature_c=t, sbp=sbp, hypotension=None, vasopressors=drugs, oxygen_device=device
    ),
    st.integers(0, 120),
    st.sampled_from([None, Decimal("36.9"), Decimal("38.0"), Decimal("39.5")]),
    st.sampled_from([None, Decimal(85), Decimal(118)]),
    st.sampled_from([None, (), ("norepinephrine",), ("norepinephrine", "epinephrine")]),
    st.sampled_from([None, OxygenDevice.ROOM_AIR, OxygenDevice.FACE_MASK]),
)
minds = st.builds(lambda h, p: mind(h, points=p), st.integers(0, 120), st.sampled_from([None, 4, 9]))
drugs = st.builds(
    lambda h, m, t: drug(h, m, treats=t), st.integers(-10, 120), st.sampled_from(list(Masking)), st.booleans()
)
attributions = st.builds(
    lambda h, n, sign: Attributed(at=at(h), until=at(h + n), sign=sign),
    st.integers(0, 120), st.integers(1, 30), st.sampled_from(["fever", "hypotension", "hypoxia"]),
)  # fmt: skip
records = st.lists(st.one_of(looks, minds, drugs, attributions, st.integers(0, 120).map(dose)), max_size=14)


@given(records, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_order_of_arrival_never_changes_the_course(events, random):
    shuffled = list(events)
    random.shuffle(shuffled)

    assert course(*shuffled) == course(*events)


@given(records, st.integers(0, 14))
@settings(max_examples=150, deadline=None)
def test_continuing_from_a_written_state_is_deriving_at_once(events, cut):
    ordered, parameters = timeline.in_order(events), Parameters()
    state = timeline.State()
    for place, event in enumerate(ordered):
        if place == cut:
            state = read_state(write_state(state))
        state, _ = step(state, event, parameters)

    assert state == derive(events, parameters).state


@given(records)
@settings(max_examples=150, deadline=None)
def test_an_episode_is_never_below_what_its_sets_showed(events):
    found = course(*events)

    worst_set = max((g.graded.at_least for g in found.graded if g.look.kind == "crs"), default=0)
    worst_episode = max((e.max_grade for e in found.episodes if e.kind == "crs" and not e.provisional), default=0)
    assert worst_episode == worst_set


@given(records, st.integers(0, 3))
@settings(max_examples=150, deadline=None)
def test_splitting_at_a_dose_and_deriving_in_two_steps_is_deriving_at_once(events, which):
    ordered, parameters = timeline.in_order(events), Parameters()
    doses = [place for place, event in enumerate(ordered) if isinstance(event, DoseGiven)]
    cut = doses[which % len(doses)] if doses else 0
    first, whole = derive(ordered[:cut], parameters), derive(events, parameters)
    state = read_state(write_state(first.state))
    graded, rises = list(first.graded), list(first.rises)
    episodes = {timeline.key_of(e): e for e in first.episodes}
    for event in ordered[cut:]:
        state, outcome = step(state, event, parameters)
        graded += [outcome.graded] if outcome.graded else []
        rises += [outcome.rise] if outcome.rise else []
        episodes |= {timeline.key_of(e): e for e in outcome.episodes}

    again = Course(graded=tuple(graded), episodes=tuple(episodes.values()), rises=tuple(rises), state=state)
    assert again == whole


@given(records)
@settings(max_examples=50, deadline=None)
def test_deriving_twice_changes_nothing(events):
    assert course(*events) == course(*events)


# --- Who is told ------------------------------------------------------------------------------------------------


def notices(*events: Event) -> list[tuple[float | None, str, int]]:
    return [(hours(r.at), r.provisional, r.grade) for r in course(*events).rises]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([look(4, **LOW)], [(4, "unexplained_hypotension_or_hypoxia", -1)]),
        ([drug(2), look(4, **LOW)], [(4, "possible_masked_fever", -1)]),
        ([look(4, **LOW), look(5, **LOW), look(6, **SHOCK)], [(4, "unexplained_hypotension_or_hypoxia", -1)]),
        ([look(4, **LOW), look(5, **FEVER)], [(4, "unexplained_hypotension_or_hypoxia", -1), (5, "", 1)]),
        ([look(3, **FEVER), look(4, **LOW)], [(3, "", 1), (4, "", 2)]),
        ([Attributed(at=at(0), until=None, sign="hypotension"), look(4, **LOW)], []),
        (
            [look(4, **LOW), look(6), look(31), look(32, **LOW)],
            [(4, "unexplained_hypotension_or_hypoxia", -1), (32, "unexplained_hypotension_or_hypoxia", -1)],
        ),
        ([look(4)], []),
    ],
)  # fmt: skip
def test_c2c_c2d_a_provisional_episode_is_told_once(events, expected):
    assert notices(*events) == expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([look(3, **FEVER), Died(at=at(5), root="d", cause="crs")], [(3, "", 1), (5, "", 5)]),
        ([Died(at=at(5), root="d", cause="icans")], [(5, "", 5)]),
        ([Died(at=at(5), root="d", cause="other")], []),
        ([look(4, died_of_crs=True), Died(at=at(5), root="d", cause="crs")], [(4, "", 5)]),
    ],
)
def test_s11_death_of_a_syndrome_is_told_once(events, expected):
    assert notices(*events) == expected

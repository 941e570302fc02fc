"""Whatever is standing was told and called for, whatever the order in which it came to light."""

import random

import pytest

from grading.alerting.services.conditions import has_another_policy, meet
from grading.alerting.tasks import watch_policies
from grading.models import Alert, AlertState, CurrentState, TreatmentEnd, VitalSigns
from grading.policies.library import parse_policy
from grading.policies.services import load_policy
from grading.recording.rederiving import rederive_participant, under_another_policy
from grading.rules.alerting.lifecycle import STANDING
from grading.rules.course.events import CRS, ICANS
from grading.rules.course.state import read_state
from regimens.models import Disposition, DispositionKind
from tests.builders import World, call_raised, dose, draft, hour, kept, neuro, treatment, vitals
from tests.sizes import sized
from tests.wards import FEVER, LOW, corrected

pytestmark = pytest.mark.django_db
SHOCK = {"sbp": 82, "hypotension": True}  # without a fever
PRESSOR = LOW | {"vasopressors": ["norepinephrine"]}  # grade 3
HYPOXIC = {"spo2": 91, "oxygen_device": "nasal_cannula", "oxygen_flow_l_min": 2}


def waiting(world) -> list[tuple[int, bool]]:
    """Grade, and whether somebody was called, of what waits for an answer."""
    alerts = Alert.objects.filter(participant=world.participant, condition="", state__in=[s.value for s in STANDING])
    return sorted((a.grade, a.pages_sent > 0) for a in alerts)


@pytest.mark.parametrize("masked", [False, True])
def test_a_fever_after_low_pressure_is_told_and_not_resolved_with_it(ward, masked):
    if masked:
        kept(treatment(ward, 3, "paracetamol", "antipyretic", "premedication"), ward)
    kept(vitals(ward, 4, **SHOCK), ward)

    [alert] = kept(vitals(ward, 5, **PRESSOR), ward).alerts

    alert.refresh_from_db()
    assert (alert.grade, alert.state) == (3, AlertState.OPEN)
    assert waiting(ward) == [(3, True)]
    assert not alert.deliveries.filter(state="dropped").exists()


def test_low_oxygen_found_late_does_not_resolve_the_fever_that_followed(ward):
    kept(vitals(ward, 8, **FEVER), ward)

    kept(vitals(ward, 1, **HYPOXIC, reason="forgotten"), ward, at=hour(9))

    assert waiting(ward) == [(1, True)]


def test_death_of_crs_is_told_after_its_grades(ward):
    kept(vitals(ward, 4, **LOW), ward)

    [alert] = kept(draft(Disposition, ward, 5, kind=DispositionKind.DEATH_CRS), ward).alerts

    alert.refresh_from_db()
    assert (alert.grade, alert.state, alert.pages_sent) == (5, AlertState.OPEN, 1)
    assert not alert.deliveries.filter(state="dropped").exists()


def test_learning_that_it_was_worse_calls_for_what_is_left(ward):
    kept(vitals(ward, 4, **LOW), ward)

    [late] = kept(vitals(ward, 3.9, **PRESSOR, reason="forgotten"), ward, at=hour(4.5)).alerts

    assert (late.grade, late.late) == (3, True)
    assert waiting(ward) == [(3, True)]


def test_a_late_rise_that_has_fallen_pages_once_it_stands_after_all(ward):
    kept(vitals(ward, 3, **PRESSOR), ward)
    newest = kept(vitals(ward, 6), ward)
    kept(vitals(ward, 2, **PRESSOR, reason="forgotten"), ward, at=hour(7))

    corrected(ward, newest.fact, 6, at=8, **PRESSOR)

    assert (3, True) in waiting(ward)


def test_what_was_resolved_stands_again_when_its_end_is_corrected(ward):
    kept(vitals(ward, 4, **PRESSOR), ward)
    free = [kept(vitals(ward, h), ward).fact for h in (6, 31)]
    assert waiting(ward) == []

    for fact, h in zip(free, (6, 31), strict=True):
        corrected(ward, fact, h, at=32, **PRESSOR)

    assert waiting(ward) == [(3, True)]


def test_a_death_that_was_entered_for_somebody_else_brings_it_back(ward):
    kept(vitals(ward, 4, **PRESSOR), ward)
    wrong = kept(draft(Disposition, ward, 5, kind=DispositionKind.DEATH_OTHER), ward).fact
    assert waiting(ward) == []

    kept(draft(Disposition, ward, 5, kind=DispositionKind.DEATH_OTHER, supersedes=wrong, withdrawn=True,
               reason="wrong participant"), ward, at=hour(6))  # fmt: skip

    assert waiting(ward) == [(3, True)]


def test_a_treatment_that_is_taken_back_handles_nothing(ward):
    [alert] = kept(vitals(ward, 4, **PRESSOR), ward).alerts
    given = kept(treatment(ward, 4.2, "tocilizumab", "anticytokine", "crs"), ward).fact
    alert.refresh_from_db()
    assert alert.state == AlertState.ACTED_ON

    kept(treatment(ward, 4.2, "tocilizumab", "anticytokine", "crs", supersedes=given, withdrawn=True,
                   reason="wrong participant"), ward, at=hour(4.5))  # fmt: skip

    alert.refresh_from_db()
    assert (alert.state, alert.occurrence, alert.pages_sent) == (AlertState.OPEN, 2, 1)


def test_a_second_dose_begins_a_new_window_for_what_no_grade_tells(ward):
    kept(vitals(ward, 4, **SHOCK), ward)
    kept(dose(ward, 10, step=1), ward)

    [again] = kept(vitals(ward, 12, **SHOCK), ward).alerts

    assert again.grade == -1


def come_under(world, from_grade: int, h: float, *, watched: bool = True):
    """Another policy, with a condition so that courses are `watched`."""
    thresholds = [f"{{code: new_grade, kind: crs, from_grade: {from_grade}, source: protocol}}"]
    thresholds += ["{code: seizure_or_posturing, source: protocol}"] * watched
    text = "\n  - ".join(["title: Another\nthresholds:", *thresholds])
    load_policy(parse_policy(text), study=world.study, by="test", reason="amendment", at=hour(h))


def test_a_policy_that_asks_for_more_in_the_middle_of_an_episode_tells_what_stands(ward):
    come_under(ward, 3, 1)
    assert kept(vitals(ward, 2, **FEVER), ward).alerts == ()
    assert kept(vitals(ward, 4, **LOW), ward).alerts == ()

    come_under(ward, 1, 5)
    assert has_another_policy(ward.participant.pk, at=hour(5.1))
    raised = under_another_policy(ward.participant.pk, at=hour(5.1))
    meet(ward.participant.pk, at=hour(5.1))
    call_raised(at=hour(5.1))

    assert sorted((one.grade, one.late) for one in raised) == [(1, True), (2, True)]
    assert waiting(ward) == [(1, True), (2, True)]
    assert not has_another_policy(ward.participant.pk, at=hour(5.2))
    assert under_another_policy(ward.participant.pk, at=hour(5.2)) == []


@pytest.mark.long
@pytest.mark.parametrize("watched", [(True, True), (True, False), (False, True), (False, False)])
def test_the_sweep_tells_what_stands_under_another_policy_also_behind_a_set(ward, watched):
    before, after = watched
    come_under(ward, 3, 1, watched=before)
    kept(vitals(ward, 4, **LOW), ward)
    assert waiting(ward) == []

    come_under(ward, 1, 5, watched=after)
    kept(vitals(ward, 5.1, **LOW), ward)  # before the sweep came

    assert watch_policies() == 1
    call_raised(at=hour(5.2))
    assert waiting(ward) == [(2, True)]
    assert watch_policies() == 0


def test_a_policy_that_asks_for_more_tells_no_grade_that_has_fallen(ward):
    come_under(ward, 4, 1)
    for h, signs in ((2, FEVER), (4, PRESSOR), (6, FEVER)):
        assert kept(vitals(ward, h, **signs), ward).alerts == ()

    come_under(ward, 1, 7)

    assert [one.grade for one in under_another_policy(ward.participant.pk, at=hour(7.1))] == [1]


@pytest.mark.parametrize("order", [("v4", "n4", "v8"), ("n4", "v4", "v8"), ("v4", "n4", "n8"), ("n4", "v4", "n8")])
def test_crs_and_icans_that_begin_at_one_moment_are_kept_in_one_order(ward, order):
    for look, h in order:
        ill = vitals(ward, int(h), **FEVER) if look == "v" else neuro(ward, int(h), seizure="brief_resolved")
        kept(ill, ward)

    assert not rederive_participant(ward.participant.pk, check=True, at=hour(10)).differences


def test_a_policy_that_asks_for_more_does_not_tell_what_is_over(ward):
    come_under(ward, 3, 1)
    kept(vitals(ward, 4, **LOW), ward)
    kept(vitals(ward, 6), ward)
    kept(vitals(ward, 31), ward)

    come_under(ward, 1, 32)

    assert under_another_policy(ward.participant.pk, at=hour(32.1)) == []


# --- Any course -----------------------------------------------------------------------------------------------

ONE = SHOCK | {"vasopressors": ["norepinephrine"]}
SETS = (
    {}, FEVER, LOW, PRESSOR, SHOCK, HYPOXIC, {"temperature_c": None}, {"oxygen_device": None, "spo2": None},
    ONE, ONE | {"temperature_c": None}, SHOCK | {"temperature_c": None}, ONE | {"oxygen_device": "bipap"},
    {"heart_rate": 0}, {"spo2": 75}, {"heart_rate": None, "spo2": 75, "temperature_c": None}, {"heart_rate": None},
)  # fmt: skip
EXAMINATIONS = ({}, {"ice_naming": 1}, {"seizure": "brief_resolved"}, {"seizure": None, "consciousness": None})


SUPPORT = (("norepinephrine", "vasopressor"), ("epinephrine", "vasopressor"), ("BiPAP", "oxygen"))


def not_told(world: World) -> list[str]:
    state = read_state(CurrentState.objects.get(participant=world.participant).fold["state"])
    alerts = Alert.objects.filter(participant=world.participant, condition="", state__in=[s.value for s in STANDING])
    called = [a for a in alerts if a.pages_sent > 0]
    untold = [
        kind
        for kind in (CRS, ICANS)
        if (grade := state.standing_grade(kind)) > 0 and not state.died
        and not any(a.kind == kind and a.grade >= grade for a in called)
    ]  # fmt: skip
    if state.open_provisional() and not any(a.grade < 0 and a.counts_as >= state.noticed_grade for a in called):
        untold.append("provisional")
    danger = Alert.objects.filter(condition="danger_value", pages_sent__gt=0, state__in=[s.value for s in STANDING])
    roots = {str(alert.fact_root) for alert in danger}
    return untold + [f"danger: {run.field}" for run in state.danger if run.root not in roots]


@pytest.mark.parametrize("seed", range(sized(12, sample=3)))
def test_of_any_course_what_stands_was_called_for_and_deriving_again_changes_nothing(ward, seed):
    chance, facts, hours = random.Random(seed), [], 1.0
    for _ in range(7):
        hours += chance.choice((1, 4, 8, 25))
        what = chance.random()
        if what < 0.15 and facts:  # a correction, or the wrong participant
            place = chance.randrange(len(facts))
            earlier = facts[place]
            if chance.random() < 0.3:
                gone = draft(VitalSigns, ward, 0, supersedes=earlier, withdrawn=True, reason="wrong participant",
                             observed_at=earlier.observed_at)  # fmt: skip
                kept(gone, ward, at=hour(hours))
                facts.pop(place)
            else:
                new = vitals(ward, 0, **chance.choice(SETS), supersedes=earlier, reason="typing error")
                new.observed_at = earlier.observed_at
                facts[place] = kept(new, ward, at=hour(hours)).fact
        elif what < 0.3:
            late = max(hours - chance.choice((2, 6, 13)), 0.5)
            facts.append(kept(vitals(ward, late, **chance.choice(SETS), reason="late"), ward, at=hour(hours)).fact)
        elif what < 0.4:  # a vasopressor or positive pressure is started, now or entered late
            begun = max(hours - chance.choice((0, 0, 3)), 0.5)
            name, drug_class = chance.choice(SUPPORT)
            given = treatment(ward, begun, name, drug_class, chance.choice(("crs", "crs", "other")))
            given = kept(given, ward, at=hour(hours)).fact
            if chance.random() < 0.3:
                end = draft(TreatmentEnd, ward, begun + 0.25, treatment=given, reason="late")
                kept(end, ward, at=hour(hours + 0.3))
        elif what < 0.8:
            facts.append(kept(vitals(ward, hours, **chance.choice(SETS)), ward).fact)
        else:
            kept(neuro(ward, hours, **chance.choice(EXAMINATIONS)), ward)
        assert not_told(ward) == []
    rederived = rederive_participant(ward.participant.pk, check=True, at=hour(hours + 0.01))
    assert not rederived.differences

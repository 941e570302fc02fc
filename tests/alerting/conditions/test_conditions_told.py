"""Conditions of a course that are met by a fact at the bedside, or by the clock after one."""

import pytest

from grading.models import AlertState, ConditionCheck
from regimens.models import Measured, Measurement
from tests.alerting.conditions.watched import FEVER, LOW, bring, only, raised_conditions, sweep, ward
from tests.builders import dose, draft, hour, kept, neuro, stay, treatment, vitals

one_transaction = pytest.mark.django_db


# --- At the bedside ---------------------------------------------------------------------------------------------


@one_transaction
def test_a_seizure_whose_grade_rises_is_one_alert_that_says_both(world, seizure_or_posturing):
    [alert] = kept(neuro(world, 4, seizure="brief_resolved"), world).alerts

    assert (alert.condition, alert.grade, alert.thresholds) == (
        "", 3, ["new_grade", "corticosteroid", "seizure_or_posturing"],
    )  # fmt: skip


@one_transaction
def test_a_seizure_is_told_where_the_grade_does_not_rise(world, seizure_or_posturing):
    kept(neuro(world, 4, consciousness="tactile"), world)  # grade 3

    [alert] = kept(neuro(world, 5, consciousness="tactile", seizure="brief_resolved"), world).alerts

    assert (alert.condition, alert.kind, alert.grade, alert.late) == ("seizure_or_posturing", "icans", 3, False)
    assert kept(neuro(world, 6, consciousness="tactile", seizure="brief_resolved"), world).alerts == ()


@one_transaction
@pytest.mark.parametrize(("corrects", "state"), [(True, AlertState.WITHDRAWN), (False, AlertState.RESOLVED)])
def test_a_correction_withdraws_it_and_another_look_resolves_it(world, corrects, state, seizure_or_posturing):
    kept(neuro(world, 4, consciousness="tactile"), world)
    seen = kept(neuro(world, 5, consciousness="tactile", seizure="brief_resolved"), world).fact
    columns = {"supersedes": seen, "reason": "typing error"} if corrects else {}

    kept(neuro(world, 5 if corrects else 6, consciousness="tactile", **columns), world, at=hour(6.5))

    assert only().state == state


@one_transaction
@pytest.mark.parametrize(("baseline", "alerts"), [(9, [("ice_drop", "icans")]), (8, [])])
def test_ice_falls_below_what_was_recorded_as_the_own_baseline(world, baseline, alerts):
    """ICE 8 is grade 1 since hour 4: no grade rises at hour 5, when the baseline is known."""
    ward(world, "ice_drop")
    kept(neuro(world, 4, ice_naming=1), world)

    kept(draft(Measurement, world, -1, kind=Measured.BASELINE_ICE, value=baseline, reason="late"), world, at=hour(5))

    assert raised_conditions() == alerts


@one_transaction
def test_the_baseline_is_else_the_last_score_before_the_first_dose(world):
    bring(world, "ice_drop")
    kept(stay(world), world)
    kept(neuro(world, -1), world)
    kept(dose(world), world)

    [alert] = kept(neuro(world, 4, ice_naming=2), world).alerts

    assert "ice_drop" in alert.thresholds


# --- By the clock, of a course ----------------------------------------------------------------------------------


@one_transaction
def test_a_fever_that_persists(world, fever_persisting):
    for h in (2, 12, 22):
        kept(vitals(world, h, **FEVER), world)

    assert [len(sweep(h)) for h in (25.99, 26, 27)] == [0, 1, 0]
    assert (only().kind, only().grade, only().observed_at) == ("crs", 1, hour(22))


@one_transaction
def test_a_fever_that_went_is_over_and_the_alert_resolved(world, fever_persisting):
    for h in (2, 22):
        kept(vitals(world, h, **FEVER), world)
    sweep(26)

    kept(vitals(world, 26.5), world)

    assert only().state == AlertState.RESOLVED


@one_transaction
def test_the_next_tocilizumab_dose_is_told_again_when_the_grade_rises_again(world, tocilizumab_eligible):
    kept(vitals(world, 2, **LOW), world)
    kept(treatment(world, 2.5, "tocilizumab", "anticytokine", "crs"), world)
    kept(vitals(world, 9, **LOW), world)
    assert [len(sweep(h)) for h in (10.49, 10.5)] == [0, 1]

    kept(vitals(world, 11, **FEVER), world)  # grade 1
    assert only().state == AlertState.RESOLVED
    kept(vitals(world, 12, **LOW), world)

    assert (only().state, only().occurrence) == (AlertState.OPEN, 2)


@one_transaction
def test_a_dose_that_is_given_ends_the_call_for_it(world, tocilizumab_eligible):
    kept(vitals(world, 2, **LOW), world)
    kept(treatment(world, 2.5, "tocilizumab", "anticytokine", "crs"), world)
    sweep(10.5)

    kept(treatment(world, 10.6, "tocilizumab", "anticytokine", "crs"), world)

    assert only().state == AlertState.RESOLVED
    assert ConditionCheck.objects.get().at == hour(18.6)


@one_transaction
def test_refractory_after_one_dose_in_the_transaction_of_the_set_and_next_grade_by_the_clock(world):
    ward(world, "steroid_after_anti_il6", "manage_as_next_grade")
    kept(vitals(world, 2, **LOW), world)
    kept(treatment(world, 3, "tocilizumab", "anticytokine", "crs"), world)

    alerts = kept(vitals(world, 8, **LOW), world).alerts

    assert [a.condition for a in alerts] == ["steroid_after_anti_il6"]
    assert [[a.condition for a in sweep(h)] for h in (26.99, 27)] == [[], ["manage_as_next_grade"]]

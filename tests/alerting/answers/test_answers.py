"""What people do about an alert, and what lapses when they do not act (decisions, Alerts)."""

import pytest

from crsmonitor.errors import AlreadyAcknowledged, InvalidInput
from grading.alerting.services.answers import acknowledge, act_on, seen, snooze
from grading.models import AlertState, DeliveryState
from grading.rules.alerting.lifecycle import ActionKind
from tests.alerting.staffed import LOW, after, people_paged, raised, state, sweep
from tests.builders import hour, kept, treatment, vitals

pytestmark = pytest.mark.django_db


def test_an_answer_stops_the_calls(ward, alert_2):
    acknowledge(str(alert_2.pk), by=ward.nurse, at=after(2))

    assert sweep(14) == 0
    assert people_paged(alert_2) == [["investigator", "nurse"]]


@pytest.mark.parametrize(("grade", "minutes"), [(2, 30), (3, 15)])
def test_an_answer_nobody_acts_on_lapses_and_the_next_step_is_taken_at_once(ward, grade, minutes):
    alert = raised(ward, grade)
    acknowledge(str(alert.pk), by=ward.nurse, at=after(0))

    assert sweep(minutes - 0.01) == 0
    assert sweep(minutes) == 1
    assert (state(alert), alert.occurrence) == (AlertState.EXPIRED, 2)
    assert (alert.acknowledged_by, alert.acknowledged_at, alert.responder) == (None, None, None)
    assert people_paged(alert) == [["investigator", "nurse"], ["charge"]]
    assert alert.escalate_at == after(minutes + 5)


def test_an_answer_at_grade_1_does_not_lapse(ward, alert_1):
    acknowledge(str(alert_1.pk), by=ward.nurse, at=after(0))

    assert (sweep(600), state(alert_1)) == (0, AlertState.ACKNOWLEDGED)


def test_an_expired_alert_can_be_answered_again_and_lapses_again(ward, alert_2):
    acknowledge(str(alert_2.pk), by=ward.nurse, at=after(0))
    sweep(30)
    acknowledge(str(alert_2.pk), by=ward.charge_nurse, at=after(31))

    assert (state(alert_2), alert_2.acknowledged_by) == (AlertState.ACKNOWLEDGED, ward.charge_nurse)
    assert (sweep(60.9), sweep(61), state(alert_2)) == (0, 1, AlertState.EXPIRED)


def test_a_routine_set_does_not_stop_the_clock(ward, alert_2):
    acknowledge(str(alert_2.pk), by=ward.nurse, at=after(0))
    kept(vitals(ward, 4.2, **LOW), ward)

    assert (sweep(30), state(alert_2)) == (1, AlertState.EXPIRED)


@pytest.mark.parametrize("action", [ActionKind.AT_BEDSIDE, ActionKind.DECLINED])
def test_a_action_stops_the_clock(ward, action, alert_2):
    acknowledge(str(alert_2.pk), by=ward.nurse, at=after(0))
    act_on(str(alert_2.pk), action, by=ward.investigator, at=after(10), because="seen, known to us")

    assert (sweep(600), state(alert_2)) == (0, AlertState.ACTED_ON)
    assert [(d.action, d.by) for d in alert_2.actions.all()] == [(action.value, ward.investigator)]


@pytest.mark.parametrize(("indication", "becomes"), [("crs", AlertState.ACTED_ON), ("premedication", AlertState.OPEN)])
def test_a_treatment_of_crs_acts_on_it(ward, indication, becomes, alert_2):
    given = kept(treatment(ward, 4.1, "tocilizumab", "anticytokine", indication), ward).fact

    assert state(alert_2) is becomes
    assert [d.treatment_id for d in alert_2.actions.all()] == ([given.pk] if becomes is AlertState.ACTED_ON else [])


def test_a_treatment_before_the_set_does_not_act_on_it(ward):
    kept(treatment(ward, 3.9, "tocilizumab", "anticytokine", "crs"), ward)
    alert = raised(ward)
    kept(treatment(ward, 3.95, "tocilizumab", "anticytokine", "crs"), ward, at=hour(4.1))

    assert state(alert) is AlertState.OPEN


@pytest.mark.parametrize("because", ["", "   "])
def test_a_decline_needs_a_reason(ward, because, alert_2):
    with pytest.raises(InvalidInput) as refused:
        act_on(str(alert_2.pk), ActionKind.DECLINED, by=ward.nurse, at=after(1), because=because)

    assert list(refused.value.fields) == ["because"]
    assert state(alert_2) is AlertState.OPEN


def test_a_card_answers_what_is_below_it_and_not_what_is_above(ward):
    low, middle, high = raised(ward, 1), raised(ward, 2, h=4.05), raised(ward, 3, h=4.1)

    acknowledge(str(middle.pk), by=ward.nurse, at=after(7))

    assert [state(one) for one in (low, middle, high)] == [
        AlertState.ACKNOWLEDGED, AlertState.ACKNOWLEDGED, AlertState.OPEN]  # fmt: skip


def test_who_goes_is_somebody_who_may_answer_here(ward, alert_2):
    for stranger in ("demo.outsider", "demo.sponsor", "demo.data", "nobody"):
        with pytest.raises(InvalidInput) as refused:
            acknowledge(str(alert_2.pk), by=ward.nurse, at=after(1), responder=stranger)
        assert list(refused.value.fields) == ["responder"]
    assert state(alert_2) is AlertState.OPEN

    acknowledge(str(alert_2.pk), by=ward.nurse, at=after(1), responder="demo.investigator")
    assert (state(alert_2), alert_2.responder) == (AlertState.ACKNOWLEDGED, ward.investigator)


def test_seen_is_no_answer(ward, alert_2):
    assert seen([str(alert_2.pk)], by=ward.outsider, at=after(1)) == 0
    assert seen([str(alert_2.pk)], by=ward.nurse, at=after(1)) == 1
    assert (state(alert_2), sweep(5)) == (AlertState.SEEN, 1)


# --- It may wait ------------------------------------------------------------------------------------------------


def test_silent_at_most_until_the_next_set_is_due(ward, alert_1):
    """Vital signs are due every 4 h after the dose: after those of hour 4, at hour 8."""

    for wished, silent in ((4.5, 4.5), (10, 8)):
        snooze(str(alert_1.pk), until=hour(wished), because="asleep", by=ward.nurse, at=after(1))
        alert_1.refresh_from_db()
        assert alert_1.snoozed_until == hour(silent)


def test_silence_is_no_longer_than_an_answer_would_hold(ward, alert_3):
    snooze(str(alert_3.pk), until=after(60), because="known", by=ward.nurse, at=after(1))

    alert_3.refresh_from_db()
    assert alert_3.snoozed_until == after(16)


def test_silence_ends_and_the_next_is_called(ward, alert_2):
    snooze(str(alert_2.pk), until=after(20), because="with her now", by=ward.nurse, at=after(1))

    assert (sweep(19.9), sweep(20)) == (0, 1)
    alert_2.refresh_from_db()
    assert (alert_2.snoozed_until, people_paged(alert_2)[1]) == (None, ["charge"])


def test_silence_needs_a_reason_and_an_alert_that_waits(ward, alert_2):
    with pytest.raises(InvalidInput) as refused:
        snooze(str(alert_2.pk), until=after(20), because=" ", by=ward.nurse, at=after(1))
    assert list(refused.value.fields) == ["because"]

    acknowledge(str(alert_2.pk), by=ward.nurse, at=after(2))
    with pytest.raises(AlreadyAcknowledged):
        snooze(str(alert_2.pk), until=after(20), because="asleep", by=ward.nurse, at=after(3))


def test_a_higher_grade_is_not_silenced(ward):
    low = raised(ward, 1)
    snooze(str(low.pk), until=after(60), because="known fever", by=ward.nurse, at=after(1))
    high = raised(ward, 3, h=4.1)

    assert people_paged(high) == [["investigator", "nurse"]]
    with pytest.raises(InvalidInput):
        snooze(str(low.pk), until=after(60), because="known fever", by=ward.nurse, at=after(7))


# --- It is over -------------------------------------------------------------------------------------------------


def test_when_the_episode_is_over_its_alerts_are_resolved_and_nobody_is_called(ward, alert_2):
    for h in (6, 12, 18, 24, 30, 36):
        kept(vitals(ward, h), ward)

    assert state(alert_2) is AlertState.RESOLVED
    assert sweep(6000) == 0
    assert set(alert_2.deliveries.values_list("state", flat=True)) == {DeliveryState.DROPPED.value}


def test_a_withdrawn_alert_pages_nobody(ward):
    first = kept(vitals(ward, 4, **LOW), ward)
    new = vitals(ward, 4, supersedes=first.fact, reason="typing error")
    kept(new, ward, at=after(1))

    assert state(first.alerts[0]) is AlertState.WITHDRAWN
    assert sweep(600) == 0

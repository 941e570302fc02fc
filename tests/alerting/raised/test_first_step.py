"""Between the commit of an alert and the worker that calls somebody: nothing is lost, late or said twice."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from crsmonitor.errors import AlreadyAcknowledged
from grading.alerting import tasks
from grading.alerting.cards import card_of
from grading.alerting.delivery import holds, outbox
from grading.alerting.delivery.signs_of_life import signs
from grading.alerting.services.answers import acknowledge, snooze
from grading.alerting.services.escalation import call_first, due, oldest_due
from grading.models import Alert, AlertState, Delivery, Escalation
from grading.rules.alerting.on_call.rota import OnCallRole
from grading.rules.alerting.watchdog import Trouble, wrong
from tests.alerting.paged import withdraw
from tests.alerting.staffed import GRADES, after, on, people_paged, state
from tests.builders import World, hour, recorded_only, vitals

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward(staffed_ward: World) -> World:
    return staffed_ward


@pytest.fixture
def alert(ward) -> Alert:
    """Raised at hour 4, and no worker has come."""
    [raised] = recorded_only(vitals(ward, 4, **GRADES[2]), ward).alerts
    return raised


def call(alert: Alert, minutes: float) -> bool:
    return call_first(alert.pk, at=after(minutes))


def test_a_save_writes_the_alert_and_from_when_somebody_has_to_be_called(alert):
    kept = Alert.objects.get()

    assert (kept.state, kept.pages_sent, kept.escalate_at) == (AlertState.OPEN, 0, hour(4))
    assert not Escalation.objects.exists()
    assert not Delivery.objects.exists()
    assert card_of(kept, at=hour(4), may_acknowledge=True).may_acknowledge


def test_a_worker_calls_once_and_the_wait_counts_from_the_commit(alert):
    assert (call(alert, 3), call(alert, 3)) == (True, False)

    assert people_paged(alert) == [["investigator", "nurse"]]
    assert state(alert) == AlertState.OPEN
    alert.refresh_from_db()
    assert (alert.pages_sent, alert.escalate_at) == (1, after(5))  # five minutes of the first step
    assert {(one.queued_at, one.next_try_at) for one in alert.deliveries.all()} == {(hour(4), after(3))}


def test_the_sweep_calls_where_the_hint_was_lost(alert):
    """The record is of another day than the worker's clock: it calls all the same."""
    assert tasks.escalate() == 1
    assert Escalation.objects.filter(alert=alert, number=0).exists()


def test_a_hint_that_comes_late_takes_no_later_step(alert):
    call(alert, 1)

    assert not call(alert, 60)  # the next is due since minute 5, and is the sweep's
    assert Escalation.objects.filter(alert=alert).count() == 1


def test_a_clock_that_was_put_back_since_holds_no_first_call_up(alert):
    an_hour_before = hour(4) - timedelta(hours=1)
    [one] = due(at=an_hour_before)

    assert (one.alert, one.first) == (alert.pk, True)
    assert call_first(alert.pk, at=an_hour_before)


def test_who_is_on_call_when_the_worker_comes_is_called(ward, alert):
    on(ward, OnCallRole.ASSIGNED_NURSE, ward.charge_nurse, start=12, end=24)

    call_first(alert.pk, at=hour(13))  # the shifts of the day are over

    assert people_paged(alert)[0] == ["charge"]


def test_whoever_answers_first_has_everybody_called_who_would_have_been(ward, alert):
    acknowledge(str(alert.pk), by=ward.nurse, at=after(1))

    assert people_paged(alert) == [["investigator", "nurse"]]
    assert state(alert) == AlertState.ACKNOWLEDGED
    assert Alert.objects.get().escalate_at is None
    assert not call(alert, 1)


def test_whoever_silences_first_silences_the_next_call_and_not_the_first(ward, alert):
    snooze(str(alert.pk), until=after(20), because="with her", by=ward.nurse, at=after(1))

    assert people_paged(alert) == [["investigator", "nurse"]]
    assert Alert.objects.get().escalate_at == after(20)
    assert not call(alert, 2)


def test_what_is_withdrawn_before_a_worker_comes_calls_nobody(ward, alert):
    withdraw(ward, alert, by=ward.nurse, at=after(1))

    assert not call(alert, 1)
    assert (state(alert), Escalation.objects.count(), Delivery.objects.count()) == (AlertState.WITHDRAWN, 0, 0)
    with pytest.raises(AlreadyAcknowledged):
        acknowledge(str(alert.pk), by=ward.nurse, at=after(2))


def test_what_was_raised_before_a_restore_waits_for_a_decision_as_its_messages_would(alert):
    holds.hold(by="test", reason="restored", at=after(1))

    call(alert, 2)

    assert holds.counts() == {"delivery": 2}
    assert outbox.due(at=after(3)) == []


def test_an_alert_for_which_nobody_is_called_is_what_waits_longest(alert):
    assert oldest_due(at=after(2)) == hour(4)
    assert signs(at=after(2)).oldest_due == hour(4)
    assert Trouble.OUTBOX in wrong(signs(at=after(2)), at=after(2))

    call(alert, 2)

    assert oldest_due(at=after(2)) is None


def test_the_card_says_that_nobody_was_called_yet_and_then_when_the_next_is(ward, client):
    cache.clear()
    at = timezone.now()
    draft = vitals(ward, 0, **GRADES[2])
    draft.observed_at = at
    [alert] = recorded_only(draft, ward, at=at).alerts
    client.force_login(ward.nurse)

    assert b"Nobody was called yet" in client.get(f"/alerts/{alert.pk}/").content
    call_first(alert.pk, at=at)
    page = client.get(f"/alerts/{alert.pk}/").content
    assert b"Nobody was called yet" not in page
    assert b"Next call" in page

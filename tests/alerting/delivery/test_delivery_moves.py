"""Every move of a message: what each action makes of each state. The table is written from the rules, row by row."""

import pytest
from django.db import IntegrityError, transaction

from crsmonitor.audit.acting import acting
from grading.alerting.delivery import outbox
from grading.models import DELIVERY_MOVES, Alert, Delivery, DeliveryState
from grading.models.deliveries import UNSENT
from grading.rules.alerting.stand_down import Why
from tests.builders import hour, kept, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db
S = DeliveryState
NOW = hour(4)
LATER = NOW + outbox.LEASE
FIELDS = {
    S.SENDING: {"claimed_until": LATER, "attempts": 1},
    S.SENT: {"sent_at": NOW, "attempts": 1},
    S.DELIVERED: {"sent_at": NOW, "delivered_at": NOW, "attempts": 1},
    S.FAILED: {"attempts": 1, "failure": "mail_timeout"},
    S.DEAD: {"attempts": outbox.ATTEMPTS, "failure": "mail_timeout"},
}


@stage(lasts_s=600)
def message(ward) -> Delivery:
    kept(vitals(ward, 4, temperature_c=38.6), ward)
    return Delivery.objects.get()


def put(message: Delivery, state: DeliveryState) -> Delivery:
    Delivery.objects.filter(pk=message.pk).update(state=state, **FIELDS.get(state, {}))
    message.refresh_from_db()
    return message


def claim(message):
    outbox.claim(str(message.pk), at=NOW)


def claim_when_the_lease_is_over(message):
    outbox.claim(str(message.pk), at=LATER)


def sent(message):
    outbox.mark_sent(message, at=NOW)


def delivered(message):
    outbox.mark_sent(message, at=NOW, proven=True)


def failed(message):
    outbox.mark_failed(message, why="mail_500", at=NOW)


def drop(message):
    outbox.stand_down(message.alert, why=Why.OVER, by=None, at=NOW)


def revive(message):
    outbox.revive(Delivery.objects.all(), reason="mail server repaired", at=NOW)


# action: {state before: state after}; what is not named stays as it was
MOVES = {
    claim: {S.QUEUED: S.SENDING, S.FAILED: S.SENDING},
    claim_when_the_lease_is_over: {S.QUEUED: S.SENDING, S.FAILED: S.SENDING, S.SENDING: S.SENDING},
    # never "sent" before sending; what has left has left, whatever was thought of it meanwhile
    sent: {S.SENDING: S.SENT, S.FAILED: S.SENT, S.DEAD: S.SENT, S.DROPPED: S.SENT},
    delivered: {
        S.SENDING: S.DELIVERED, S.FAILED: S.DELIVERED, S.DEAD: S.DELIVERED, S.DROPPED: S.DELIVERED, S.SENT: S.DELIVERED,
    },
    failed: {S.SENDING: S.FAILED},
    drop: {S.QUEUED: S.DROPPED, S.SENDING: S.DROPPED, S.FAILED: S.DROPPED},
    revive: {S.DEAD: S.QUEUED},
}  # fmt: skip


@pytest.mark.parametrize("action", MOVES, ids=lambda action: action.__name__)
@pytest.mark.parametrize("before", list(S))
def test_each_action_moves_each_state_as_the_table_says(message, action, before):
    put(message, before)

    action(message)

    message.refresh_from_db()
    assert message.state == MOVES[action].get(before, before)


def test_the_actions_make_no_move_that_the_table_forbids():
    for moves in MOVES.values():
        for before, after in moves.items():
            assert after in DELIVERY_MOVES[before]


def test_a_claim_after_the_lease_counts_another_try(message):
    put(message, S.SENDING)

    claim_when_the_lease_is_over(message)

    message.refresh_from_db()
    assert (message.attempts, message.claimed_until) == (2, LATER + outbox.LEASE)


def test_a_message_being_sent_is_unsent_until_it_has_left(message):
    claim(message)

    message.refresh_from_db()
    assert message.state in UNSENT
    assert outbox.due(at=NOW) == []
    assert outbox.due(at=LATER) == [str(message.pk)]


def test_the_last_try_that_fails_is_dead(message):
    put(message, S.SENDING)
    Delivery.objects.update(attempts=outbox.ATTEMPTS)
    message.refresh_from_db()

    failed(message)

    message.refresh_from_db()
    assert message.state == S.DEAD


def test_times_are_kept_for_export(message):
    claimed = outbox.claim(str(message.pk), at=NOW)
    outbox.mark_sent(claimed, at=LATER, proven=True)

    message.refresh_from_db()
    assert (message.queued_at, message.claimed_at, message.sent_at, message.delivered_at) == (NOW, NOW, LATER, LATER)


def test_what_only_a_mail_server_took_is_sent_and_not_delivered(message):
    sent(put(message, S.SENDING))

    message.refresh_from_db()
    assert (message.sent_at, message.delivered_at) == (NOW, None)


@pytest.mark.parametrize(
    ("state", "columns", "constraint"),
    [
        (S.SENT, {}, "delivery_sent_when"),
        (S.QUEUED, {"sent_at": NOW}, "delivery_sent_when"),
        (S.DELIVERED, {"sent_at": NOW}, "delivery_delivered_when"),
        (S.SENT, {"sent_at": NOW, "delivered_at": NOW}, "delivery_delivered_when"),
        (S.SENDING, {}, "delivery_sending_has_lease"),
        ("posted", {}, "delivery_state_known"),
    ],
)
def test_the_database_refuses_a_state_without_what_belongs_to_it(message, state, columns, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Delivery.objects.update(state=state, **columns)


# --- Revived by an operator -------------------------------------------------------------------------------------


def test_a_revived_message_begins_anew_and_keeps_the_reason(message):
    revive(put(message, S.DEAD))

    message.refresh_from_db()
    assert (message.attempts, message.next_try_at, message.revived_because) == (0, NOW, "mail server repaired")
    assert outbox.due(at=NOW) == [str(message.pk)]


def test_a_message_of_an_alert_that_is_over_is_let_go(message):
    with acting(by="test", reason="over"):
        Alert.objects.update(state="resolved")

    assert outbox.revive(Delivery.objects.all(), reason="r", at=NOW) == (0, 0)
    put(message, S.DEAD)
    assert outbox.revive(Delivery.objects.all(), reason="r", at=NOW) == (0, 1)

    message.refresh_from_db()
    assert message.state == S.DROPPED

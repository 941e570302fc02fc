"""A restored database: what may have left already waits for a person's word, what is raised since does not."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from crsmonitor.audit.models import AuditEvent
from grading.alerting.delivery import holds, outbox
from grading.alerting.delivery.signs_of_life import signs
from grading.models import Delivery, DeliveryState, OutboxHold
from grading.rules.alerting.watchdog import Trouble, wrong
from tests.builders import hour, kept, vitals

FEVER = {"temperature_c": 38.6}
WORSE = FEVER | {"sbp": 85, "hypotension": True}
RESTORED = hour(6)


def ids() -> set[str]:
    return {str(pk) for pk in Delivery.objects.values_list("pk", flat=True)}


@pytest.fixture
def before(ward) -> set[str]:
    """The messages of an alert at hour 4, unsent at the restore."""
    kept(vitals(ward, 4, **FEVER), ward)
    return ids()


@pytest.fixture
def restored(before):
    holds.hold(by="command:restore", reason="a drill", at=RESTORED)
    return before


def held_messages(*words: str) -> str:
    messages = StringIO()
    call_command("held_messages", *words, stdout=messages)
    return messages.getvalue()


def test_without_a_restore_they_leave(before):
    assert set(outbox.due(at=RESTORED)) == before


def test_what_was_unsent_waits(restored):
    assert outbox.due(at=hour(7)) == []
    assert [outbox.claim(one, at=hour(7)) for one in restored] == [None] * len(restored)
    assert outbox.oldest_due(at=hour(7)) is None  # nobody is late: a person has to decide
    assert Trouble.HELD in wrong(signs(at=hour(7)), at=hour(7))


def test_what_is_raised_after_the_restore_leaves_at_once(restored, world):
    kept(vitals(world, 7, **WORSE), world)

    assert set(outbox.due(at=hour(7))) == ids() - restored != set()


def test_released_they_leave(restored):
    assert f"{len(restored)} messages released" in held_messages("release", "--reason", "none had left")

    assert set(outbox.due(at=hour(7))) == restored
    assert Trouble.HELD not in wrong(signs(at=hour(7)), at=hour(7))


def test_discarded_they_never_leave(restored):
    assert f"{len(restored)} messages discarded" in held_messages("discard", "--reason", "they left that night")

    assert outbox.due(at=hour(7)) == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DROPPED.value}


def test_a_decision_says_why_and_is_audited(restored):
    with pytest.raises(CommandError, match="say why"):
        held_messages("discard")
    held_messages("discard", "--reason", "they left that night")

    event = AuditEvent.objects.filter(table_name="grading_outboxhold").latest("seq")
    assert (event.actor, event.reason) == ("command:held_messages discard", "they left that night")
    assert OutboxHold.objects.get().decision == "discarded"


def test_how_many_wait_is_said(restored):
    assert held_messages() == f"{len(restored)} messages wait for a decision, {len(restored)} delivery\n"

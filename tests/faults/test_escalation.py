"""Nobody answers, and everything dies meanwhile: the next call is a due time in a row, and is made all the same."""

import os
import signal
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.alerting.services.on_call.rota import put_on, set_escalation_steps
from grading.models import Alert, Delivery, Escalation
from grading.rules.alerting.escalation import PlannedEscalation
from grading.rules.alerting.on_call.rota import OnCallRole
from tests.alerting.staffed import has_channel
from tests.builders import World
from tests.faults.rig.stack import all_arrived, fever, unsent, until, ward

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


def waiting(hook, *, code: str = "DEMO") -> World:
    """An alert whose nurse was called; the charge nurse is next, in an hour."""
    world, at = ward(hook, code=code), timezone.now()
    escalation_steps = [
        PlannedEscalation(on_call_role=on_call_role, wait=timedelta(hours=1))
        for on_call_role in (OnCallRole.ASSIGNED_NURSE, OnCallRole.CHARGE_NURSE)
    ]
    set_escalation_steps(world.study, escalation_steps, site=None, by="test", reason="steps")
    for on_call_role, who in ((OnCallRole.ASSIGNED_NURSE, world.nurse), (OnCallRole.CHARGE_NURSE, world.charge_nurse)):
        has_channel(who)
        put_on(
            world.study, world.site, on_call_role=on_call_role, person=who, starts_at=at - timedelta(days=1),
            ends_at=at + timedelta(days=1), by=world.charge_nurse,
        )  # fmt: skip
    fever(world)
    later(world, timedelta(hours=1))
    return world


def later(world: World, wait: timedelta) -> None:
    """The next call of the world's alert is due so long after now."""
    with acting(by="test", reason="time passes"):
        Alert.objects.filter(participant=world.participant).update(escalate_at=timezone.now() + wait)


def called(world: World) -> list[int]:
    rows = Escalation.objects.filter(alert__participant=world.participant)
    return sorted(rows.values_list("number", flat=True))


def charge_nurse_was_paged(world: World) -> bool:
    """Whether the charge nurse's message has left."""
    return Delivery.objects.filter(recipient=world.charge_nurse, sent_at__isnull=False).exists()


def test_a_call_whose_time_has_come_is_made(stack, hook):
    world = waiting(hook)
    stack.worker(), stack.beat()
    stack.until_ready(1)
    until(lambda: unsent() == 0, 20, "the first call has left")
    assert called(world) == [0]

    later(world, timedelta())
    took = until(lambda: charge_nurse_was_paged(world) and unsent() == 0, 15, "the charge nurse is called")

    assert called(world) == [0, 1]
    assert set(all_arrived(stack, hook, slowest=took).values()) == {1}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "stopped"])
def test_everything_is_restarted_in_the_middle_of_an_escalation(stack, hook, how):
    world = waiting(hook)
    stack.worker(), stack.beat()
    stack.until_ready(1)
    until(lambda: unsent() == 0, 20, "the first call has left")
    for process in stack.processes:
        os.killpg(process.pid, how)
    for process in stack.processes:
        process.wait(120)

    later(world, -timedelta(minutes=20))  # the deadline passed while nothing ran
    stack.worker(), stack.beat()
    stack.until_ready(1)
    took = until(lambda: charge_nurse_was_paged(world) and unsent() == 0, 15, "the charge nurse is called")

    assert called(world) == [0, 1]
    all_arrived(stack, hook, slowest=took)


def test_two_beats_and_two_workers_call_once(stack, hook):
    worlds = [waiting(hook, code=f"S{n}") for n in range(4)]
    for starting in (stack.worker, stack.worker, stack.beat, stack.beat):
        starting()
    stack.until_ready(2)
    for world in worlds:
        later(world, timedelta())

    until(lambda: all(map(charge_nurse_was_paged, worlds)) and unsent() == 0, 25, "every charge nurse is called")

    assert [called(world) for world in worlds] == [[0, 1]] * 4
    assert set(Counter(all_arrived(stack, hook).values())) == {1}

"""The clock is put forward or back an hour under running processes, and the nights on which the site's clock changes.

Workers and beats tell the time by a clock of the test's own (shifted_clock.py); the database keeps the machine's.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from grading.alerting.heartbeat import SWEEP
from grading.alerting.services.on_call.rota import put_on, set_escalation_steps
from grading.models import Alert, Beacon, Escalation, Heartbeat
from grading.rules.alerting.escalation import PlannedEscalation
from grading.rules.alerting.on_call.rota import OnCallRole
from regimens.rules.wall_time import instant
from tests.alerting.staffed import has_channel
from tests.builders import World, person
from tests.faults.rig.stack import all_arrived, another, fever, nobody_is_called_again, unsent, until, ward

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

HOUR = timedelta(hours=1)
NEAR = timedelta(seconds=10)


# --- Put forward and back ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shifts", [(HOUR, timedelta()), (-HOUR, timedelta())], ids=["forwards and back", "back and forwards"]
)
def test_the_clock_is_put_an_hour(stack, hook, shifts):
    stack.set_clock(timedelta())
    stack.worker(), stack.beat()
    stack.until_ready(1)
    slowest = 0.0
    for number, shift in enumerate(shifts):
        hook.plan = [500]
        fever(ward(hook, code=f"FAILS{number}"), at=stack.now())
        calls = len(hook.calls)
        until(lambda before=calls: len(hook.calls) > before or unsent() == 0, 15, "a first try fails")
        stack.set_clock(shift)  # while it waits for its second try
        took = until(lambda: unsent() == 0, 15, "it is tried again")
        fever(ward(hook, code=f"NEW{number}"), at=stack.now())
        slowest = max(slowest, took, until(lambda: unsent() == 0, 15, "what is new is sent"))
        until(lambda: abs(Heartbeat.objects.get(name=SWEEP).at - stack.now()) < NEAR, 15, "the sweep says when it ran")
        # The sweep says when it ran, and then takes back the beacons of the other clock.
        until(lambda: not Beacon.objects.filter(queued_at__gt=stack.now() + NEAR).exists(), 15, "none is of the future")

    assert set(all_arrived(stack, hook, slowest=slowest).values()) == {1}


def test_what_was_queued_and_called_before_the_clock_was_put_back_an_hour_does_not_wait_for_it(stack, hook):
    """Recorded on the clock that was an hour ahead, while no worker ran."""
    stack.set_clock(timedelta())
    world = on_call(ward(hook), start=stack.now() - HOUR, until=stack.now() + 3 * HOUR, handover=stack.now() + 2 * HOUR)
    fever(world, at=stack.now() + HOUR, sbp=85, hypotension=True)
    call_again(world, stack.now() + HOUR + timedelta(minutes=15))
    stack.worker(), stack.beat()
    stack.until_ready(1)

    took = until(lambda: called(world, number=1) and unsent() == 0, 15, "all is sent, and the next is called")

    # Early rather than an hour late, and once.
    assert Escalation.objects.filter(alert__participant=world.participant).count() == 2
    assert Alert.objects.get().escalate_at < stack.now() + HOUR
    assert set(all_arrived(stack, hook, slowest=took).values()) == {1}


# --- The nights of the change -----------------------------------------------------------------------------------


PARIS = ZoneInfo("Europe/Paris")


def on_call(world: World, *, start: datetime, until: datetime, handover: datetime) -> World:
    """Escalation steps and a rota: one charge nurse up to the handover, another from then on."""
    with acting(by="test", reason="another charge nurse"):
        world.relief = person(f"{world.study.code.lower()}.relief", world.study, Role.CHARGE_NURSE, world.site)
    escalation_steps = [
        PlannedEscalation(on_call_role=on_call_role, wait=HOUR)
        for on_call_role in (OnCallRole.ASSIGNED_NURSE, OnCallRole.CHARGE_NURSE)
    ]
    set_escalation_steps(world.study, escalation_steps, site=None, by="test", reason="steps")
    for on_call_role, who, starts_at, ends_at in (
        (OnCallRole.ASSIGNED_NURSE, world.nurse, start, until),
        (OnCallRole.CHARGE_NURSE, world.charge_nurse, start, handover),
        (OnCallRole.CHARGE_NURSE, world.relief, handover, until),
    ):
        has_channel(who)
        put_on(
            world.study,
            world.site,
            on_call_role=on_call_role,
            person=who,
            starts_at=starts_at,
            ends_at=ends_at,
            by=world.charge_nurse,
        )
    return world


def call_again(world: World, at: datetime) -> None:
    with acting(by="test", reason="a due time"):
        Alert.objects.filter(participant=world.participant).update(escalate_at=at)


def called(world: World, *, number: int) -> Escalation | None:
    return Escalation.objects.filter(alert__participant=world.participant, number=number).first()


@pytest.mark.parametrize(
    ("evening", "morning", "deadlines"),
    [
        # 02:00 becomes 03:00 at 01:00 UTC: the night's shift, which ends at 03:00, ends there.
        ("2026-03-28T22:00", "2026-03-29T03:00", {"00:58:30": "charge", "01:00:02": "relief"}),
        # 03:00 becomes 02:00 at 01:00 UTC: what is 02:00 a second time is still the night's, up to 02:00 UTC.
        (
            "2026-10-24T22:00", "2026-10-25T03:00",
            {"00:58:30": "charge", "01:00:02": "charge", "02:00:02": "relief"},
        ),
    ],
    ids=["in spring", "in autumn"],
)  # fmt: skip
def test_the_night_on_which_the_clock_changes(stack, hook, evening, morning, deadlines):
    """A shift from 22:00 to 03:00 on the clock of the site, and calls due around the change.

    The last before it is due so early that it is made before the change on a busy machine too.
    """
    due = {datetime.fromisoformat(f"{morning[:10]}T{clock}+00:00"): who for clock, who in deadlines.items()}
    world = ward(hook, time_zone=PARIS.key)
    begins, handover = (instant(datetime.fromisoformat(clock), PARIS) for clock in (evening, morning))
    on_call(world, start=begins, until=handover + 5 * HOUR, handover=handover)
    at = min(due) - timedelta(minutes=5)
    waiting = {moment: another(world, number) for number, moment in enumerate(due)}
    for here in waiting.values():
        fever(here, at=at)
    for moment, here in waiting.items():
        call_again(here, moment)
    stack.set_clock(timedelta())
    stack.worker()
    stack.until_ready(1)
    stack.set_clock(at + timedelta(minutes=5) - timedelta(seconds=3) - datetime.now(UTC))
    stack.beat()

    late = []
    for moment, here in waiting.items():
        if moment - stack.now() > timedelta(minutes=1):
            stack.set_clock(stack.shift + (moment - stack.now()) - timedelta(seconds=3))
        until(lambda w=here: called(w, number=1), 30, f"the call that is due at {moment} is made")
        call = called(here, number=1)
        assert call.people == [(world.charge_nurse if due[moment] == "charge" else world.relief).pk]
        assert moment <= call.at
        late.append((call.at - moment).total_seconds())
    nobody_is_called_again()
    until(lambda: unsent() == 0, 15, "all have left")

    assert max(late) < 60  # the sweep comes every 2 s; what is an hour late, or waits for the next, is another thing
    assert Escalation.objects.count() == 2 * len(due)
    assert set(all_arrived(stack, hook, slowest=max(late)).values()) == {1}

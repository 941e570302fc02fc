"""A ward with escalation steps and a rota, and what the tests of escalation ask of it."""

from datetime import datetime, timedelta

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from grading.alerting.services.escalation import due, meet
from grading.alerting.services.on_call.rota import put_on, set_escalation_steps
from grading.models import Alert, AlertState, Channel, Contact, Escalation
from grading.rules.alerting.escalation import PlannedEscalation
from grading.rules.alerting.on_call.rota import OnCallRole
from tests.builders import World, dose, hour, kept, neuro, stay, vitals

FEVER = {"temperature_c": 38.6}
LOW = FEVER | {"sbp": 85, "hypotension": True}
PRESSOR = LOW | {"vasopressors": ["norepinephrine"]}
GRADES = {1: FEVER, 2: LOW, 3: PRESSOR}
ESCALATION_STEPS = (
    (OnCallRole.ASSIGNED_NURSE, 5), (OnCallRole.CHARGE_NURSE, 5), (OnCallRole.ON_CALL_INVESTIGATOR, 10),
    (OnCallRole.PRINCIPAL_INVESTIGATOR, 15),
)  # fmt: skip


def set_steps(world: World, *escalation_steps: tuple[OnCallRole, int]) -> None:
    steps = [
        PlannedEscalation(on_call_role=on_call_role, wait=timedelta(minutes=wait))
        for on_call_role, wait in escalation_steps
    ]
    set_escalation_steps(world.study, steps, site=None, by="test", reason="steps for a test")


def has_channel(who: User) -> None:
    """Her own address has been tested, so that escalation waits for her."""
    with acting(by="test", reason="a test message arrived"):
        Contact.objects.get_or_create(
            user=who, channel=Channel.EMAIL, address=who.email, ended_at=None,
            defaults={"added_at": hour(-1000), "tested_at": hour(-1000)},
        )  # fmt: skip


def lose(who: User, what: str) -> None:
    """She cannot be called any more: her account, membership or channel is gone."""
    with acting(by="test", reason="left"):
        if what == "account":
            User.objects.filter(pk=who.pk).update(is_active=False)
        elif what == "membership":
            who.memberships.update(ended_at=hour(1))
        else:
            Contact.objects.filter(user=who).update(ended_at=hour(1))


def on(world: World, on_call_role: OnCallRole, who: User, *, start: float = 0, end: float = 12) -> None:
    has_channel(who)
    put_on(
        world.study,
        world.site,
        on_call_role=on_call_role,
        person=who,
        starts_at=hour(start),
        ends_at=hour(end),
        by=world.charge_nurse,
    )


def staffed(world: World) -> World:
    """A participant under observation, four escalation steps, and somebody in each role but the last."""
    kept(stay(world), world)
    kept(dose(world), world)
    kept(neuro(world, 4), world)
    set_steps(world, *ESCALATION_STEPS)
    on(world, OnCallRole.ASSIGNED_NURSE, world.nurse)
    on(world, OnCallRole.CHARGE_NURSE, world.charge_nurse)
    on(world, OnCallRole.ON_CALL_INVESTIGATOR, world.investigator)
    return world


def raised(world: World, grade: int = 2, h: float = 4) -> Alert:
    [alert] = kept(vitals(world, h, **GRADES[grade]), world).alerts
    return alert


def after(minutes: float) -> datetime:
    """So long after the alert of hour 4."""
    return hour(4) + timedelta(minutes=minutes)


def sweep(minutes: float) -> int:
    at = after(minutes)
    return sum(meet(one, at=at) for one in due(at=at))


def people_paged(alert: Alert) -> list[list[str]]:
    """Whom each call told, sorted by sign-in name."""
    names = dict(User.objects.values_list("pk", "username"))
    rows = Escalation.objects.filter(alert=alert).order_by("occurrence", "number")
    return [sorted(names[pk].removeprefix("demo.") for pk in row.people) for row in rows]


def state(alert: Alert) -> AlertState:
    alert.refresh_from_db()
    return AlertState(alert.state)

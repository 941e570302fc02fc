"""What a study lacks to be ready to enrol, given to the world of the tests."""

from datetime import timedelta

from crsmonitor.audit.acting import acting
from grading.alerting.services.on_call.rota import set_escalation_steps
from grading.models import Channel, Contact, PhoneTree
from grading.rules.alerting.escalation import PlannedEscalation
from grading.rules.alerting.on_call.rota import OnCallRole
from regimens.models import Regimen
from tests.builders import World, hour

PAGED = (OnCallRole.ASSIGNED_NURSE, OnCallRole.ON_CALL_INVESTIGATOR)


def make_ready(world: World) -> World:
    """Both sites may enrol: see test_guard.py."""
    with acting(by="test", reason="ready to enrol"):
        world.regimen.steps.update(risk_window_h=168)
        Regimen.objects.filter(pk=world.regimen.pk).update(untightened_because="protocol 6")
        for one in (world.nurse, world.outsider, world.investigator):
            Contact.objects.create(
                user=one, channel=Channel.EMAIL, address=one.email, added_at=hour(-99), tested_at=hour(-99)
            )
        PhoneTree.objects.get_or_create(study=world.study, site=None, defaults={"text": "Charge nurse 1001"})
    steps = [PlannedEscalation(on_call_role=role, wait=timedelta(minutes=5)) for role in PAGED]
    set_escalation_steps(world.study, steps, site=None, by="test", reason="escalation")
    world.regimen.refresh_from_db()
    return world

"""A participant under a published regimen, with everything on record that the gate asks for."""

from decimal import Decimal

from crsmonitor.audit.acting import acting
from regimens.library import read
from regimens.models import Measured, Measurement, WindowCompletion
from regimens.services.versions import adopt
from tests.builders import RISK_WINDOWS, build_world, dose, draft, hour, kept, neuro, stay, vitals
from tests.stages import stage

DAY = 24
NEXT = 3 * DAY  # step-up 2 is planned three days after step-up 1


def measured(world, h, kind, value):
    return draft(Measurement, world, h, kind=kind, value=Decimal(value))


def enrolled(code, published, region="US"):
    """A world of its own, under the region's label of this regimen of the library; nothing is recorded yet."""
    world = build_world(code)
    regimen = adopt(study=world.study, document=read(published), variant=region, by="test", reason="test", at=hour(-99),
                    looks=RISK_WINDOWS)  # fmt: skip
    with acting(by="test", reason="a regimen of the library"):
        world.participant.regimen = regimen
        world.participant.save()
    world.regimen, world.steps = regimen, list(regimen.steps.order_by("position"))
    return world


@stage(lasts_s=600)
def library_world():
    return enrolled("LIB", "teclistamab")


def give(world, h, step=0):
    return kept(dose(world, h, step=step, unit="mg/kg", route="SUBCUTANEOUS"), world)


def close_window(world, given, h, *, complete=True):
    columns = {"dose": given, "complete": complete, "because": "" if complete else "discharged", "signed": True}
    return kept(draft(WindowCompletion, world, h, **columns), world, by=world.investigator)


@stage(lasts_s=600)
def ready(library_world):
    """Step-up 1 given at hour 0; three days later nothing stands in the way of step-up 2."""
    world = library_world
    kept(stay(world, -2), world)
    kept(measured(world, -1, Measured.BASELINE_ICE, 10), world)
    given = give(world, 0).fact
    for h in range(4, NEXT, 8):
        kept(vitals(world, h), world)
        kept(neuro(world, h + 0.1), world)
    close_window(world, given, 49)
    kept(measured(world, NEXT - 2, Measured.INFECTION, 0), world)
    return world

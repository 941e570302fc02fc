"""A trial of epcoritamab in three cohorts, the rungs of a design: three participants had all doses of the lowest."""

from decimal import Decimal

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from regimens.library import document_from, read
from regimens.models import Participant
from regimens.services.designed import FromDesign
from regimens.services.versions import adopt
from tests.builders import RISK_WINDOWS, build_world, dose, hour, kept, person, vitals
from tests.regimens.design_pages.ladders import NAMES, ladder_design
from tests.stages import stage

WEEK = 168  # hours
LOW = {"temperature_c": 38.6, "sbp": 85, "hypotension": True}  # grade 2
TOPS = {"6 mg": "6", "12 mg": "12", "48 mg": "48"}


def climbing_world(code="CLIMB"):
    """The version of the design in force, its three cohorts, a second investigator, and nobody dosed."""
    world = build_world(code)
    with acting(by="test", reason="a second investigator"):
        world.second = person(f"{code.lower()}.second", world.study, Role.INVESTIGATOR)
    world.version = ladder_design(world)
    cohorts = [
        {"name": name, "ladder": {"first full dose": mg, "C1D22": mg}} for name, mg in TOPS.items()
    ]  # fmt: skip
    world.regimen = adopt(
        study=world.study, document=document_from(dict(read("epcoritamab_LBCL").data) | {"cohorts": cohorts}),
        variant="US", by="test", reason="test", at=hour(-99), looks=RISK_WINDOWS,
        origin=FromDesign(version=world.version, rungs={name: name for name in NAMES}),
    )  # fmt: skip
    world.steps = list(world.regimen.steps.order_by("position"))
    return world


@stage(lasts_s=600)
def climbed():
    return climbed_world()


def climbed_world():
    """Three participants of the lowest cohort: one had CRS of grade 2 after the first dose, nobody after any other.

    A fourth has had the first dose and nobody has looked; a fifth is in the middle cohort and was given nothing.
    """
    world = climbing_world()
    with acting(by="test", reason="participants"):
        people = [
            Participant.objects.create(
                study=world.study, site=world.site, number=f"CLIMB-1{number}", regimen=world.regimen, cohort=cohort
            )
            for number, cohort in enumerate(("6 mg", "6 mg", "6 mg", "6 mg", "12 mg"))
        ]
    for participant in people[:3]:
        for place in range(4):
            _given(world, participant, place)
    kept(dose(world, 0, participant=people[3], route="SUBCUTANEOUS"), world)
    return world


def _given(world, participant, place):
    start = place * WEEK
    mg = Decimal(["0.16", "0.8", "6", "6"][place])
    kept(dose(world, start, step=place, amount=mg, route="SUBCUTANEOUS", participant=participant), world)
    ill = place == 0 and participant.number == "CLIMB-10"
    kept(vitals(world, start + 10, participant=participant, **(LOW if ill else {})), world)
    if ill:
        for h in (34, 46, 58):
            kept(vitals(world, h, participant=participant), world)

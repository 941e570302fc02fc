"""One record of each kind of fact that is signed, and a period, all signed by the investigator."""

from crsmonitor.accounts.proof import Proof
from grading.models import DosePeriod
from grading.review.signatures.kinds import PERIOD
from regimens.models import DoseRelease, Signature, WindowCompletion
from regimens.services.signing import sign
from tests.builders import World, dose, draft, hour, kept, neuro, stay, treatment, vitals
from tests.review.drafts import assessment
from tests.stages import stage

SIGNED_AT = 30  # hours after the dose


@stage(lasts_s=600)
def signed(world: World) -> World:
    """A fever treated on day 1, judged at 10 h; the window closed at 26 h, the next dose released at 28 h."""
    kept(stay(world), world)
    given = kept(dose(world), world).fact
    kept(vitals(world, 4, temperature_c=38.6), world)
    kept(neuro(world, 5), world)
    kept(treatment(world, 6, "paracetamol", "antipyretic", "crs", dose=1000, unit="mg"), world)
    kept(assessment(world, h=10, about="episode", ledger="investigator"), world, by=world.investigator)
    kept(vitals(world, 12), world)
    closing = draft(WindowCompletion, world, 26, dose=given, complete=False, because="Left.", signed=True)
    kept(closing, world, by=world.investigator)
    release = draft(
        DoseRelease, world, 28, step=world.steps[1], dose_at=hour(168), override=True, because="The study says so."
    )
    kept(release, world, by=world.investigator)
    sign(PERIOD, DosePeriod.objects.get(), by=world.investigator, at=hour(SIGNED_AT), proof=Proof.PASSKEY)
    return world


def voids(world: World) -> dict[str, str]:
    """What no longer holds, and why."""
    rows = Signature.objects.filter(participant=world.participant, void__isnull=False)
    return dict(rows.values_list("kind", "void__because"))

"""One small trial, recorded once: what each data set says of it is counted by hand in the tests."""

from datetime import timedelta
from decimal import Decimal

from crsmonitor.audit.acting import acting
from grading.alerting.services.answers import acknowledge
from grading.models import Attribution, GradeAssessment, TreatmentEnd
from regimens.models import Disposition, DoseEnd, DoseStatus, Measurement, MissedObservationReason, Participant
from tests.builders import build_world, dose, draft, hour, kept, neuro, stay, treatment, vitals
from tests.stages import stage

WEEK = 168  # hours
CUT = hour(2 * WEEK)


@stage(lasts_s=600)
def trial():
    """001 in Taipei: CRS grade 2 from hour 27 to 44 of dose 1, ICANS grade 1, dose 2 a week later, left at 240.

    002 in Paris: dose 1, a fever that has another cause, a dose that was not given.
    """
    world = build_world()
    kept(draft(Measurement, world, -5, kind="baseline_sbp", value=Decimal(125)), world)
    bed = kept(stay(world, -4), world).fact
    kept(vitals(world, -2, temperature_c=36.5), world)
    kept(treatment(world, -1, "dexamethasone", "corticosteroid", "premedication", dose=16, unit="mg"), world)
    given = kept(dose(world, planned_at=hour(-0.5)), world).fact
    kept(draft(DoseEnd, world, 2, dose=given), world)
    typed = kept(vitals(world, 4, temperature_c=37.6), world).fact
    kept(vitals(world, 4, temperature_c=37.2, supersedes=typed, reason="typed wrong"), world, at=hour(5))
    other = kept(vitals(world, 6, temperature_c=39), world).fact
    kept(vitals(world, 6, temperature_c=39, supersedes=other, reason="wrong bed", withdrawn=True), world, at=hour(7))
    reason = {"observation_kind": "vitals", "due_at": hour(8), "because": "asleep"}
    kept(draft(MissedObservationReason, world, 8, **reason), world)
    low = {"temperature_c": 38.6, "sbp": 85, "hypotension": True, "heart_rate": 110, "spo2": 93}
    alert = kept(vitals(world, 27, **low), world).alerts[0]
    acknowledge(str(alert.pk), by=world.nurse, at=hour(27) + timedelta(minutes=4, seconds=30))
    kept(neuro(world, 28, ice_writing=False, ice_attention=False), world)
    agreed = {
        "about": "episode",
        "about_root": alert.fact_root,
        "kind": "crs",
        "ledger": "investigator",
        "agrees": True,
    }
    kept(draft(GradeAssessment, world, 29, **agreed), world, by=world.investigator)
    kept(treatment(world, 29.5, "tocilizumab", "anticytokine", "crs", dose=480, unit="mg"), world)
    ran = kept(treatment(world, 30, "oxygen", "oxygen", "crs", dose=2, unit="L/min", route="nasal cannula"), world)
    kept(draft(TreatmentEnd, world, 40, treatment=ran.fact), world)
    for h in (44, 56, 68):
        kept(vitals(world, h), world)
        kept(neuro(world, h), world)
    kept(dose(world, WEEK, step=1), world)
    kept(draft(Disposition, world, 240, kind="discontinued"), world, by=world.investigator)
    _second(world)
    assert bed
    return world


def _second(world) -> None:
    with acting(by="test", reason="another participant"):
        there = Participant.objects.create(
            study=world.study, site=world.other_site, number="DEMO-002", regimen=world.regimen
        )
    who = {"participant": there}
    kept(dose(world, 24, **who), world, by=world.outsider)
    other_cause = {"sign": "fever", "cause": "catheter", "because": "culture", "until": hour(36)}
    kept(draft(Attribution, world, 26, **other_cause, **who), world, by=world.investigator)
    kept(vitals(world, 28, temperature_c=38.2, oxygen_device=None, **who), world, by=world.outsider)
    not_given = {"status": DoseStatus.NOT_GIVEN, "amount": None, "not_given_because": "infection"}
    kept(dose(world, WEEK, step=1, planned_at=hour(WEEK), **not_given, **who), world, by=world.outsider)

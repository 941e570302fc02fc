"""A trial in which each participant is another case of what a dose period counts as."""

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from regimens.models import Disposition, DoseStatus, Participant
from tests.builders import build_world, dose, draft, hour, kept, neuro, person, treatment, vitals
from tests.stages import stage

WEEK = 168  # hours
WINDOW = 72  # hours of the risk window of each step
LOW = {"temperature_c": 38.6, "sbp": 85, "hypotension": True}  # grade 2
UNTOLD = {"temperature_c": None, "oxygen_device": None}  # a set that leaves more than one grade attainable


@stage(lasts_s=600)
def cases():
    """By number of the participant; hours from 0.

    1 grade 2 from 27 to 44 with tocilizumab, dose 2 at 168 and a set at 172. 2 grade 1 at 20, over at 30, then dose 2.
    3 one set that cannot be told, then dose 2, interrupted, with a set. 4 a first dose that was taken back, another at
    5. 5 ICANS alone. 6 discontinued at 30. 7 a set without temperature and low pressure: nobody judged it. 8 the first
    step twice, then the second. 9 a fever that dose 2 finds. 10 a dose that was not given. 11 nothing.
    """
    world = build_world(risk_window_h=WINDOW)
    with acting(by="test", reason="a reviewer"):
        world.central = person("demo.central", world.study, Role.CENTRAL)
    people = [world.participant, *(_another(world, number) for number in range(2, 12))]
    for number, record in enumerate((_one, _two, _three, _four, _five, _six, _seven, _eight, _nine, _ten), start=1):
        record(world, {"participant": people[number - 1]})
    return world


def _another(world, number):
    with acting(by="test", reason="another participant"):
        return Participant.objects.create(
            study=world.study, site=world.site, number=f"DEMO-{number:03}", regimen=world.regimen
        )


def keep(world, *facts):
    return [kept(fact, world).fact for fact in facts]


def _one(world, who):
    keep(world, dose(world, **who), vitals(world, 4, **who), vitals(world, 27, **LOW, **who))
    keep(world, treatment(world, 29.5, "tocilizumab", "anticytokine", "crs", dose=480, unit="mg", **who))
    keep(world, *(vitals(world, h, **who) for h in (44, 56, 68)))
    keep(world, dose(world, WEEK, step=1, **who), vitals(world, WEEK + 4, **who))


def _two(world, who):
    keep(world, dose(world, **who), vitals(world, 20, temperature_c=38.4, **who))
    keep(world, *(vitals(world, h, **who) for h in (30, 42, 54)))
    keep(world, dose(world, WEEK, step=1, **who))


def _three(world, who):
    keep(world, dose(world, **who), vitals(world, 4, **UNTOLD, **who))
    half = {"status": DoseStatus.INTERRUPTED, "amount": 10}
    keep(world, dose(world, WEEK, step=1, **half, **who), vitals(world, WEEK + 4, **who))


def _four(world, who):
    (wrong,) = keep(world, dose(world, **who))
    kept(dose(world, **who, supersedes=wrong, reason="another bed", withdrawn=True), world, at=hour(2))
    keep(world, dose(world, 5, **who), vitals(world, 9, **who))


def _five(world, who):
    keep(world, dose(world, **who), vitals(world, 4, **who))
    keep(world, neuro(world, 10, ice_writing=False, ice_attention=False, **who), neuro(world, 30, **who))


def _six(world, who):
    keep(world, dose(world, **who), vitals(world, 4, **who))
    kept(draft(Disposition, world, 30, kind="discontinued", **who), world, by=world.investigator)


def _seven(world, who):
    keep(world, dose(world, **who), vitals(world, 4, temperature_c=None, sbp=85, hypotension=True, **who))


def _eight(world, who):
    for place, step in enumerate((0, 0, 1)):
        at = place * WEEK / 2
        keep(world, dose(world, at, step=step, **who), vitals(world, at + 4, **who))


def _nine(world, who):
    keep(world, dose(world, **who), vitals(world, WEEK - 8, temperature_c=38.4, **who))
    keep(world, dose(world, WEEK, step=1, **who))
    keep(world, *(vitals(world, WEEK + h, **who) for h in (2, 14, 26, 38)))


def _ten(world, who):
    absent = {"status": DoseStatus.NOT_GIVEN, "amount": None, "not_given_because": "infection"}
    keep(world, dose(world, **absent, planned_at=hour(0), **who), dose(world, 24, **who))

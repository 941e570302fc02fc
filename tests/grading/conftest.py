"""A participant on the ward, and what tests of alerts share."""

from grading.models import Alert, AlertState, VitalSigns
from tests.builders import World, dose, hour, kept, stay, vitals
from tests.stages import stage

FEVER = {"temperature_c": 38.6}
LOW = FEVER | {"sbp": 85, "hypotension": True}


@stage
def ward(world) -> World:
    """A participant in bed who had the first dose at hour 0."""
    kept(stay(world), world)
    kept(dose(world), world)
    return world


def corrected(world: World, earlier: VitalSigns, h: float, *, at: float, **changes):
    """Another version of a set, entered at hour `at`."""
    new = vitals(world, h, supersedes=earlier, reason="typing error", **changes)
    return kept(new, world, at=hour(at))


def open_grades(world: World) -> list[int]:
    alerts = Alert.objects.filter(participant=world.participant, state=AlertState.OPEN)
    return sorted(alerts.values_list("grade", flat=True))

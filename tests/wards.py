"""What tests of a ward share: a fever, a low pressure, a corrected set, the grades that alerts are open at."""

from typing import Any

from grading.models import Alert, AlertState, VitalSigns
from grading.recording.record import Recorded
from tests.builders import World, hour, kept, vitals

FEVER = {"temperature_c": 38.6}
LOW = FEVER | {"sbp": 85, "hypotension": True}


def corrected(world: World, earlier: VitalSigns, h: float, *, at: float, **changes: Any) -> Recorded:
    """Another version of a set, entered at hour `at`."""
    new = vitals(world, h, supersedes=earlier, reason="typing error", **changes)
    return kept(new, world, at=hour(at))


def open_grades(world: World) -> list[int]:
    alerts = Alert.objects.filter(participant=world.participant, state=AlertState.OPEN)
    return sorted(alerts.values_list("grade", flat=True))

"""What a browser asks for and posts."""

from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from tests.builders import World


def url(world: World, name: str) -> str:
    return reverse(name, args=[world.participant.pk])


def common(**changes: object) -> dict[str, object]:
    values = {"id": str(uuid4()), "opened_at": timezone.now().isoformat(), "when": "0", "confirm_number": "001"}
    return {name: value for name, value in (values | changes).items() if value is not None}


def typed(**changes: object) -> dict[str, object]:
    """What a browser posts for a febrile, hypotensive set on 2 L/min by nasal cannula."""
    values = {
        "temperature_c": "38.6", "sbp": "85", "dbp": "50", "heart_rate": "110", "respiratory_rate": "20", "spo2": "94",
        "oxygen_device": "nasal_cannula", "oxygen_flow_l_min": "2", "hypotension": "yes", "fluid_bolus": "no",
        "vasopressors": ["none"],
    }  # fmt: skip
    return common(**(values | changes))


def text_of(answer) -> str:
    return answer.content.decode()

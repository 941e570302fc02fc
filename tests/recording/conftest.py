"""What the tests of recording share: the body of a well set, its address, and a participant elsewhere."""

from collections.abc import Callable
from typing import Any

import pytest

from crsmonitor.audit.acting import acting
from regimens.models import Participant
from tests.stages import stage


@pytest.fixture
def well(body: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """The body of a well participant's set of vital signs."""

    def make(**changes: Any) -> dict[str, Any]:
        return body(
            temperature_c=36.8, sbp=120, dbp=70, spo2=97, heart_rate=80, respiratory_rate=16, oxygen_device="room_air",
            hypotension=False, fluid_bolus=False, vasopressors=[],
        ) | changes  # fmt: skip

    return make


@pytest.fixture
def address(dosed):
    return f"participants/{dosed.participant.pk}/vital-signs/"


@stage
def elsewhere(dosed):
    """A participant of the other site, whom the outsider may see."""
    with acting(by="test", reason="another participant"):
        return Participant.objects.create(
            study=dosed.study, site=dosed.other_site, number="DEMO-900", regimen=dosed.regimen
        )

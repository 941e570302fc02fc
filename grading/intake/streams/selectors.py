"""Series of temperatures of whoever may look at them."""

from collections.abc import Sequence
from datetime import datetime

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from grading.models import DeviceReading
from grading.rules.intake.streams.thinning import StreamReading
from regimens.models import Participant
from regimens.selectors import participant_for


def series_of(participant: Participant, device: str, *, since: datetime, until: datetime) -> list[StreamReading]:
    """In order of time. Of a participant whom the caller was let see."""
    rows = DeviceReading.objects.filter(participant=participant, device=device, at__gte=since, at__lte=until)
    return [StreamReading(at, celsius) for at, celsius in rows.order_by("at").values_list("at", "temperature_c")]


def devices_of(user: User, participant_id: int, *, since: datetime) -> tuple[Participant, Sequence[str]]:
    """The participant, and which devices sent something of her since. NotFound, Forbidden."""
    participant = participant_for(user, participant_id, Act.SEE_WARD)
    rows = DeviceReading.objects.filter(participant=participant, at__gte=since)
    return participant, sorted(set(rows.values_list("device", flat=True)))


def has_series(participant: Participant) -> bool:
    """For the link of a page: one look into an index."""
    return DeviceReading.objects.filter(participant=participant).exists()

"""One's own PIN and badge: set and taken away by nobody else."""

from datetime import datetime

from django.db import IntegrityError

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.audit.events import record_event
from crsmonitor.devices.credentials.keyed import badge_digests, pin_hash
from crsmonitor.devices.credentials.pins import weakness
from crsmonitor.devices.models import Badge, Pin
from crsmonitor.errors import InvalidInput

SHORTEST_BADGE, LONGEST_BADGE = 4, 64


def set_pin(pin: str, *, by: User, at: datetime) -> None:
    """Raises InvalidInput for one that is guessed first."""
    if code := weakness(pin):
        raise InvalidInput.at("pin", code)
    with acting(by=by, reason="own PIN"):
        Pin.objects.update_or_create(user=by, defaults={"password": pin_hash(by.pk, pin), "set_at": at})
    record_event("pin_set", by=by)


def drop_pin(*, by: User) -> None:
    with acting(by=by, reason="own PIN taken away"):
        Pin.objects.filter(user=by).delete()
    record_event("pin_dropped", by=by)


def set_badge(badge: str, *, by: User, at: datetime) -> None:
    """Raises InvalidInput for what is no badge, and for somebody else's."""
    if not SHORTEST_BADGE <= len(badge.strip()) <= LONGEST_BADGE:
        raise InvalidInput.at("badge", "badge_length", shortest=SHORTEST_BADGE, longest=LONGEST_BADGE)
    digests = badge_digests(badge)
    if Badge.objects.filter(digest__in=digests).exclude(user=by).exists():
        raise InvalidInput.at("badge", "badge_of_another")
    try:
        with acting(by=by, reason="own badge"):
            Badge.objects.update_or_create(user=by, defaults={"digest": digests[0], "enrolled_at": at})
    except IntegrityError as error:  # somebody else's, at the same moment
        raise InvalidInput.at("badge", "badge_of_another") from error
    record_event("badge_enrolled", by=by)


def drop_badge(*, by: User) -> None:
    with acting(by=by, reason="own badge taken away"):
        Badge.objects.filter(user=by).delete()
    record_event("badge_dropped", by=by)

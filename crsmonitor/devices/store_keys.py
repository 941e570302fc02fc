"""The key under which a tablet keeps the ward that somebody may see: of her, this tablet and this shift.

Made anew of SECRET_KEY each time that it is asked for, so that none lies anywhere: who has no session is given none.
"""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from crsmonitor.accounts.sign_in.idle import SIGNED_IN_AT
from crsmonitor.audit.events import record_event
from crsmonitor.devices.shifts import tablet_of


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreKey:
    """`text`: 256 bits in base64url. `until`: the end of the shift, after which nobody is given it."""

    text: str
    until: datetime


def shift_of(request: HttpRequest, *, at: datetime) -> datetime:
    """When the shift of this session began."""
    began = request.session.setdefault(SIGNED_IN_AT, at.isoformat())
    return datetime.fromisoformat(began)


def shift_ends(request: HttpRequest, *, at: datetime) -> datetime:
    return shift_of(request, at=at) + timedelta(seconds=settings.SESSION_COOKIE_AGE)


def store_key(request: HttpRequest, *, at: datetime) -> StoreKey:
    """The same for the same person on the same tablet in the same shift, also where she took it over again meanwhile;
    another for everybody else, and once her password, the tablet or the shift is another.
    """
    user, tablet = request.user, tablet_of(request)
    words = f"{user.pk}|{user.session_epoch}|{tablet and tablet.pk}|{shift_of(request, at=at).isoformat()}"
    digest = salted_hmac("crsmonitor.devices.store", words, algorithm="sha256").digest()
    record_event("store_key_issued", by=user, tablet=tablet and tablet.pk)
    text = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return StoreKey(text=text, until=shift_ends(request, at=at))

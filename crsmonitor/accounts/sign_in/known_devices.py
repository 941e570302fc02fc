"""A browser in which a person signed in before: her guesses count apart from those of strangers (OWASP device cookie).

So somebody who guesses her password elsewhere makes everybody else wait, and not her at her tablet. The cookie opens
nothing: it only says whose count a guess belongs to.
"""

import secrets
from dataclasses import dataclass, field

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from crsmonitor.accounts.models import User

COOKIE = f"{settings.COOKIE_PREFIX}known_device"
SALT = "crsmonitor.accounts.known_devices"  # of cookies that are out: it stays, wherever this module lies
LASTS_S = 180 * 24 * 60 * 60
MOST_PEOPLE = 60  # of one tablet; who was there longest ago is forgotten


@dataclass(frozen=True)
class Device:
    """A browser. `people`: the keys of the accounts that signed in with it, the latest last."""

    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    people: tuple[int, ...] = ()


def device_of(request: HttpRequest) -> Device | None:
    """None: no cookie, or one that we did not write."""
    try:
        nonce, people = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS_S)
    except signing.BadSignature:
        return None
    return Device(nonce, tuple(people))


def knows(request: HttpRequest, user: User | None) -> Device | None:
    """The device, if this person signed in with it before."""
    device = device_of(request)
    return device if device is not None and user is not None and user.pk in device.people else None


def remember(request: HttpRequest, answer: HttpResponse, user: User) -> None:
    """She signed in here."""
    device = device_of(request) or Device()
    people = [*(key for key in device.people if key != user.pk), user.pk][-MOST_PEOPLE:]
    answer.set_cookie(
        COOKIE, signing.dumps([device.nonce, people], salt=SALT), max_age=LASTS_S, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip

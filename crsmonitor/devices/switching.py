"""Who somebody at an enrolled tablet is, by PIN or badge: to go on, to take the tablet over, to confirm as a second.

Never to sign: accounts/signing.py knows neither.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth import login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from crsmonitor.accounts.library.single_sign_on import PROOF
from crsmonitor.accounts.models import User
from crsmonitor.accounts.selectors import active_user
from crsmonitor.accounts.sign_in import guessing, sessions
from crsmonitor.accounts.sign_in.idle import LOCKED_AT, OPENED_ON_TABLET, PROVEN_AT, SEEN_AT, SIGNED_IN_AT
from crsmonitor.audit.events import record_event
from crsmonitor.devices.credentials.keyed import badge_digests, is_pin
from crsmonitor.devices.enrolling import note_use
from crsmonitor.devices.models import Badge, TabletSignIn
from crsmonitor.devices.selectors import pin_of, rules_of, sign_in_of
from crsmonitor.devices.shifts import bind, locked_out, tablet_of
from crsmonitor.errors import Forbidden, InvalidInput

BACKEND = "django.contrib.auth.backends.ModelBackend"
# What somebody proved before the lock, and proves anew after it: to django-allauth, which lets her change factors for a
# while, and to the provider of the single sign-on, which lets her sign once.
PROVEN = ("account_authentication_methods", PROVEN_AT, PROOF)


def by_pin(request: HttpRequest, *, person: int, pin: str, at: datetime) -> TabletSignIn:
    """The sign-in of whoever has this PIN. Raises InvalidInput; Forbidden away from an enrolled tablet."""
    tablet = tablet_of(request)
    if tablet is None:
        raise Forbidden("no_tablet")
    user = active_user(person)
    sign_in = None if user is None else sign_in_of(tablet, user, at=at)
    if user is None or sign_in is None:
        raise InvalidInput.at("pin", "sign_in_fully")
    guess = guessing.on_tablet("pin", request, tablet.pk, user)
    if not guess.is_allowed:
        raise InvalidInput.at("pin", "too_many_on_tablet")
    kept = pin_of(user)
    if kept is None or not is_pin(user.pk, pin, kept.password):
        _wrong(guess, sign_in, at=at)
        raise InvalidInput.at("pin", "pin_wrong")
    guess.succeeded()
    return sign_in


def by_badge(request: HttpRequest, *, badge: str, at: datetime) -> TabletSignIn:
    """The sign-in of whoever has this badge. Raises as `by_pin`; `is_enough` says whether a PIN is asked too."""
    tablet = tablet_of(request)
    if tablet is None:
        raise Forbidden("no_tablet")
    known = Badge.objects.filter(digest__in=badge_digests(badge), user__is_active=True).select_related("user").first()
    user = None if known is None else known.user
    guess = guessing.on_tablet("badge", request, tablet.pk, None, typed=badge)
    if not guess.is_allowed:
        raise InvalidInput.at("badge", "too_many_on_tablet")
    if user is None:
        guess.failed()
        raise InvalidInput.at("badge", "badge_unknown")
    guess.was_none()
    sign_in = sign_in_of(tablet, user, at=at)
    if sign_in is None:
        raise InvalidInput.at("badge", "sign_in_fully")
    return sign_in


def badge_is_enough(request: HttpRequest) -> bool:
    """Whether the site of this tablet asks for no PIN beside a badge."""
    tablet = tablet_of(request)
    return tablet is not None and rules_of(tablet.site).badge_alone


def second_person(request: HttpRequest, typed: Mapping[str, Any], *, at: datetime) -> tuple[User, bool]:
    """Somebody beside whoever is signed in, by PIN or badge on the same tablet; the session stays whose it is.

    `typed`: `badge`, or `person` and `pin`. The second of the answer: whether that is enough, or her PIN is asked
    beside her badge. Raises as `by_pin`, and InvalidInput for the same person.
    """
    if typed["badge"]:
        user, is_enough = by_badge(request, badge=typed["badge"], at=at).user, badge_is_enough(request)
    elif not typed["person"]:
        raise InvalidInput.at("pin", "choose_name_first")
    elif typed["person"] == request.user.pk:
        raise InvalidInput.at("pin", "second_is_another")
    else:
        user, is_enough = by_pin(request, person=typed["person"], pin=typed["pin"], at=at).user, True
    if user.pk == request.user.pk:
        raise InvalidInput.at("badge", "second_is_another")
    return user, is_enough


def open_for(request: HttpRequest, sign_in: TabletSignIn, *, door: str, at: datetime) -> bool:
    """The tablet is hers: her own session goes on, or a new one begins. Whether it was hers before.

    Either way under another key. Of a session that goes on the forms stay good; of another's none does, because its
    key for forms is gone with it.
    """
    user, session, tablet = sign_in.user, request.session, sign_in.tablet
    note_use(tablet, by=user, at=at)
    details = {"tablet": tablet.pk, "door": door}
    if request.user.is_authenticated and request.user.pk == user.pk:
        before = session.session_key
        _forget(session, LOCKED_AT, *PROVEN)  # those also where it locked by itself
        session[SEEN_AT], session[OPENED_ON_TABLET] = at.isoformat(), True
        session.cycle_key()
        sessions.rename(before, session.session_key)
        record_event("tablet_unlocked", by=user, **details)
        return True
    left = request.user.pk
    session.flush()
    login(request, user, backend=BACKEND)
    bind(request, tablet)
    # Its end is that of the shift that the full sign-in began.
    request.session[SIGNED_IN_AT], request.session[SEEN_AT] = sign_in.at.isoformat(), at.isoformat()
    request.session[OPENED_ON_TABLET] = True
    sessions.note(request, user, at=at)
    record_event("tablet_switched", by=user, left=left, **details)
    return False


def lock(request: HttpRequest, *, at: datetime) -> None:
    """Nobody uses this session before its owner shows that it is she; and what she proved before is forgotten."""
    if LOCKED_AT not in request.session:
        request.session[LOCKED_AT] = at.isoformat()
        _forget(request.session, *PROVEN)
        record_event("tablet_locked", by=request.user, tablet=getattr(tablet_of(request), "pk", None))


def _forget(session: SessionBase, *names: str) -> None:
    for name in names:
        session.pop(name, None)


def _wrong(guess: guessing.Guess, sign_in: TabletSignIn, *, at: datetime) -> None:
    guess.failed()
    if guess.tries is not None and guess.tries >= guessing.FREE_TRIES:
        locked_out(sign_in, at=at)

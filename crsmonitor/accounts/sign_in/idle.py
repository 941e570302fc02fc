"""When a session ends by itself: unused for a while, so that nobody finds a signed-in tablet, and after a shift.

One on an enrolled tablet of a ward locks instead, sooner, and is opened again by whoever it is of (devices).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

SIGNED_IN_AT = "signed_in_at"  # use does not move it: the session ends SESSION_COOKIE_AGE after it
SEEN_AT = "seen_at"
OPENED_ON_TABLET = "opened_on_tablet"  # by PIN or badge: that is no sign-in that proves who it is
PROVEN_AT = "proven_at"  # when the provider of the single sign-on asked again who it is; absent: never
# Writing the session at every request would be a row a request; the time-out is this much less exact.
NOTED_EVERY = timedelta(seconds=20)
# Of a session on an enrolled tablet: after so many seconds without use it locks; since when it is locked, if told.
LOCKS_AFTER_S, LOCKED_AT = "locks_after_s", "locked_at"
# The page locks to the second, and tells that it is used: the server, which hears of it later, waits a little longer.
LOCK_GRACE = timedelta(seconds=40)
# A page that refreshes itself says so; it is not somebody at the tablet.
BY_ITSELF = "X-By-Itself"
STREAMS = frozenset({"/alerts/stream/", "/alarms/stream/", "/lock/alarms/stream/"})
# What a ward tablet fetches to be ready for a night without a network.
AHEAD = frozenset({"/tablet/ward/", "/tablet/signing-key/", "/tablet/key/"})


class IdleMiddleware(MiddlewareMixin):
    """Sign out a session that nobody used for IDLE_LOCK_MINUTES, or that is older than SESSION_COOKIE_AGE."""

    def process_request(self, request: HttpRequest) -> None:
        if not request.session.session_key or not request.user.is_authenticated:
            return
        at, session = timezone.now(), request.session
        if is_over(session, at=at):
            logout(request)
        elif not is_by_itself(request) and not is_locked(session, at=at):
            if SIGNED_IN_AT not in session:  # of a version before this was kept
                session[SIGNED_IN_AT] = at.isoformat()
            seen_at = session.get(SEEN_AT)
            if seen_at is None or abs(at - datetime.fromisoformat(seen_at)) > NOTED_EVERY:
                session[SEEN_AT] = at.isoformat()


def is_over(session: Mapping[str, Any], *, at: datetime) -> bool:
    """A clock that was put back further than the time-out ends a session: nobody knows for how long it was unused."""
    began, seen = session.get(SIGNED_IN_AT), session.get(SEEN_AT)
    too_old = began is not None and at - datetime.fromisoformat(began) > timedelta(seconds=settings.SESSION_COOKIE_AGE)
    limit = timedelta(minutes=settings.IDLE_LOCK_MINUTES)
    return too_old or (LOCKS_AFTER_S not in session and _is_unused(seen, limit, at=at))


def is_locked(session: Mapping[str, Any], *, at: datetime) -> bool:
    """Whether it is somebody's, and nobody may use it before she shows that it is she."""
    if LOCKED_AT in session:
        return True
    seconds = session.get(LOCKS_AFTER_S)
    return seconds is not None and _is_unused(session.get(SEEN_AT), timedelta(seconds=seconds) + LOCK_GRACE, at=at)


def _is_unused(seen: str | None, limit: timedelta, *, at: datetime) -> bool:
    return seen is not None and abs(at - datetime.fromisoformat(seen)) > limit


def is_by_itself(request: HttpRequest) -> bool:
    """Also a stream, which an EventSource opens again and again and cannot say so, and what is fetched ahead."""
    return BY_ITSELF in request.headers or request.path in STREAMS | AHEAD

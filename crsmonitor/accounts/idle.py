"""An idle session ends: nobody finds a signed-in tablet at a bed."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

SEEN_AT = "seen_at"
# Writing the session at every request would be a row a request; the time-out is this much less exact.
NOTED_EVERY = timedelta(seconds=20)
# A page that refreshes itself says so; it is not somebody at the tablet.
BY_ITSELF = "X-By-Itself"
STREAMS = frozenset({"/alerts/stream/"})


class IdleMiddleware(MiddlewareMixin):
    """Sign out a session that nobody used for IDLE_LOCK_MINUTES."""

    def process_request(self, request: HttpRequest) -> None:
        if not request.session.session_key or not request.user.is_authenticated:
            return
        at, noted = timezone.now(), request.session.get(SEEN_AT)
        seen_at = None if noted is None else datetime.fromisoformat(noted)
        if seen_at is not None and at - seen_at > timedelta(minutes=settings.IDLE_LOCK_MINUTES):
            logout(request)
        elif not _by_itself(request) and (seen_at is None or at - seen_at > NOTED_EVERY):
            request.session[SEEN_AT] = at.isoformat()


def _by_itself(request: HttpRequest) -> bool:
    """Also a stream, which an EventSource opens again and again and cannot say so."""
    return BY_ITSELF in request.headers or request.path in STREAMS

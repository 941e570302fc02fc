"""Which tablet a request comes from; that a revoked one reads nothing, and a locked session neither."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin
from django_htmx.http import HttpResponseClientRedirect

from crsmonitor.accounts.sign_in.idle import is_by_itself, is_locked
from crsmonitor.accounts.views.preferences import page_before
from crsmonitor.accounts.views.sign_in import UNSAVED
from crsmonitor.api.problems import is_api, problem_of
from crsmonitor.audit.events import record_event
from crsmonitor.devices import cookie, current
from crsmonitor.devices.enrolling import TABLET
from crsmonitor.devices.models import Tablet
from crsmonitor.devices.selectors import tablet_of_key
from crsmonitor.devices.shifts import bind
from crsmonitor.error_words import detail_of
from crsmonitor.errors import Forbidden

# What a locked tablet is asked for.
OF_THE_LOCK = frozenset({
    "lock", "lock-now", "lock-open", "lock-leave", "lock-alarms", "lock-alarm-stream", "set_language", "theme",
    "healthz", "readyz",
})  # fmt: skip

SAVES_NOTHING = frozenset({"logout", "account_logout"})


class TabletMiddleware(MiddlewareMixin):
    """Before the idle sign-out, so that it finds the session as the tablet's."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        key, session = cookie.key_in(request), request.session
        tablet = tablet_of_key(key)
        request.tablet = tablet if tablet is not None and tablet.revoked_at is None else None
        here, is_hers = request.tablet, request.user.is_authenticated
        current.begin(here.pk if here is not None and is_hers else None)
        if tablet is not None and here is None:
            return _refuse_revoked(request, tablet)
        if not is_hers:
            return None
        if TABLET in session and session[TABLET] != (here and here.pk):
            record_event("tablet_missing", by=request.user, tablet=session[TABLET])
            logout(request)  # a session of a tablet, in another browser
            current.begin(None)
        elif here is not None:
            bind(request, here)
        return None

    def process_response(self, request: HttpRequest, answer: HttpResponse) -> HttpResponse:
        current.begin(None)  # the thread answers others too
        return answer

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or not is_locked(request.session, at=timezone.now()):
            return None
        name = "" if request.resolver_match is None else request.resolver_match.view_name
        return None if name in OF_THE_LOCK else _refuse_locked(request)


def _refuse_revoked(request: HttpRequest, tablet: Tablet) -> HttpResponse:
    """Once: its key is taken away, and it is a browser as any other, in which one signs in with name and password."""
    record_event("tablet_refused", by="tablet", subject=f"tablet:{tablet.pk}")
    logout(request)
    if is_api(request) or is_by_itself(request):
        answer = _problem(403, "tablet_revoked")
    else:
        answer = render(request, "devices/revoked.html", status=403)
    cookie.drop(answer)
    return answer


def _refuse_locked(request: HttpRequest) -> HttpResponse:
    """A page leads to the lock, and back from there; a page's own requests and the API are told, and wait.

    A grade that was asked for while somebody typed comes after the lock: the form stands below it, and is not left.
    """
    if is_api(request) or is_by_itself(request) or request.path.endswith("/preview/"):
        return _problem(401, "tablet_locked")
    sent, name = request.method == "POST", "" if request.resolver_match is None else request.resolver_match.url_name
    page = (page_before(request) if sent else "") or request.get_full_path()
    query = {"next": page} | ({UNSAVED: "1"} if sent and name not in SAVES_NOTHING else {})
    address = f"{reverse('lock')}?{urlencode(query)}"
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)


def _problem(status: int, code: str) -> HttpResponse:
    return problem_of(status, code, detail_of(Forbidden(code)))

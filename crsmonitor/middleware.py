"""What every request gets: an id that the log and the audit trail share, no caching, one answer to domain errors."""

import logging
import time
from collections.abc import Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.cache import add_never_cache_headers
from django.utils.deprecation import MiddlewareMixin

from crsmonitor.api.problems import PROBLEM, is_api, problem_of
from crsmonitor.database.limits import RETRY_SECONDS, is_busy
from crsmonitor.database.read_only import is_read_only
from crsmonitor.error_words import detail_of, fields_of
from crsmonitor.errors import DomainError
from crsmonitor.logs.lines import log_answer
from crsmonitor.logs.request_id import begin
from crsmonitor.pages.error_pages import (
    BARE,
    BUSY_READING,
    BUSY_SAVING,
    ERROR_PAGES,
    NOT_NOW,
    error_page,
    not_understood,
)

logger = logging.getLogger(__name__)

PAGE_METHODS = ("GET", "HEAD", "OPTIONS", "POST")
BUSY = "crsmonitor.busy"  # in request.META, set by the event loop


class RequestIdMiddleware:
    """Give the request an id, return it as `X-Request-Id`, and forbid caching of what a login protects."""

    async_capable = True
    sync_capable = True

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest):
        if self.is_async:
            return self.answer_async(request)
        began = time.monotonic()
        request.id = begin()
        return _finish(request, self.get_response(request), began=began)

    async def answer_async(self, request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        request.id = begin()
        return _finish(request, await self.get_response(request), began=began)


def _finish(request: HttpRequest, response: HttpResponse, *, began: float) -> HttpResponse:
    response["X-Request-Id"] = request.id
    if not response.has_header("Cache-Control"):
        add_never_cache_headers(response)
    log_answer(request, response, began=began)
    return response


class NoPageMiddleware(MiddlewareMixin):
    """Whoever opens an address that only takes what is sent, as after a sign-in or with "back", is shown a page."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code != HttpResponseNotAllowed.status_code or is_api(request) or request.method != "GET":
            return response
        page = error_page(request, response.status_code, ERROR_PAGES[response.status_code])
        page["Allow"] = response["Allow"]
        return page


# Never written into a page, not even into that of the person who typed it.
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SECRETS = ("badge", "password", "pin", "secret", "token")


class DomainErrorMiddleware:
    """The one place where a DomainError becomes a page, and where a busy database does."""

    async_capable = True
    sync_capable = True

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest):
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Whoever waited for its turn in vain (web/turns.py), or would save where nothing is kept, is told so."""
        if request.META.get(BUSY) or (request.method not in SAFE and is_read_only()):
            return _busy(request)
        if request.method not in PAGE_METHODS and not is_api(request):
            return HttpResponseNotAllowed(PAGE_METHODS)  # a page that asks no further would take a DELETE for a GET
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if is_busy(error):
            logger.warning("busy: %s", type(error.__cause__ or error).__name__)
            return _busy(request)
        if isinstance(error, DataError | ValueError) and _has_nul(request):
            return not_understood(request, error)  # nobody types it, and no text in the database holds it
        if not isinstance(error, DomainError):
            return None
        answer = _refused(request, error)
        if error.status in (429, 503):
            answer["Retry-After"] = str(RETRY_SECONDS)
        return answer


def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    if is_api(request):  # of the API itself only what its own handler does not see
        return problem_of(error.status, error.code, detail_of(error), **_errors_of(error))
    shown = ERROR_PAGES[error.status if error.status in (403, 404) else 409]  # a value refused (400) was understood
    shown = NOT_NOW if error.status == 503 else shown
    return error_page(request, error.status, shown, detail=detail_of(error), fields=fields_of(error))


def _errors_of(error: DomainError) -> dict[str, object]:
    by_field = fields_of(error)
    return {"errors": by_field} if by_field else {}


def _has_nul(request: HttpRequest) -> bool:
    """In the address, its parameters, or a form. A body of the API is read by its own parser, which refuses it."""
    forms = [request.GET] if is_api(request) else [request.GET, request.POST]
    typed = (text for form in forms for name, values in form.lists() for text in (name, *values))
    return "\x00" in request.path or any("\x00" in text for text in typed)


def _busy(request: HttpRequest) -> HttpResponse:
    """What was typed comes back inside the page, with its client id, so that it is saved once."""
    from crsmonitor.api.answers import busy  # the log asks this module for its id before apps are ready

    if is_api(request):
        refusal = busy()
        answer = JsonResponse(refusal.data, status=refusal.status_code, content_type=PROBLEM)
    else:
        saving = request.method == "POST"
        context = {"saving": saving, "again": _typed(request), "frame": BARE, "more": "frame/_try_again.html"}
        answer = error_page(request, 503, BUSY_SAVING if saving else BUSY_READING, **context)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What can be sent again as it is. Nothing where a file or a secret belongs to it."""
    names = [name for name in request.POST if name != "csrfmiddlewaretoken"]
    if request.FILES or any(word in name.lower() for name in names for word in SECRETS):
        return []
    return [(name, value) for name in names for value in request.POST.getlist(name)]

"""What every request gets: an id that the log and the audit trail share, no caching, one answer to domain errors."""

import uuid
from collections.abc import Callable
from contextvars import ContextVar

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from crsmonitor.error_words import detail_of, fields_of
from crsmonitor.errors import DomainError

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """The id of the request being answered; empty outside a request."""
    return _request_id.get()


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
        request.id = _begin()
        return _finish(request, self.get_response(request))

    async def answer_async(self, request: HttpRequest) -> HttpResponse:
        request.id = _begin()
        return _finish(request, await self.get_response(request))


def _begin() -> str:
    # Never the client's own id: it would let a stranger write into our log and audit trail.
    request_id = uuid.uuid4().hex
    _request_id.set(request_id)
    return request_id


def _finish(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response["X-Request-Id"] = request.id
    if not response.has_header("Cache-Control"):
        add_never_cache_headers(response)
    return response


class DomainErrorMiddleware:
    """The one place where a DomainError becomes a page."""

    async_capable = True
    sync_capable = True

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest):
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        told = {"status": error.status, "detail": detail_of(error), "fields": fields_of(error)}
        return render(request, "error.html", told, status=error.status)

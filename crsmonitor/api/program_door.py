"""The door of programs: what one sends with its key is kept without what only a browser needs.

A request with a key and no cookie has no session, tablet, form or message, and its body is JSON. What Django's other
middleware and REST framework do around the keeping of such a fact costs more CPU than its grade.

A view has this door where it has `keep`, which its own `post` calls too. Whatever is not plain - another method, a
parameter, a cookie, a key that is wrong, new or not for this - goes on as if this door were not there, before
anything of it is read. What comes through is answered alike: tests/recording/api/test_program_door.py compares the two.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer

from crsmonitor.accounts.models import ApiToken
from crsmonitor.accounts.selectors import live_token
from crsmonitor.accounts.tokens import is_to_be_noted, may_come_from
from crsmonitor.api.answers import handle
from crsmonitor.api.parsing import MEANT_TO_BE_JSON, read_json
from crsmonitor.database.read_only import is_read_only
from crsmonitor.errors import DomainError
from crsmonitor.middleware import BUSY
from crsmonitor.security.addresses import client_address

_TAKES_JSON = frozenset({"", "*/*", MEANT_TO_BE_JSON})
_MOST_ADDRESSES, _LONGEST_ADDRESS = 4096, 100  # of participants under observation: nobody fills the memory with others
_as_json = JSONRenderer().render


class ProgramDoorMiddleware(MiddlewareMixin):
    """Behind what every answer says, before what only browsers need."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if not _is_plain(request):
            return None
        door = _door_at(request.path_info, settings.ROOT_URLCONF)
        return None if door is None else _answer(request, door, at=timezone.now())


@dataclass(frozen=True, slots=True)
class _Door:
    """A view that keeps what programs send, and what a key must be allowed to do there."""

    view: Any
    match: ResolverMatch
    scope: str
    methods: str


def _is_plain(request: HttpRequest) -> bool:
    """A body of JSON with a key, without anything else that somebody would have to look at."""
    meta = request.META
    length = meta.get("CONTENT_LENGTH") or ""
    return (
        request.method == "POST"
        and len(request.path_info) <= _LONGEST_ADDRESS
        and meta.get("CONTENT_TYPE") == MEANT_TO_BE_JSON
        and meta.get("HTTP_AUTHORIZATION", "")[:6].lower() == "token "
        and not meta.get("HTTP_COOKIE")
        and not meta.get("QUERY_STRING")
        and meta.get("HTTP_ACCEPT", "") in _TAKES_JSON
        and not meta.get(BUSY)
        and length.isdecimal()
        and 0 < int(length) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        and not is_read_only()
        and _is_host_allowed(request)
    )


def _is_host_allowed(request: HttpRequest) -> bool:
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


@lru_cache(maxsize=_MOST_ADDRESSES)
def _door_at(path: str, urls: str) -> _Door | None:
    try:
        match = resolve(path, urls)
    except Resolver404:
        return None
    view = getattr(match.func, "cls", None)
    if not hasattr(view, "keep"):
        return None
    one = view()
    one.head = one.get  # as REST framework's own `setup`
    return _Door(view, match, view.token_scopes.get("POST", ""), ", ".join(one.allowed_methods))


def _token_of(request: HttpRequest, *, at: datetime) -> ApiToken | None:
    """The token of its key, where it may be used from here and there is nothing to note."""
    words = get_authorization_header(request).split()
    token = live_token(words[1].decode("latin-1"), at=at) if len(words) == 2 else None
    if token is None:
        return None
    address = client_address(request) if token.networks or token.study_id is not None else ""
    return None if not may_come_from(token, address) or is_to_be_noted(token, address=address, at=at) else token


def _answer(request: HttpRequest, door: _Door, *, at: datetime) -> HttpResponse | None:
    headers = {"Content-Type": MEANT_TO_BE_JSON, "Allow": door.methods, "Vary": "Cookie"}
    try:
        token = _token_of(request, at=at)
        if token is None or door.scope not in token.scopes:
            return None
        request.resolver_match, request.user = door.match, token.user  # as the log asks for them
        status, answer = door.view.keep(request, read_json(request.body), by=token.user, at=at, **door.match.kwargs)
    except (DomainError, APIException, Error) as error:
        refusal = handle(error, {})
        if refusal is None:
            raise
        status, answer = refusal.status_code, refusal.data
        headers |= {**dict(refusal.items()), "Content-Type": refusal.content_type}
    content = _as_json(answer)
    return HttpResponse(content, status=status, headers=headers | {"Content-Length": str(len(content))})

"""The id of one request: its answer, its log lines and its audit events carry it."""

import uuid
from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """The id of the request being answered; empty outside a request."""
    return _request_id.get()


def begin() -> str:
    """The id of the request that begins now."""
    # Never the client's own id: it would let a stranger write into our log and audit trail.
    request_id = uuid.uuid4().hex
    _request_id.set(request_id)
    return request_id

"""What every API answer shares: problem details (RFC 9457) for everything that is refused."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler

from crsmonitor.api.problems import PROBLEM
from crsmonitor.database.limits import RETRY_SECONDS, is_busy
from crsmonitor.error_words import detail_of, fields_of
from crsmonitor.errors import DomainError
from crsmonitor.logs.request_id import current_request_id

logger = logging.getLogger(__name__)


class ProblemSerializer(serializers.Serializer):
    """A refused request, RFC 9457. `errors` maps a field to its messages, where fields are to blame."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)
    request_id = serializers.CharField(
        required=False, help_text="Of a fault of ours (5xx): the log has it. X-Request-Id."
    )


def problem(*, status: int, code: str, detail: str, errors: dict[str, Any] | None = None) -> Response:
    body: dict[str, Any] = {"type": f"urn:crsmonitor:{code}", "title": code, "status": status, "detail": detail}
    if errors:
        body["errors"] = errors
    if status >= 500:
        body["request_id"] = current_request_id()
    return Response(body, status=status, content_type=PROBLEM)


def busy() -> Response:
    """Not now. The same id sent again is kept once."""
    answer = problem(status=503, code="busy", detail=_("The record is held or the database is busy: send it again."))
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER: the one place where an error becomes an API answer."""
    if isinstance(error, DomainError):
        answer = problem(status=error.status, code=error.code, detail=detail_of(error), errors=fields_of(error))
        if error.status in (429, 503):
            answer["Retry-After"] = str(RETRY_SECONDS)
        return answer
    if is_busy(error):
        logger.warning("busy: %s", type(error.__cause__ or error).__name__)
        return busy()
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        answer = problem(
            status=400, code="invalid", detail="Some fields need attention.", errors=_by_field(error.detail)
        )
    else:
        detail = str(getattr(error, "detail", error))
        answer = problem(status=response.status_code, code=getattr(error, "default_code", "error"), detail=detail)
    for header in ("WWW-Authenticate", "Retry-After", "Allow"):
        if response.has_header(header):
            answer[header] = response[header]
    return answer


def _by_field(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """DRF's nested error detail as one flat map: `ice.naming` -> messages."""
    if isinstance(detail, dict):
        flat: dict[str, list[str]] = {}
        for name, inner in detail.items():
            flat.update(_by_field(inner, f"{prefix}.{name}" if prefix else str(name)))
        return flat
    if isinstance(detail, list):
        if any(isinstance(one, dict) for one in detail):
            return {k: v for i, one in enumerate(detail) for k, v in _by_field(one, f"{prefix}.{i}").items()}
        return {prefix or "body": [str(one) for one in detail]}
    return {prefix or "body": [str(detail)]}

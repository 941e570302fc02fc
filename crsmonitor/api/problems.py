"""RFC 9457, problem details, where no view of the API has answered: an unknown address, a broken request."""

from typing import Any

from django.http import HttpRequest, JsonResponse

PROBLEM = "application/problem+json"
# Asked by the scripts of a ward tablet, in the session of a person: answered as the API is, never by a page.
TABLET_DOORS = frozenset({"/tablet/ward/", "/tablet/signing-key/", "/tablet/key/", "/tablet/outbox/"})


def is_api(request: HttpRequest) -> bool:
    """Whether a refusal is told to a program."""
    return request.path.startswith("/api/") or is_tablet_door(request)


def is_tablet_door(request: HttpRequest) -> bool:
    return request.path in TABLET_DOORS


def problem_of(status: int, code: str, detail: str, **more: Any) -> JsonResponse:
    body = {"type": f"urn:crsmonitor:{code}", "title": code, "status": status, "detail": str(detail), **more}
    return JsonResponse(body, status=status, content_type=PROBLEM)

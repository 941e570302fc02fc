"""RFC 9457, problem details, where no view of the API has answered: an unknown address, a broken request."""

from typing import Any

from django.http import HttpRequest, JsonResponse

PROBLEM = "application/problem+json"


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def problem_of(status: int, code: str, detail: str, **more: Any) -> JsonResponse:
    body = {"type": f"urn:crsmonitor:{code}", "title": code, "status": status, "detail": str(detail), **more}
    return JsonResponse(body, status=status, content_type=PROBLEM)

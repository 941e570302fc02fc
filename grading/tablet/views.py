"""What the scripts of a ward tablet ask, in the session of whoever is at it: JSON, never cached, never a page."""

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from crsmonitor.api.problems import problem_of
from crsmonitor.audit.events import record_event
from crsmonitor.devices.shifts import tablet_of
from crsmonitor.error_words import detail_of
from crsmonitor.errors import InvalidInput
from grading.tablet.entries import entries_in
from grading.tablet.keeping import keep_all

MOST_BYTES = 1000 * 1000  # below what Django takes into memory; a tablet sends fewer at once where they are long


@require_POST
def outbox(request: HttpRequest) -> HttpResponse:
    """What was kept on the tablet: each entry as if its page had sent it, and an answer to each."""
    if request.content_type != "application/json":
        return _refused(415, "outbox_type")
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return _refused(413, "outbox_too_large", most=MOST_BYTES // 1000)
    at = timezone.now()
    answers = keep_all(entries_in(request.body), by=request.user, at=at)
    if answers:
        tablet = tablet_of(request)
        states = Counter(answer.state for answer in answers)
        ids = [answer.id for answer in answers]
        record_event("outbox_received", by=request.user, tablet=tablet and tablet.pk, ids=ids, **states)
    return _json({"answers": [answer.plain() for answer in answers]})


def _refused(status: int, code: str, **values: object) -> HttpResponse:
    return problem_of(status, code, detail_of(InvalidInput(code, **values)))


def _json(content: dict[str, Any]) -> HttpResponse:
    """Instants in UTC, as Django writes them."""
    return JsonResponse(content, headers={"Cache-Control": "no-store"})


urlpatterns: list[URLPattern] = [
    path("tablet/outbox/", outbox, name="tablet-outbox"),
]

"""The serious events of a study as a page, and each sheet as JSON or PDF."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET

from crsmonitor.accounts.roles import Act
from crsmonitor.errors import Forbidden, NotFound
from grading.serious import sending
from grading.serious.selectors import serious_episodes_of
from regimens.selectors import studies_for


@require_GET
def serious_events(request: HttpRequest, code: str) -> HttpResponse:
    study = studies_for(request.user).filter(code=code).first()
    if study is None:
        raise NotFound("no_such_study")
    if not any(studies_for(request.user, act).filter(pk=study.pk).exists() for act in (Act.SEE_WARD, Act.EXPORT)):
        raise Forbidden("role_forbids")
    context = {"study": study, "episodes": serious_episodes_of(request.user, study)}
    return render(request, "serious/events.html", context)


@require_GET
def as_json(request: HttpRequest, pk: int, kind: str, root: UUID) -> HttpResponse:
    at = timezone.now()
    event = sending.sheet_for(request.user, pk, kind, root, at=at)
    answer = JsonResponse(
        sending.as_json(event, by=request.user, at=at), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    answer["Content-Disposition"] = f'attachment; filename="{event.key}.json"'
    return answer


@require_GET
def as_pdf(request: HttpRequest, pk: int, kind: str, root: UUID) -> HttpResponse:
    at = timezone.now()
    event = sending.sheet_for(request.user, pk, kind, root, at=at)
    answer = HttpResponse(sending.as_pdf(event, by=request.user, at=at), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{event.key}.pdf"'
    return answer


SHEET = "participants/<int:pk>/serious-events/<slug:kind>/<uuid:root>"
urlpatterns: list[URLPattern] = [
    path("studies/<str:code>/serious-events/", serious_events, name="serious-events"),
    path(f"{SHEET}.json", as_json, name="serious-event-json"),
    path(f"{SHEET}.pdf", as_pdf, name="serious-event-pdf"),
]

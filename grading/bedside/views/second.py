"""The second person of a study dose says so, on their own session."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from crsmonitor.accounts.roles import Act
from grading.bedside.selectors.course import visible_fact
from grading.recording.record import record
from regimens.facts import Source
from regimens.models import Dose, DoseCheck


@require_POST
def dose_check(request: HttpRequest, fact_id: uuid.UUID) -> HttpResponse:
    """Tapped twice it is two looks, of which the first counts."""
    dose = visible_fact(request.user, Dose, str(fact_id), Act.RECORD)
    at = timezone.now()
    draft = DoseCheck(
        id=uuid.uuid4(), participant_id=dose.participant_id, dose=dose, observed_at=at, source=Source.PAGE
    )
    record(draft, by=request.user, at=at)
    return redirect("participant", dose.participant_id)


urlpatterns: list[URLPattern] = [path("doses/<uuid:fact_id>/check/", dose_check, name="dose-check")]

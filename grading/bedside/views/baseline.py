"""An assessment from before the first dose is made the baseline, by one key."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crsmonitor.accounts.roles import Act
from grading.bedside.selectors.course import visible_fact
from grading.models import NeuroAssessment
from grading.recording.score_baseline import make_baseline
from grading.words.wording import as_typed
from regimens.models import Measurement


@require_POST
def neuro_baseline(request: HttpRequest, fact_id: UUID) -> HttpResponse:
    """Refused (400) where it is not whole, or not from before the first dose: no page offers it there."""
    neuro = visible_fact(request.user, NeuroAssessment, str(fact_id), Act.RECORD)
    assert isinstance(neuro, NeuroAssessment)
    try:
        key = UUID(request.POST.get("id", ""))
    except ValueError:
        raise Http404 from None
    reason = _("the score of an assessment on record")
    fact = make_baseline(neuro, key=key, reason=reason, by=request.user, at=timezone.now()).fact
    assert isinstance(fact, Measurement)
    if fact.value is not None:
        messages.success(request, _("Baseline: %(score)s.") % {"score": as_typed(fact.value)})
    return redirect("participant", neuro.participant_id)


urlpatterns: list[URLPattern] = [
    path("neuro-assessments/<uuid:fact_id>/baseline/", neuro_baseline, name="make-baseline"),
]

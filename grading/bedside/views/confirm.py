"""The question for one number that was kept, graded and told before anybody confirmed it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from crsmonitor.accounts.roles import Act
from crsmonitor.errors import InvalidInput, KeyReused
from grading.bedside.selectors.bedside import bedside
from grading.bedside.selectors.course import visible_fact
from grading.bedside.views.head import about
from grading.models import VitalSigns
from grading.recording.confirming import say_number
from grading.recording.forms.confirm import ConfirmForm
from grading.rules.grades.entry.limits import LIMITS


@require_POST
def confirm_number(request: HttpRequest, fact_id: UUID, field: str) -> HttpResponse:
    """Typed again and the same: confirmed. Typed again and different: asked which is right, with both in sight."""
    vitals = visible_fact(request.user, VitalSigns, str(fact_id), Act.RECORD)
    if not isinstance(vitals, VitalSigns) or field not in LIMITS or getattr(vitals, field) is None:
        raise Http404
    at, form = timezone.now(), ConfirmForm(request.POST, vitals=vitals, field=field)
    if form.is_valid():
        try:
            kept = say_number(
                vitals, field, form.value, confirmed=form.confirms, key=form.cleaned_data["id"], reason=form.reason,
                by=request.user, at=at,
            )  # fmt: skip
        except (InvalidInput, KeyReused) as error:
            form.take(error)
        else:
            return redirect(f"{reverse('participant', args=[vitals.participant_id])}?saved={kept.fact.pk}")
    here = bedside(request.user, vitals.participant_id, Act.RECORD, at=at)
    context = about(request.user, here) | {"form": form, "vitals": vitals, "unit": LIMITS[field].unit}
    return render(request, "bedside/confirm.html", context, status=400)


urlpatterns: list[URLPattern] = [
    path("corrections/vitals/<uuid:fact_id>/confirm/<slug:field>/", confirm_number, name="confirm-number"),
]

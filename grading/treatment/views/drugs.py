"""The drug ledgers of one participant."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET

from crsmonitor.accounts.roles import Act
from grading.bedside.selectors.bedside import bedside
from grading.bedside.views.head import about
from grading.treatment.selectors.drug_facts import baseline_oxygen, baseline_vasopressors
from grading.treatment.selectors.drugs import drugs_of


@require_GET
def drugs(request: HttpRequest, pk: int) -> HttpResponse:
    """Tocilizumab, corticosteroids, premedication and what runs; after `?saved=` it says so."""
    at = timezone.now()
    here = bedside(request.user, pk, Act.SEE_WARD, at=at)
    ledgers = drugs_of(request.user, pk, at=at)
    context = about(request.user, here) | {
        "drugs": ledgers, "baseline_oxygen": baseline_oxygen(pk),
        "baseline_vasopressors": baseline_vasopressors(pk), "is_saved": "saved" in request.GET,
    }  # fmt: skip
    return render(request, "treatment/drugs.html", context)


urlpatterns: list[URLPattern] = [path("participants/<int:pk>/drugs/", drugs, name="drugs")]

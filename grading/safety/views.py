"""The safety review of a study or a cohort: as a page, as sheets for paper, and its tables as CSV."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from crsmonitor.audit.events import record_event
from crsmonitor.errors import NotFound
from grading.exports.download import moment_in
from grading.exports.trail import record_unblinding
from grading.safety.review import SafetyReview, review_of
from grading.safety.scope import review_scope, reviewed_studies
from grading.safety.swimmer import swimmer_of
from grading.safety.tables import ReviewContent, as_csv, content_of
from grading.safety.words import BETWEEN, SIGNATURES, SYNDROMES, TABLES

TAKEN = "safety_review_taken"


@require_safe
def studies(request: HttpRequest) -> HttpResponse:
    return render(request, "safety/studies.html", {"studies": reviewed_studies(request.user)})


@require_safe
def review(request: HttpRequest, code: str) -> HttpResponse:
    """`cohort`: one of it; `cut`: as it was known then, else now."""
    return render(request, "safety/review.html", _context(request, code))


@require_safe
def printed(request: HttpRequest, code: str) -> HttpResponse:
    """The same as sheets, each with the cut and the hash. That somebody took it is an event."""
    context = _context(request, code)
    _record_taken(request, context["review"], context["content"], what="print")
    return render(request, "safety/print.html", context)


@require_safe
def table(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """One table as CSV. NotFound for one that the reader is not given."""
    seen, content = _reviewed(request, code)
    chosen = next((one for one in content.tables if one.name == name), None)
    if chosen is None:
        raise NotFound("no_such_record")
    _record_taken(request, seen, content, what=name)
    answer = HttpResponse(as_csv(chosen, content), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="safety-{code}-{name}-{content.sha256[:12]}.csv"'
    answer["X-Content-SHA256"] = content.sha256
    return answer


def _reviewed(request: HttpRequest, code: str) -> tuple[SafetyReview, ReviewContent]:
    at: datetime = timezone.now()
    scope, cohort = review_scope(request.user, code), request.GET.get("cohort", "")
    seen = review_of(scope, cohort, moment_in(request.GET.get("cut", "")), at=at)
    return seen, content_of(seen)


def _context(request: HttpRequest, code: str) -> dict[str, Any]:
    seen, content = _reviewed(request, code)
    return {
        "study": seen.scope.study, "scope": seen.scope, "review": seen, "content": content,
        "swimmer": swimmer_of(seen.lanes, cut=seen.cut), "between": BETWEEN, "signatures": SIGNATURES,
        "syndromes": SYNDROMES, "tables": [(one.name, TABLES[one.name]) for one in content.tables],
        "same": urlencode({"cut": seen.cut.isoformat()} | ({"cohort": seen.scope.cohort} if seen.scope.cohort else {})),
    }  # fmt: skip


def _record_taken(request: HttpRequest, seen: SafetyReview, content: ReviewContent, *, what: str) -> None:
    study = seen.scope.study
    record_event(
        TAKEN, by=request.user, subject=f"study:{study.pk}", what=what, cut=seen.cut, sha256=content.sha256,
        cohort=seen.scope.cohort, profile=seen.scope.profile,
    )  # fmt: skip
    record_unblinding(study, seen.scope.profile, by=request.user, what=f"safety {what}")


urlpatterns: list[URLPattern] = [
    path("safety/", studies, name="safety-reviews"),
    path("safety/<str:code>/", review, name="safety-review"),
    path("safety/<str:code>/print/", printed, name="safety-print"),
    path("safety/<str:code>/tables/<slug:name>.csv", table, name="safety-table"),
]

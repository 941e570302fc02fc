"""The evidence of a study: as a page, as the packet of a safety review meeting, and its tables as CSV."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from crsmonitor import __version__
from crsmonitor.accounts.roles import Act
from crsmonitor.error_words import text_of
from crsmonitor.errors import InvalidInput, NotFound
from grading.evidence.page import FILTERS, EvidencePage, FilterChoices, choices_now, evidence_page
from grading.evidence.shown import words
from grading.evidence.shown.pictures import band_picture, onset_picture, share_picture
from grading.evidence.tables import content_of
from grading.evidence.taking import filters_in, record_taken
from grading.safety.scope import review_scope, reviewed_studies
from grading.safety.tables import as_csv
from grading.safety.words import SIGNATURES
from grading.words.doors import may_here


@require_safe
def studies(request: HttpRequest) -> HttpResponse:
    return render(request, "evidence/studies.html", {"studies": reviewed_studies(request.user)})


@require_safe
def evidence(request: HttpRequest, code: str) -> HttpResponse:
    """Filters are parameters; one that cannot be honoured is told at its box, and nothing is shown for it."""
    at: datetime = timezone.now()
    scope = review_scope(request.user, code)
    try:
        page = evidence_page(request.user, scope, filters_in(request.GET), at=at)
    except InvalidInput as error:
        refused = {"study": scope.study, "scope": scope, "boxes": _boxes(request, choices_now(scope, at=at), error)}
        return render(request, "evidence/refused.html", refused, status=error.status)
    return render(request, "evidence/evidence.html", _context(request, page))


@require_safe
def printed(request: HttpRequest, code: str) -> HttpResponse:
    """The packet. That somebody took it is an event."""
    page = _asked_page(request, code)
    context = _context(request, page)
    record_taken(page, context["content"], by=request.user, what="print")
    return render(request, "evidence/print.html", context)


@require_safe
def table(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """One table as CSV. NotFound for one that the reader is not given."""
    page = _asked_page(request, code)
    content = content_of(page)
    chosen = next((one for one in content.tables if one.name == name), None)
    if chosen is None:
        raise NotFound("no_such_record")
    record_taken(page, content, by=request.user, what=name)
    answer = HttpResponse(as_csv(chosen, content), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="evidence-{code}-{name}-{content.sha256[:12]}.csv"'
    answer["X-Content-SHA256"] = content.sha256
    return answer


def _asked_page(request: HttpRequest, code: str) -> EvidencePage:
    scope = review_scope(request.user, code)
    return evidence_page(request.user, scope, filters_in(request.GET), at=timezone.now())


def _context(request: HttpRequest, page: EvidencePage) -> dict[str, Any]:
    content, filters = content_of(page), page.filters
    same = {name: value for name in FILTERS if (value := getattr(filters, name))} | {"cut": page.cut.isoformat()}
    return {
        "study": page.scope.study, "scope": page.scope, "page": page, "content": content,
        "boxes": _boxes(request, page.choices), "same": urlencode(same), "program": __version__,
        "rows": [
            {"row": row, "support": support, "onset": onset_picture(row.onset)}
            for row, support in zip(page.rows, page.support.places, strict=True)
        ],
        "may_decide": bool(page.bands) and page.scope.sees_staff and may_here(request, Act.APPROVE),
        "picture": share_picture(page.support.places), "signatures": SIGNATURES,
        "bands": [(one, band_picture(one.band)) for one in page.bands],
        "tables": [(one.name, words.TABLES[one.name]) for one in content.tables],
    }  # fmt: skip


def _boxes(request: HttpRequest, choices: FilterChoices, error: InvalidInput | None = None) -> dict[str, Any]:
    """What each box may be, what was asked, and what is wrong with it."""
    return {
        name: {
            "value": request.GET.get(name, ""), "choices": getattr(choices, name, ()),
            "faults": [text_of(one) for one in error.fields.get(name, ())] if error else [],
        }
        for name in (*FILTERS, "cut")
    }  # fmt: skip


urlpatterns: list[URLPattern] = [
    path("evidence/", studies, name="evidence-list"),
    path("evidence/<str:code>/", evidence, name="evidence"),
    path("evidence/<str:code>/print/", printed, name="evidence-print"),
    path("evidence/<str:code>/tables/<slug:name>.csv", table, name="evidence-table"),
]

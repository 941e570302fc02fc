"""The audit page with its filters, as a page, as CSV and as PDF. Looking at it is an event, its filters kept."""

import csv
from io import StringIO

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from crsmonitor.audit.events import record_event
from grading.exports.formats.comma_separated import safe_cell
from grading.review.signatures import words as signature_words
from grading.review.signatures.selectors import signatures_on
from grading.review.trail.forms import TrailForm
from grading.review.trail.selectors import check_review, events_for, lines_of
from grading.review.trail.verifying import broken_in, chains_of, last_verification
from grading.review.trail.views.drawing import COLUMNS, cells_of, draw
from grading.review.trail.words import TrailRow, row_of

SHOWN, MOST = 50, {"csv": 5_000, "pdf": 1_000}
FILES = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """`?as=csv` or `pdf`: a file of what is found, up to MOST rows; `?page=` of the page."""
    check_review(request.user)
    at = timezone.now()
    form = TrailForm(request.GET, user=request.user, at=at)
    if not form.is_valid():
        return render(request, "review/trail/audit.html", {"form": form, "rows": None}, status=400)
    wanted = form.wanted()
    events = events_for(request.user, wanted)
    file_kind = request.GET.get("as", "")
    page = _number(request.GET.get("page", ""))
    if file_kind in FILES:
        held = list(events[: MOST[file_kind]])
    else:
        held = list(events[(page - 1) * SHOWN : page * SHOWN + 1])
    site = None if wanted.participant is None else wanted.participant.site
    rows = [row_of(line, site=site) for line in lines_of(held[: MOST.get(file_kind, SHOWN)])]
    _record(request, form, rows=len(rows), file_kind=file_kind)
    if file_kind in FILES:
        return _file(file_kind, rows, request)
    more = request.GET.copy()
    more.pop("page", None)
    context = {
        "form": form, "rows": rows, "page": page, "next": page + 1 if len(held) > SHOWN else None,
        "query": more.urlencode(), "broken": broken_in(chains_of(held)), "verified": last_verification(),
        "chains": len(chains_of(held)), "site": site, "now": at,
    }  # fmt: skip
    return render(request, "review/trail/audit.html", context)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 4 and int(text) else 1


def _record(request: HttpRequest, form: TrailForm, *, rows: int, file_kind: str) -> None:
    filters = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    record_event("audit_viewed", by=request.user, filters=filters, rows=rows, file=file_kind)


def _file(file_kind: str, rows: list[TrailRow], request: HttpRequest) -> HttpResponse:
    if file_kind == "pdf":
        signed = signatures_on(request.user, [(row.line.event.table_name, row.line.event.row_id) for row in rows])
        lines = signature_words.lines_of(signed, request.user)
        content: bytes = draw(rows, lines, asian=settings.PAPER_FONT)
    else:
        out = StringIO()
        writer = csv.writer(out)
        writer.writerow([str(name) for name in COLUMNS])
        writer.writerows([safe_cell(cell) for cell in cells] for row in rows for cells in cells_of(row))
        content = ("\ufeff" + out.getvalue()).encode()
    response = HttpResponse(content, content_type=FILES[file_kind])
    response["Content-Disposition"] = f'attachment; filename="audit.{file_kind}"'
    return response


urlpatterns: list[URLPattern] = [path("audit/", audit, name="audit")]

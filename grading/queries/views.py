"""The list of queries, one query, and the page of a record with everything that is asked about it."""

import csv
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crsmonitor.accounts.roles import Act
from crsmonitor.audit.events import record_event
from crsmonitor.errors import Forbidden, InvalidInput, KeyReused, NotFound
from grading.exports.formats.comma_separated import safe_cell
from grading.models import SourceCheck
from grading.queries.files import ACTIONS, COLUMNS, OPTIONAL, take_in
from grading.queries.forms import AskForm, MoveForm, QueriesForm, QueryFileForm
from grading.queries.selectors import (
    SHOWN,
    Thread,
    in_states,
    last_version,
    queries_for,
    thread_for,
    threads_about,
    threads_of,
)
from grading.queries.services import AboutRecord, StepBy, move_query, open_query
from grading.queries.verifying import standing_marks, was_marked
from grading.queries.words import CELLS, MOVED, cells_of, lines_of, rows_for
from grading.review.trail.tables import fields_of
from grading.review.trail.words import field_word, kind_word
from regimens.selectors import may, participant_for, participants_for, studies_for

MOST = 5_000  # lines of a file


@require_safe
def queries(request: HttpRequest) -> HttpResponse:
    """The oldest first; what waits unless something else is asked for."""
    check_sees(request)
    form = QueriesForm(request.GET, studies=studies_for(request.user, Act.SEE_WARD).order_by("code"))
    if not form.is_valid():
        return render(request, "queries/queries.html", {"form": form, "rows": None}, status=400)
    chosen = in_states(queries_for(request.user), form.states())
    participant = None
    if (key := form.cleaned_data["participant"]) is not None:
        participant = participant_for(request.user, key, Act.SEE_WARD)
        chosen = chosen.filter(participant=participant)
    if study := form.cleaned_data["study"]:
        chosen = chosen.filter(participant__study__code=study)
    if request.GET.get("as") == "csv":
        return _csv(request, form, threads_of(chosen[:MOST]))
    rows = rows_for(threads_of(chosen[:SHOWN]), request.user, at=timezone.now())
    context = {
        "query": request.GET.urlencode(),
        "form": form,
        "rows": rows,
        "participant": participant,
        "verifies": may(request.user, Act.VERIFY),
        "most": SHOWN if len(rows) == SHOWN else None,
    }
    return render(request, "queries/queries.html", context)


def _csv(request: HttpRequest, form: QueriesForm, threads: list[Thread]) -> HttpResponse:
    filters = {name: value for name, value in form.cleaned_data.items() if value not in ("", None)}
    record_event("queries_pulled", by=request.user, filters=filters, rows=len(threads))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="queries.csv"'
    response.write("\ufeff")
    writer, at = csv.writer(response), timezone.now()
    writer.writerow(CELLS)
    writer.writerows([safe_cell(cell) for cell in cells_of(thread, at=at)] for thread in threads)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def queries_file(request: HttpRequest) -> HttpResponse:
    """Many queries by a file: a POST tries it, and with `sure` does what was shown."""
    check_sees(request)
    if not (may(request.user, Act.QUERY) or may(request.user, Act.RECORD)):
        raise Forbidden("role_forbids")
    at = timezone.now()
    form = QueryFileForm(request.POST if request.method == "POST" else None, request.FILES, by=request.user, at=at)
    shown = form.is_bound and form.is_valid()
    if shown and "sure" in request.POST:
        take_in(form.lines, by=request.user, at=at)
        messages.success(request, _("Recorded"))
        return redirect("queries")
    context = {"form": form, "columns": (*COLUMNS, *OPTIONAL), "actions": ", ".join(ACTIONS)}
    if shown:
        context |= {
            "rows": [(one, MOVED[one.move]) for one in form.outcomes], "text": form.cleaned_data["text"],
            "new": sum(one.is_new for one in form.outcomes),
        }  # fmt: skip
    return render(request, "queries/file.html", context, status=400 if form.is_bound and not shown else 200)


def check_sees(request: HttpRequest) -> None:
    """Raises NotFound for whoever is in no study, Forbidden for who sees no ward."""
    if not may(request.user, Act.SEE_WARD):
        raise Forbidden("role_forbids") if may(request.user, Act.SEE_STUDY) else NotFound("no_such_page")


@require_http_methods(["GET", "HEAD", "POST"])
def query(request: HttpRequest, query_id: UUID) -> HttpResponse:
    thread = thread_for(request.user, query_id)
    form = MoveForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _moved(request, query_id, form):
        messages.success(request, _("Recorded"))
        return redirect("query", query_id)
    [row] = rows_for([thread], request.user, at=timezone.now())
    participant = thread.query.participant
    context = {"row": row, "form": form, "participant": participant, "site": participant.site}
    context["may_record"] = participants_for(request.user, Act.RECORD).contains(participant)
    return render(request, "queries/query.html", context, status=400 if form.is_bound else 200)


def _moved(request: HttpRequest, query_id: UUID, form: MoveForm) -> bool:
    """Whether it is kept. The form says why not."""
    step = StepBy(id=form.cleaned_data["id"], by=request.user, at=timezone.now())
    try:
        move_query(query_id, form.cleaned_data["move"], form.cleaned_data["text"], step=step)
    except (InvalidInput, KeyReused) as error:
        form.take(error)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, pk: int, table: str, root: UUID) -> HttpResponse:
    """One record, field by field, with its queries; a POST opens one. `?field=`: the field to ask about."""
    participant = participant_for(request.user, pk, Act.SEE_WARD)
    newest = last_version(participant, table, root)
    asks = participants_for(request.user, Act.QUERY).contains(participant)
    form = AskForm(
        request.POST if request.method == "POST" else None, table=table, fields=fields_of(table),
        field=request.GET.get("field", ""),
    )  # fmt: skip
    if form.is_bound and form.is_valid() and _opened(request, form, pk, table, root):
        messages.success(request, _("Recorded"))
        return redirect("record", pk, table, root)
    rows = rows_for(threads_about(request.user, pk, table, root), request.user, at=timezone.now())
    context = {
        "participant": participant, "site": participant.site, "fact": newest, "kind": kind_word(table), "table": table,
        "verifies": participants_for(request.user, Act.VERIFY).contains(participant),
        "marks": [(one, _field_name(one, table)) for one in standing_marks([newest.pk])],
        "again": was_marked(root, newest.pk),
        "lines": lines_of(newest, participant.site, rows), "rows": rows, "form": form if asks else None,
    }  # fmt: skip
    return render(request, "queries/record.html", context, status=400 if form.is_bound else 200)


def _field_name(one: SourceCheck, table: str) -> str:
    return field_word(one.field, table=table) if one.field else _("the whole record")


def _opened(request: HttpRequest, form: AskForm, pk: int, table: str, root: UUID) -> bool:
    about = AboutRecord(participant_id=pk, kind=table, root=root, field=form.cleaned_data["field"])
    step = StepBy(id=form.cleaned_data["id"], by=request.user, at=timezone.now())
    try:
        open_query(about, form.cleaned_data["text"], step=step)
    except (InvalidInput, KeyReused) as error:
        form.take(error)
        return False
    return True


urlpatterns: list[URLPattern] = [
    path("queries/", queries, name="queries"),
    path("queries/file/", queries_file, name="queries-file"),
    path("queries/<uuid:query_id>/", query, name="query"),
    path("participants/<int:pk>/records/<slug:table>/<uuid:root>/", record, name="record"),
]

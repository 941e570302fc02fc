"""The list of queries, one query, and the page of a record with everything that is asked about it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crsmonitor.accounts.roles import Act
from crsmonitor.errors import Forbidden, InvalidInput, KeyReused, NotFound
from grading.queries.forms import AskForm, MoveForm, QueriesForm
from grading.queries.selectors import (
    SHOWN,
    in_states,
    last_version,
    queries_for,
    thread_for,
    threads_about,
    threads_of,
)
from grading.queries.services import AboutRecord, StepBy, move_query, open_query
from grading.queries.words import lines_of, rows_for
from grading.review.trail.tables import fields_of
from grading.review.trail.words import kind_word
from regimens.selectors import may, participant_for, participants_for, studies_for


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
    rows = rows_for(threads_of(chosen[:SHOWN]), request.user, at=timezone.now())
    context = {"form": form, "rows": rows, "participant": participant, "most": SHOWN if len(rows) == SHOWN else None}
    return render(request, "queries/queries.html", context)


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
        "lines": lines_of(newest, participant.site, rows), "rows": rows, "form": form if asks else None,
    }  # fmt: skip
    return render(request, "queries/record.html", context, status=400 if form.is_bound else 200)


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
    path("queries/<uuid:query_id>/", query, name="query"),
    path("participants/<int:pk>/records/<slug:table>/<uuid:root>/", record, name="record"),
]

"""The pages of source data verification: how far a study is and by which plan, what of a participant is to be compared,
and the marks of one record."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crsmonitor.accounts.roles import Act
from crsmonitor.errors import Forbidden, InvalidInput, NotFound
from grading.queries.progress import SHOWN, people_to_verify, progress_of, record_states, study_to_verify
from grading.queries.source_forms import MarkForm, PlanForm
from grading.queries.source_words import plan_words, record_rows
from grading.queries.verifying import AboutVersion, mark, newest_plan, plan_verification
from regimens.selectors import may, participant_for, studies_for


@require_safe
def sdv_studies(request: HttpRequest) -> HttpResponse:
    if not may(request.user, Act.VERIFY):
        raise Forbidden("role_forbids") if may(request.user, Act.SEE_STUDY) else NotFound("no_such_page")
    return render(request, "queries/sdv_studies.html", {"studies": studies_for(request.user, Act.VERIFY)})


@require_http_methods(["GET", "HEAD", "POST"])
def sdv(request: HttpRequest, study: str) -> HttpResponse:
    """How far each participant is, by pages (`?page=`); a POST writes another plan."""
    trial = study_to_verify(request.user, study)
    form = PlanForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            because = form.cleaned_data["because"]
            plan_verification(trial, form.rule, because=because, by=request.user, at=timezone.now())
        except InvalidInput as error:
            form.take(error)
        else:
            messages.success(request, _("Recorded"))
            return redirect("sdv", study)
    plan, page = newest_plan(trial), _number(request.GET.get("page", ""))
    goes_on = people_to_verify(request.user, trial).count() > page * SHOWN
    context = {
        "study": trial, "form": form, "plan": plan, "rules": [] if plan is None else plan_words(plan),
        "rows": progress_of(request.user, trial, part=slice((page - 1) * SHOWN, page * SHOWN)),
        "before": page - 1, "next": page + 1 if goes_on else None,
    }  # fmt: skip
    return render(request, "queries/sdv.html", context, status=400 if form.is_bound else 200)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 5 and int(text) else 1


@require_safe
def sdv_participant(request: HttpRequest, pk: int) -> HttpResponse:
    """What the plan draws of a participant, and what was marked besides."""
    participant = participant_for(request.user, pk, Act.VERIFY)
    states = record_states(participant.study, [participant.pk])
    context = {"participant": participant, "site": participant.site, "rows": record_rows(states)}
    return render(request, "queries/sdv_participant.html", context)


@require_POST
def source(request: HttpRequest, pk: int, table: str, root: UUID) -> HttpResponse:
    """Marks or unmarks fields of the version that the page showed."""
    participant_for(request.user, pk, Act.VERIFY)
    form = MarkForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("mark_damaged")
    about = AboutVersion(participant_id=pk, kind=table, root=root, version=form.cleaned_data["version"])
    fields = request.POST.getlist("field") or [""]
    taken_back = form.cleaned_data["because"] if form.cleaned_data["do"] == "back" else None
    mark(about, fields, by=request.user, at=timezone.now(), taken_back=taken_back)
    messages.success(request, _("Recorded"))
    return redirect("record", pk, table, root)


urlpatterns: list[URLPattern] = [
    path("sdv/", sdv_studies, name="sdv-studies"),
    path("sdv/<str:study>/", sdv, name="sdv"),
    path("participants/<int:pk>/sdv/", sdv_participant, name="sdv-participant"),
    path("participants/<int:pk>/records/<slug:table>/<uuid:root>/source/", source, name="source"),
]

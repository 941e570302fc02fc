"""Enter and correct what was seen and given: each page makes one fact and hands it to `record`."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crsmonitor.accounts.roles import Act
from crsmonitor.errors import AlreadyCorrected, InvalidInput, KeyReused
from grading.bedside.entering import Entering, NothingRuns
from grading.bedside.kinds import PAGES, entry_form, shown_at
from grading.bedside.selectors.bedside import Bedside, bedside
from grading.bedside.selectors.course import kept_under, standing_version, visible_fact
from grading.bedside.selectors.preview import preview
from grading.bedside.views.head import about
from grading.effort.keeping import keep_effort
from grading.models import NeuroAssessment, VitalSigns
from grading.recording.record import record
from grading.tablet.participant_rules import correction_rules, participant_rules
from grading.templatetags.grading import at_site
from grading.words import badges
from regimens.facts import Fact

GRADED_AS = {VitalSigns: "crs", NeuroAssessment: "icans"}


def enter(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A new fact."""
    here = bedside(request.user, pk, PAGES[kind].act, at=timezone.now())
    return _answer(request, here, kind, earlier=None)


def correct(request: HttpRequest, kind: str, fact_id: UUID) -> HttpResponse:
    """A new version of a fact, beside the earlier one."""
    page = PAGES.get(kind)
    if page is None:
        raise Http404
    earlier = visible_fact(request.user, page.form.model, str(fact_id), page.act)
    here = bedside(request.user, earlier.participant_id, page.act, at=timezone.now())
    return _answer(request, here, kind, earlier=earlier)


def _answer(request: HttpRequest, here: Bedside, kind: str, *, earlier: Fact | None) -> HttpResponse:
    typed, wanted = request.POST if request.method == "POST" else None, request.GET.get
    entering = Entering(
        here=here, earlier=earlier, at=timezone.now(), chosen=wanted("treatment", ""), wanted_bank=wanted("bank", ""),
        from_paper=PAGES[kind].on_paper and bool(wanted("paper", "")),
        kept=None if typed is None or not PAGES[kind].stops else _kept_as(request, here, kind, typed.get("id", "")),
    )  # fmt: skip
    try:
        form = entry_form(typed, kind, entering)
    except NothingRuns:  # a colleague was first, or a page of before was tapped
        messages.info(request, _("Nothing was saved: nothing runs that could end. Its end may be recorded already."))
        return redirect(PAGES[kind].shown_on, pk=here.participant.pk)
    if form.is_bound and form.is_valid():
        try:
            kept = record(form.draft(), by=request.user, at=entering.at)
        except (InvalidInput, AlreadyCorrected, KeyReused) as error:
            form.take(error)  # the page comes back with everything that was typed
            if isinstance(error, KeyReused):
                form.kept_already = _kept(request, here.participant.pk, kind, form.cleaned_data["id"])
            if isinstance(error, AlreadyCorrected) and earlier is not None:
                form.newer = standing_version(earlier)
        else:
            if kept.replayed:  # the answer to the first save was lost, or Save was tapped twice
                when = at_site(kept.fact.recorded_at, here.participant.site)
                messages.info(request, _("This was saved already, %(time)s: nothing was saved twice.") % {"time": when})
            elif earlier is None and not form.is_from_paper:
                keep_effort(
                    kind, here.participant, by=request.user.pk, opened_at=form.opened, at=entering.at,
                    text=request.POST.get("effort", ""),
                )  # fmt: skip
            return redirect(shown_at(kind, kept.fact))
    context = about(request.user, here) | _around(kind, entering, form) | {"one_field": request.GET.get("field", "")}
    return render(request, PAGES[kind].template, context, status=400 if form.is_bound else 200)


def _kept_as(request: HttpRequest, here: Bedside, kind: str, typed: str) -> Fact | None:
    """What this id is on file as: the answer to a first save may have been lost."""
    try:
        return _kept(request, here.participant.pk, kind, UUID(typed))
    except ValueError:
        return None  # the form says so


def _kept(request: HttpRequest, pk: int, kind: str, fact_id: UUID) -> Fact | None:
    page = PAGES[kind]
    return kept_under(request.user, page.form.model, str(fact_id), participant_id=pk, act=page.act)


@require_GET
def kept(request: HttpRequest, pk: int, kind: str) -> JsonResponse:
    """Whether what a tablet holds as a draft is kept: the answer may have been lost. `saved`: where it shows."""
    try:
        fact_id = UUID(request.GET.get("id", ""))
    except ValueError:
        raise Http404 from None
    if kind not in PAGES:
        raise Http404
    fact = _kept(request, pk, kind, fact_id)
    return JsonResponse({"saved": None if fact is None else shown_at(kind, fact)})


def _around(kind: str, entering: Entering, form: Any) -> dict[str, Any]:
    page, earlier = PAGES[kind], entering.earlier
    context = {"form": form, "kind": kind, "earlier": earlier, "graded": page.graded} | page.around(entering, form)
    if not page.graded:
        return context
    new = earlier is None
    context["preview_url"] = (
        reverse(f"{kind}-preview", args=[entering.participant.pk])
        if new
        else reverse("correct-preview", args=[kind, earlier.pk])
    )
    context["tablet_rules"] = _tablet_rules(entering)
    context["badge_shapes"] = badges.each_shape(GRADED_AS[page.form.model])
    if form.is_bound:  # without JavaScript the grade of what was typed stands on the page that comes back
        context["badge"] = _badge(entering.here, entry_form(form.data, kind, entering))
    return context


def _tablet_rules(entering: Entering) -> dict[str, Any]:
    earlier = entering.earlier
    if isinstance(earlier, VitalSigns | NeuroAssessment):
        return correction_rules(earlier, at=entering.at)
    return participant_rules(entering.participant, at=entering.at)


def _badge(here: Bedside, form: Any) -> badges.GradeBadge:
    draft = form.draft_so_far()
    outcome = preview(draft, participant=here.participant, state=here.state)
    would_be = None if badges.TOLD_IF_CRS.isdisjoint(outcome.graded.flags) else outcome.if_crs
    return badges.of_graded(outcome.kind, outcome.graded, if_crs=would_be, why=outcome.why)


@require_POST
def look_ahead(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The grade of what has been typed so far. Writes nothing."""
    here = bedside(request.user, pk, Act.RECORD, at=timezone.now())
    return _looked_ahead(request, kind, here, earlier=None)


@require_POST
def look_ahead_correcting(request: HttpRequest, kind: str, fact_id: UUID) -> HttpResponse:
    """The same for a correction."""
    if kind not in PAGES or not PAGES[kind].graded:
        raise Http404
    earlier = visible_fact(request.user, PAGES[kind].form.model, str(fact_id), Act.RECORD)
    here = bedside(request.user, earlier.participant_id, Act.RECORD, at=timezone.now())
    return _looked_ahead(request, kind, here, earlier=earlier)


def _looked_ahead(request: HttpRequest, kind: str, here: Bedside, *, earlier: Fact | None) -> HttpResponse:
    entering = Entering(here=here, earlier=earlier, at=timezone.now())
    badge = _badge(here, entry_form(request.POST, kind, entering))
    return render(request, "bedside/_preview.html", {"badge": badge, "fresh_rules": _tablet_rules(entering)})


urlpatterns: list[URLPattern] = [
    *(path(f"participants/<int:pk>/{kind}/", enter, {"kind": kind}, name=kind) for kind in PAGES),
    *(
        path(f"participants/<int:pk>/{kind}/preview/", look_ahead, {"kind": kind}, name=f"{kind}-preview")
        for kind, page in PAGES.items()
        if page.graded
    ),
    path("participants/<int:pk>/<slug:kind>/kept/", kept, name="kept"),
    path("corrections/<slug:kind>/<uuid:fact_id>/", correct, name="correct"),
    path("corrections/<slug:kind>/<uuid:fact_id>/preview/", look_ahead_correcting, name="correct-preview"),
]

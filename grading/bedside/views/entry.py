"""Enter and correct what was seen and given: each page makes one fact and hands it to `record`."""

from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
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
from grading.alerting.selectors.rota import AHEAD, cover_of
from grading.bedside.forms.given import DoseEndForm, DoseForm, StayEndForm, StayForm
from grading.bedside.forms.neuro import NeuroForm
from grading.bedside.forms.treatment import TreatmentEndForm, TreatmentForm, WeightForm
from grading.bedside.forms.vitals import VitalsForm
from grading.bedside.selectors.bedside import (
    Bedside,
    bedside,
    last_neuro,
    running_dose,
    running_stay,
    steps_of,
    unconfirmed,
)
from grading.bedside.selectors.course import kept_under, last_vitals, next_step, visible_fact
from grading.bedside.selectors.preview import preview
from grading.bedside.views.ward import about
from grading.dosing import gate_words
from grading.dosing.selectors.gate import Gate, gate_of
from grading.models import Treatment, TreatmentEnd, VitalSigns
from grading.recording.forms.base import FactForm
from grading.recording.forms.baseline import BaselineOxygenForm, BaselineVasopressorsForm
from grading.recording.record import record
from grading.review.forms.attribution import AttributionForm
from grading.templatetags.grading import at_site
from grading.treatment.drug_words import running_by_class
from grading.treatment.selectors.drug_facts import held_up_by, measures, planned_doses, still_running
from grading.treatment.selectors.drugs import tocilizumab_now
from grading.words import badges as faces
from regimens.facts import Fact
from regimens.models import Measured, StayEnd
from regimens.selectors import wristband_of


class Entry(NamedTuple):
    """One kind of fact: its form, its page, whether its grade is shown while typing, and the page that shows it."""

    form: type[FactForm]
    template: str
    graded: bool = False
    act: Act = Act.RECORD
    shown_on: str = "participant"


ENTRIES = {
    "vitals": Entry(VitalsForm, "bedside/vitals.html", graded=True),
    "neuro": Entry(NeuroForm, "bedside/neuro.html", graded=True),
    "treatment": Entry(TreatmentForm, "bedside/treatment.html"),
    "treatment-end": Entry(TreatmentEndForm, "bedside/treatment_end.html", shown_on="drugs"),
    "weight": Entry(WeightForm, "bedside/weight.html", shown_on="drugs"),
    "baseline-oxygen": Entry(BaselineOxygenForm, "bedside/baseline_oxygen.html", shown_on="drugs"),
    "baseline-vasopressors": Entry(BaselineVasopressorsForm, "bedside/baseline_vasopressors.html", shown_on="drugs"),
    "dose": Entry(DoseForm, "bedside/dose.html"),
    "dose-end": Entry(DoseEndForm, "bedside/dose_end.html"),
    "stay": Entry(StayForm, "bedside/stay.html"),
    "stay-end": Entry(StayEndForm, "bedside/stay_end.html", shown_on="window"),
    "attribution": Entry(AttributionForm, "review/attribution.html", act=Act.JUDGE),
}

_MEASURED = {
    "weight": Measured.WEIGHT,
    "baseline-oxygen": Measured.BASELINE_OXYGEN,
    "baseline-vasopressors": Measured.BASELINE_VASOPRESSORS,
}
CORRECTED = ENTRIES.keys() - {"dose-end"}


def enter(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A new fact."""
    here = bedside(request.user, pk, ENTRIES[kind].act, at=timezone.now())
    return _answer(request, here, kind, earlier=None)


def correct(request: HttpRequest, kind: str, fact_id: UUID) -> HttpResponse:
    """A new version of a fact, beside the earlier one."""
    if kind not in CORRECTED:
        raise Http404
    model, act = ENTRIES[kind].form.model, ENTRIES[kind].act
    earlier = visible_fact(request.user, model, str(fact_id), act)
    here = bedside(request.user, earlier.participant_id, act, at=timezone.now())
    return _answer(request, here, kind, earlier=earlier)


def _answer(request: HttpRequest, here: Bedside, kind: str, *, earlier: Fact | None) -> HttpResponse:
    at = timezone.now()
    typed, chosen = request.POST if request.method == "POST" else None, request.GET.get("treatment", "")
    form = _form(typed, here, kind, earlier, at=at, chosen=chosen)
    if form.is_bound and form.is_valid():
        try:
            kept = record(form.draft(), by=request.user, at=at)
        except (InvalidInput, AlreadyCorrected, KeyReused) as error:
            form.take(error)  # the page comes back with everything that was typed
            if isinstance(error, KeyReused):
                form.kept_already = _kept(request, here.participant.pk, kind, form.cleaned_data["id"])
        else:
            if kept.replayed:  # the answer to the first save was lost, or Save was tapped twice
                when = at_site(kept.fact.recorded_at, here.participant.site)
                messages.info(request, _("This was saved already, %(time)s: nothing was saved twice.") % {"time": when})
            return redirect(_shown_at(kind, kept.fact))
    told = about(request, here) | _around(here, kind, earlier, form)
    return render(request, ENTRIES[kind].template, told, status=400 if form.is_bound else 200)


def _shown_at(kind: str, fact: Fact) -> str:
    return f"{reverse(ENTRIES[kind].shown_on, args=[fact.participant_id])}?saved={fact.pk}"


def _kept(request: HttpRequest, pk: int, kind: str, fact_id: UUID) -> Fact | None:
    entry = ENTRIES[kind]
    return kept_under(request.user, entry.form.model, str(fact_id), participant_id=pk, act=entry.act)


@require_GET
def kept(request: HttpRequest, pk: int, kind: str) -> JsonResponse:
    """Whether what a tablet holds as a draft is kept: the answer may have been lost. `saved`: where it shows."""
    try:
        fact_id = UUID(request.GET.get("id", ""))
    except ValueError:
        raise Http404 from None
    if kind not in ENTRIES:
        raise Http404
    fact = _kept(request, pk, kind, fact_id)
    return JsonResponse({"saved": None if fact is None else _shown_at(kind, fact)})


def _form(data: Any, here: Bedside, kind: str, earlier: Fact | None, *, at: Any, chosen: str = "") -> Any:
    options: dict[str, Any] = {
        "participant": here.participant, "wristband": wristband_of(here.participant), "at": at, "earlier": earlier,
    }  # fmt: skip
    if kind == "dose":
        steps, planned = steps_of(here.participant), next_step(here.participant)
        doses = planned_doses(here.participant, steps, at=at)
        options |= {"steps": steps, "planned": planned, "doses": doses}
        if earlier is None:  # a correction says anew what was given, and not whether it may be
            options["gate_at"] = partial(_gate_at, here)
    elif kind == "dose-end":
        options["dose"] = running_dose(here.participant)
        if options["dose"] is None:
            raise Http404
    elif kind == "stay-end":
        options["stay"] = earlier.stay if isinstance(earlier, StayEnd) else running_stay(here.participant)
        if options["stay"] is None:
            raise Http404
    elif kind == "treatment-end":
        options |= {"running": _stoppable(here, earlier), "chosen": chosen}
    elif kind in _MEASURED and not measures(earlier, _MEASURED[kind]):
        raise Http404
    form = ENTRIES[kind].form(data, **options)
    if isinstance(form, VitalsForm) and isinstance(earlier, VitalSigns):
        form.asked = {doubt.field for doubt in unconfirmed(earlier)}
    return form


def _gate_at(here: Bedside, at: datetime) -> Gate:
    """The gate's answer for a dose that begins then."""
    return gate_of(here.participant, dose_at=at, at=at)


def _stoppable(here: Bedside, earlier: Fact | None) -> list[Treatment]:
    """What may have stopped: what runs, and what the corrected stop was of."""
    running = still_running(here.participant)
    if isinstance(earlier, TreatmentEnd):
        running = [earlier.treatment, *running]
    if not running:
        raise Http404
    return running


def _around(here: Bedside, kind: str, earlier: Fact | None, form: Any) -> dict[str, Any]:
    before = None if earlier is None else earlier.observed_at
    told: dict[str, Any] = {"form": form, "kind": kind, "earlier": earlier, "graded": ENTRIES[kind].graded}
    if kind == "vitals":
        told["last"] = last_vitals(here.participant, before=before)
        told["record"] = running_by_class(held_up_by(here.participant, at=before or form.at), here.participant.site)
    elif kind == "neuro":
        told["last"] = last_neuro(here.participant, before=before)
    elif kind == "dose" and earlier is None:
        gate = form.gate or _gate_at(here, form.opened)
        asks = form.planned is not None and gate.asks_why(form.planned.label)
        told |= {"gate": gate, "gate_told": gate_words.told(gate), "gate_asks": asks}
    elif kind == "treatment":
        told["tocilizumab"] = tocilizumab_now(here.participant, at=form.at)
    elif kind == "stay" and earlier is None:  # who would be called is told before somebody is admitted
        study, site = here.participant.study, here.participant.site
        told["cover"] = cover_of(study, site, start=form.at, end=form.at + AHEAD)
    if ENTRIES[kind].graded:
        told["preview_url"] = (
            reverse(f"{kind}-preview", args=[here.participant.pk])
            if earlier is None
            else reverse("correct-preview", args=[kind, earlier.pk])
        )
        if form.is_bound:  # without JavaScript the grade of what was typed stands on the page that comes back
            told["face"] = _face(here, _form(form.data, here, kind, earlier, at=form.at))
    return told


def _face(here: Bedside, form: Any) -> faces.GradeBadge:
    draft = form.draft_so_far()
    found = preview(draft, participant=here.participant, state=here.state)
    would_be = None if faces.TOLD_IF_CRS.isdisjoint(found.graded.flags) else found.if_crs
    return faces.of_graded(found.kind, found.graded, if_crs=would_be, why=found.why)


@require_POST
def look_ahead(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The grade of what has been typed so far. Writes nothing."""
    here = bedside(request.user, pk, Act.RECORD, at=timezone.now())
    form = _form(request.POST, here, kind, None, at=timezone.now())
    return render(request, "bedside/_preview.html", {"face": _face(here, form)})


@require_POST
def look_ahead_correcting(request: HttpRequest, kind: str, fact_id: UUID) -> HttpResponse:
    """The same for a correction."""
    if kind not in ENTRIES or not ENTRIES[kind].graded:
        raise Http404
    earlier = visible_fact(request.user, ENTRIES[kind].form.model, str(fact_id), Act.RECORD)
    here = bedside(request.user, earlier.participant_id, Act.RECORD, at=timezone.now())
    form = _form(request.POST, here, kind, earlier, at=timezone.now())
    return render(request, "bedside/_preview.html", {"face": _face(here, form)})


urlpatterns: list[URLPattern] = [
    *(path(f"participants/<int:pk>/{kind}/", enter, {"kind": kind}, name=kind) for kind in ENTRIES),
    *(
        path(f"participants/<int:pk>/{kind}/preview/", look_ahead, {"kind": kind}, name=f"{kind}-preview")
        for kind, entry in ENTRIES.items()
        if entry.graded
    ),
    path("participants/<int:pk>/<slug:kind>/kept/", kept, name="kept"),
    path("corrections/<slug:kind>/<uuid:fact_id>/", correct, name="correct"),
    path("corrections/<slug:kind>/<uuid:fact_id>/preview/", look_ahead_correcting, name="correct-preview"),
]

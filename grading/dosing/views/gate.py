"""The next-dose gate: the answer with its criteria, what it asks of people, and the release."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from crsmonitor.accounts.roles import Act
from crsmonitor.accounts.signing import prove
from crsmonitor.errors import AlreadyCorrected, InvalidInput, KeyReused
from grading.bedside import baseline_words
from grading.bedside.selectors.bedside import bedside, steps_of
from grading.bedside.views.head import about
from grading.dosing import gate_words
from grading.dosing.forms.gate import AtForm, ReleaseForm, SiteAnswersForm
from grading.dosing.selectors.gate import gate_for
from grading.recording.gate import answer_gate
from grading.recording.record import record
from grading.review.signatures.selectors import is_void
from regimens.selectors import cohorts_of, may_for, participant_for


@require_http_methods(["GET", "HEAD", "POST"])
def gate(request: HttpRequest, pk: int) -> HttpResponse:
    """`?at=`: when the dose is to be given; a time that is past is now."""
    now = timezone.now()
    here = bedside(request.user, pk, Act.SEE_WARD, at=now)
    asked_for = AtForm(request.GET, participant=here.participant, now=now)
    chosen = asked_for.cleaned_data["at"] if asked_for.is_valid() else None
    dose_gate = gate_for(request.user, pk, dose_at=None if chosen is None else max(chosen, now), at=now)
    releases = request.POST.get("form") != "asked"
    sent = request.POST if request.method == "POST" else None
    answers = SiteAnswersForm(None if releases else sent, gate=dose_gate, now=now)
    release = ReleaseForm(sent if releases else None, gate=dose_gate, now=now, steps=steps_of(here.participant))
    if sent is not None and _kept(request, pk, release if releases else answers, now=now):
        return redirect(f"{request.path}?{request.GET.urlencode()}" if request.GET else request.path)
    shown = about(request.user, here)
    context = shown | {
        "baselines": baseline_words.lines(here.participant, may_record=shown["may_record"]),
        "gate": dose_gate,
        "release_is_void": dose_gate.standing is not None
        and is_void(request.user, "release", [str(dose_gate.standing.root)]),
        "summary": gate_words.summary(dose_gate, may_record=shown["may_record"]),
        "asked_for": asked_for,
        "at_local": asked_for.stands_at(dose_gate.dose_at),
        "may_release": may_for(request.user, pk, Act.JUDGE),
        "has_cohorts": bool(cohorts_of(here.participant.regimen)),
        "answers": answers,
        "release": release,
    }
    is_wrong = sent is not None or not asked_for.is_valid()
    return render(request, "dosing/gate.html", context, status=400 if is_wrong else 200)


def _kept(request: HttpRequest, pk: int, form: SiteAnswersForm | ReleaseForm, *, now: datetime) -> bool:
    """Whether what was sent is kept; otherwise the form says why. Forbidden for who may not."""
    participant_for(request.user, pk, Act.JUDGE if isinstance(form, ReleaseForm) else Act.RECORD)
    if not form.is_valid():
        return False
    try:
        if isinstance(form, ReleaseForm):
            proof = prove(request, **form.signature)
            record(form.draft(), by=request.user, at=now, proof=proof)
        else:
            answer_gate(form.drafts(), by=request.user, at=now)
    except (InvalidInput, AlreadyCorrected, KeyReused) as error:
        form.take(error)
        return False
    return True


urlpatterns: list[URLPattern] = [path("participants/<int:pk>/gate/", gate, name="gate")]

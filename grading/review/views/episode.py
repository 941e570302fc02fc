"""One episode, enough to judge it from: for the ward, and pseudonymised for central review."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crsmonitor.accounts.signing import prove
from crsmonitor.errors import AlreadyCorrected, Forbidden, InvalidInput, KeyReused
from grading.bedside.course_words import mind_words, set_words
from grading.models import Episode, VitalSigns
from grading.recording.record import record
from grading.review import assessment_words as ledger_words
from grading.review.forms.episode import (
    AssignmentForm,
    EpisodeForm,
    EventReportForm,
    NarrativeForm,
    as_typed_before,
)
from grading.review.selectors.episodes import EpisodeReading, episode_for
from grading.review.selectors.event_reports import limits_dose, narratives_of, newest_report, sets_of
from grading.review.views.episode_picture import picture_of
from grading.serious.facts import EventFacts, facts_of
from grading.serious.narrative import narrative
from grading.serious.sections import shown_at
from grading.treatment.selectors.drugs import AlertClock, clocks_of_several
from grading.words import badges
from grading.words.drug_names import drug_name
from grading.words.limiting import limiting_text
from grading.words.wording import as_typed, span
from regimens.blinding import Profile, of_exports

Clock = Callable[[datetime], str]
CLOCKS = 10  # the newest alerts whose clock is shown


@require_http_methods(["GET", "HEAD", "POST"])
def episode(request: HttpRequest, pk: int, kind: str, root: UUID) -> HttpResponse:
    """A POST says what it is as an event, signs its narrative, or sends it to central review."""
    at, reading = timezone.now(), episode_for(request.user, pk, kind, root)
    profile = of_exports(reading.episode.participant.study) if reading.is_central else Profile.OPEN
    facts = facts_of(reading.episode.participant, reading.episode, at=at)
    if reading.is_central:
        facts = replace(facts, zone=UTC)  # an offset would tell of the site
    sentences = narrative(facts, profile)
    forms = _forms(request, reading, at=at, draft=text_of([one.text for one in sentences]))
    if request.method == "POST" and _kept(request, reading, forms, sentences, at=at):
        return redirect("episode", pk, kind, root)
    shown = (
        _shown(reading, facts)
        | forms
        | {
            "sentences": sentences,
            "signed": [] if reading.is_central else narratives_of(reading.episode),
        }
    )
    return render(request, "review/episode.html", shown, status=400 if request.method == "POST" else 200)


def text_of(sentences: Iterable[str]) -> str:
    """Chinese has no blank between sentences."""
    return ("" if (get_language() or "").startswith("zh") else " ").join(sentences)


def _forms(request: HttpRequest, reading: EpisodeReading, *, at: datetime, draft: str) -> dict[str, EpisodeForm | None]:
    """The form that was sent is bound. None: it is not this reader's."""
    sent = request.POST.get("do") if request.method == "POST" else None

    def form_of(cls: type[EpisodeForm], name: str, *, is_mine: bool) -> EpisodeForm | None:
        return cls(request.POST if sent == name else None, episode=reading.episode, at=at) if is_mine else None

    reports = reading.may_judge and not reading.is_central
    forms = {
        "report": form_of(EventReportForm, "report", is_mine=reports),
        "narrative": form_of(NarrativeForm, "narrative", is_mine=reports),
        "assign": form_of(AssignmentForm, "assign", is_mine=reading.may_send),
    }
    if forms["narrative"] is not None:
        forms["narrative"].initial["text"] = draft
    if forms["report"] is not None and (event := newest_report(reading.episode)) is not None:
        forms["report"].initial |= as_typed_before(event)
    return forms


def _kept(
    request: HttpRequest, reading: EpisodeReading, forms: dict[str, EpisodeForm | None], sentences: Any, *, at: datetime
) -> bool:
    """Whether what was sent is kept. The form says why not; Forbidden for what is not this reader's."""
    form = forms.get(request.POST.get("do", ""))
    if form is None:
        raise Forbidden("role_forbids")
    if not form.is_valid():
        return False
    try:
        if isinstance(form, NarrativeForm):
            proof = prove(request, **form.signature)
            draft = form.draft([one.as_json() for one in sentences])
            record(draft, by=request.user, at=at, proof=proof)
        elif isinstance(form, EventReportForm | AssignmentForm):
            record(form.draft(), by=request.user, at=at)
    except (InvalidInput, AlreadyCorrected, KeyReused) as error:
        form.take(error)
        return False
    return True


def _shown(reading: EpisodeReading, facts: EventFacts) -> dict[str, Any]:
    one, sets, site = reading.episode, sets_of(reading.episode), reading.episode.participant.site
    clock: Clock = lambda at: shown_at(at, facts)  # noqa: E731
    if reading.is_central:
        clock = _since_onset(one.started_at)
    drugs = [each for each in facts.treatments if each.observed_at >= one.started_at]
    return {
        "reading": reading,
        "episode": one,
        "participant": one.participant,
        "site": site,
        "ledgers": reading.ledgers,
        "began": clock(one.started_at),
        "over": None if one.ended_at is None else clock(one.ended_at),
        "lasted": None if one.ended_at is None else span(one.ended_at - one.started_at),
        "final": ledger_words.final_word(reading.ledgers),
        "lines": _ledger_rows(reading, clock),
        "limits": limits_dose(one, sets),
        "limiting": limiting_text(one.participant.study, one.kind),
        "event": newest_report(one),
        "rows": [_set_row(each, facts, clock) for each in sets],
        "drugs": [{"at": clock(each.observed_at), "words": _drug(each), "fact": each} for each in drugs],
        "nameless": reading.is_central,
        "attributions": [
            {"at": clock(each.observed_at), "sign": each.get_sign_display(), "cause": each.cause,
             "because": each.because, "until": None if each.until is None else clock(each.until)}
            for each in facts.attributions
        ],
        "picture": picture_of(sets, drugs),
        "clocks": [] if reading.is_central else _clocks(one),
    }  # fmt: skip


def _clocks(one: Episode) -> list[AlertClock]:
    """Of the alerts that its sets raised, the newest first."""
    alerts = one.participant.alerts.filter(kind=one.kind, observed_at__gte=one.started_at)
    if one.ended_at is not None:
        alerts = alerts.filter(observed_at__lte=one.ended_at)
    return clocks_of_several(one.participant, alerts.order_by("-raised_at")[:CLOCKS])


def _since_onset(onset: datetime) -> Clock:
    """No date and no zone for who sees no ward."""

    def clock(at: datetime) -> str:
        if at == onset:
            return _("onset")
        length = span(abs(at - onset))
        return (_("%(span)s after the onset") if at > onset else _("%(span)s before the onset")) % {"span": length}

    return clock


def _drug(one: Any) -> str:
    amount = "" if one.dose is None else f" {as_typed(one.dose)} {one.unit}"
    return f"{drug_name(one.drug)}{amount}"


def _set_row(grade: Any, facts: EventFacts, clock: Clock) -> dict[str, Any]:
    fact = next((one for one in facts.looks if one.pk == grade.fact_id), None)
    words: list[str] = []
    if isinstance(fact, VitalSigns):
        words = set_words(fact, None)
    elif fact is not None:
        words = mind_words(fact, facts.participant)
    return {"at": clock(grade.observed_at), "badge": badges.of_row(grade), "words": words, "fact": fact}


def _ledger_rows(reading: EpisodeReading, clock: Clock) -> list[dict[str, Any]]:
    """Every version that anybody wrote, the newest first; names are the ward's."""
    names = ledger_words.names()
    stale = {
        one.pk: ledger_words.stale_word(ledger, one, reading.ledgers)
        for ledger, one in reading.ledgers.assessments
        if one is not None
    }
    return [
        {
            "ledger": names[one.ledger],
            "word": ledger_words.judged_word(one),
            "because": one.because,
            "at": clock(one.observed_at),
            "who": "" if reading.is_central else one.recorded_by.get_username(),
            "withdrawn": one.withdrawn,
            "corrects": one.supersedes_id is not None,
            "stale": stale.get(one.pk, ""),
        }
        for one in reading.history
    ]


urlpatterns: list[URLPattern] = [
    path("participants/<int:pk>/episodes/<slug:kind>/<uuid:root>/", episode, name="episode"),
]

"""The participant page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET

from crsmonitor.accounts.roles import Act
from grading.alerting.cards import card_of
from grading.alerting.selectors.alerts import alerts_for
from grading.bedside import baseline_words, neuro_words
from grading.bedside.drawn_board import shown_grades
from grading.bedside.newest_set import trends_of
from grading.bedside.selectors.bedside import Bedside, bedside, unconfirmed
from grading.bedside.selectors.course import CoursePage, course_page, newest_sets
from grading.bedside.selectors.explained import newest_of
from grading.bedside.selectors.sentences import ribbon_of
from grading.bedside.sentence_shapes import shapes_of
from grading.bedside.views.course import course_of
from grading.models import Alert, VitalSigns
from grading.queries.selectors import record_links
from grading.recording.neuro_banks import bank_differences
from grading.recording.score_baseline import may_be_baseline
from grading.recording.selectors import changes_by
from grading.review import assessment_words as ledger_words
from grading.review.selectors.assessments import own_ledger
from grading.rules.alerting.lifecycle import STANDING
from grading.words import change_words
from grading.words.doors import may_here
from regimens.selectors import participants_for

SHOWN = 20  # alerts, as on the page


def participant(request: HttpRequest, pk: int) -> HttpResponse:
    """One participant's course, and on `?saved=` what was just saved."""
    at = timezone.now()
    here = bedside(request.user, pk, Act.SEE_WARD, at=at)
    page = course_page(request.user, pk)
    context = about(request, here) | {"page": page, "saved": _saved(page, request.GET.get("saved", ""))}
    context |= _live(here, [shown.fact for shown in page.vitals], page.alerts, at=at)
    context["changes"] = change_words.shown(changes_by(pk, request.GET.get("saved", "")), here.participant.site)
    context["course"] = course_of(request, pk, at=at)
    context["baselines"] = baseline_words.lines(here.participant, may_record=context["may_record"])
    context["sentences"] = shapes_of(ribbon_of(here.participant))
    context["compared"] = neuro_words.compared(here.participant, last=None)
    context["may_be_baseline"] = may_be_baseline(here.participant, [shown.fact for shown in page.neuro])
    context["bank_differs"] = bank_differences(here.participant.pk)
    ledger = own_ledger(request.user, here.participant)
    context["verbs"] = None if ledger is None else ledger_words.verbs(ledger)
    context["record_links"] = record_links(request.user, here.participant)
    context["may_attribute"] = participants_for(request.user, Act.JUDGE).filter(pk=pk).exists()
    may_copy = may_here(request, Act.COPY) and participants_for(request.user, Act.COPY).filter(pk=pk).exists()
    context["may_copy"] = may_copy
    return render(request, "bedside/participant.html", context)


@require_GET
def participant_live(request: HttpRequest, pk: int) -> HttpResponse:
    """The head of the page alone, for a page that is open."""
    at = timezone.now()
    here = bedside(request.user, pk, Act.SEE_WARD, at=at)
    alerts = alerts_for(request.user).filter(participant=pk)[:SHOWN]
    context = about(request, here) | _live(here, newest_sets(here.participant), list(alerts), at=at)
    context["baselines"] = baseline_words.lines(here.participant, may_record=context["may_record"])
    return render(request, "bedside/_live.html", context)


@require_GET
def participant_course(request: HttpRequest, pk: int) -> HttpResponse:
    """Another stretch of the course alone, for a page that is open."""
    at = timezone.now()
    here = bedside(request.user, pk, Act.SEE_WARD, at=at)
    context = {
        "participant": here.participant, "site": here.participant.site, "course": course_of(request, pk, at=at)
    }  # fmt: skip
    return render(request, "bedside/_course.html", context)


def _live(here: Bedside, sets: Sequence[VitalSigns], alerts: Sequence[Alert], *, at: datetime) -> dict[str, Any]:
    """The newest set, the alerts that stand, and what tells whether a newer record came."""
    standing = [alert for alert in alerts if alert.state in STANDING]
    return {
        "trends": trends_of(sets),
        "newest": sets[0] if sets else None,
        "standing": [card_of(alert, at=at, may_acknowledge=False) for alert in standing],
        "changed_at": here.state.changed_at,
    }


def about(request: HttpRequest, here: Bedside) -> dict[str, Any]:
    """What the banner and the buttons need."""
    crs, icans = shown_grades(here.row, newest_of([here.row]))
    recording = participants_for(request.user, Act.RECORD).filter(pk=here.participant.pk).exists()
    return {
        "participant": here.participant, "site": here.participant.site, "row": here.row, "at": timezone.now(),
        "crs": crs, "icans": icans, "may_record": recording,
    }  # fmt: skip


def _saved(page: CoursePage, fact_id: str) -> dict[str, Any] | None:
    """The fact that was just saved, from the course itself: nothing of an address is believed."""
    if not fact_id:
        return None
    for kind, observations in (("vitals", page.vitals), ("neuro", page.neuro)):
        for looked in observations:
            if str(looked.fact.pk) == fact_id:
                doubts = unconfirmed(looked.fact) if kind == "vitals" else []
                return {"kind": kind, "looked": looked, "unconfirmed": doubts, "id": fact_id}
    kept = {"treatment": page.treatments, "dose": page.doses, "": [*page.attributions, *page.stays]}
    for what, facts in kept.items():
        for fact in facts:
            if str(fact.pk) == fact_id:
                return {"kind": "", "id": fact_id, "what": what, "fact": fact}
    return None


urlpatterns: list[URLPattern] = [
    path("participants/<int:pk>/", participant, name="participant"),
    path("participants/<int:pk>/live/", participant_live, name="participant-live"),
    path("participants/<int:pk>/course/", participant_course, name="participant-course"),
]

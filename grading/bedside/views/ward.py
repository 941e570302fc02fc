"""The participant page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET

from crsmonitor.accounts.roles import Act
from grading.bedside import baseline_words, neuro_words
from grading.bedside.selectors.bedside import bedside, unconfirmed
from grading.bedside.selectors.course import CoursePage, course_page, newest_version
from grading.bedside.selectors.sentences import ribbon_of
from grading.bedside.sentence_shapes import shapes_of
from grading.bedside.views.course import course_of
from grading.bedside.views.head import about, newest_and_alerts
from grading.queries.selectors import record_links
from grading.recording.neuro_banks import bank_differences
from grading.recording.score_baseline import may_be_baseline
from grading.recording.selectors import changes_by
from grading.review import assessment_words as ledger_words
from grading.review.selectors.assessments import own_ledger
from grading.words import change_words
from grading.words.doors import may_here
from regimens.selectors import may_for


def participant(request: HttpRequest, pk: int) -> HttpResponse:
    """One participant's course, and on `?saved=` what was just saved."""
    at = timezone.now()
    here = bedside(request.user, pk, Act.SEE_WARD, at=at)
    page = course_page(request.user, pk)
    context = about(request.user, here) | {"page": page, "saved": _saved(page, request.GET.get("saved", ""))}
    context |= newest_and_alerts(here, [shown.fact for shown in page.vitals], page.alerts, at=at)
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
    context["may_attribute"] = may_for(request.user, pk, Act.JUDGE)
    may_copy = may_here(request, Act.COPY) and may_for(request.user, pk, Act.COPY)
    context["may_copy"] = may_copy
    return render(request, "bedside/participant.html", context)


@require_GET
def participant_course(request: HttpRequest, pk: int) -> HttpResponse:
    """Another stretch of the course alone, for a page that is open."""
    at = timezone.now()
    here = bedside(request.user, pk, Act.SEE_WARD, at=at)
    context = {
        "participant": here.participant, "site": here.participant.site, "course": course_of(request, pk, at=at)
    }  # fmt: skip
    return render(request, "bedside/_course.html", context)


def _saved(page: CoursePage, fact_id: str) -> dict[str, Any] | None:
    """The fact that was just saved, from the course itself: nothing of an address is believed."""
    if not fact_id:
        return None
    for kind, observations in (("vitals", page.vitals), ("neuro", page.neuro)):
        for looked in observations:
            if str(looked.fact.pk) == fact_id:
                doubts = unconfirmed(looked.fact) if kind == "vitals" else []
                return {"kind": kind, "looked": looked, "fact": looked.fact, "unconfirmed": doubts, "id": fact_id}
    kept = {"treatment": page.treatments, "dose": page.doses, "": [*page.attributions, *page.stays]}
    for what, facts in kept.items():
        for fact in facts:
            if str(fact.pk) == fact_id:
                return {"kind": "", "id": fact_id, "what": what, "fact": fact}
    other = newest_version(page.participant, fact_id)  # what has no list on the page, or was taken back
    return None if other is None else {"kind": "", "id": fact_id, "what": "", "fact": other}


urlpatterns: list[URLPattern] = [
    path("participants/<int:pk>/", participant, name="participant"),
    path("participants/<int:pk>/course/", participant_course, name="participant-course"),
]

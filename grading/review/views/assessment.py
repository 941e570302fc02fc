"""Say whether a derived grade is right, and see where people say otherwise."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET

from crsmonitor.accounts.roles import Act
from crsmonitor.errors import AlreadyCorrected, InvalidInput, KeyReused
from grading.bedside.selectors.explained import explain
from grading.models import About, Grade
from grading.recording.record import record
from grading.review import assessment_words as ledger_words
from grading.review.forms.assessment import JudgeForm
from grading.review.selectors.assessments import agreement_for, disagreements_for, judged, to_judge_again
from grading.words import badges as faces
from regimens.selectors import participants_for


def judge(request: HttpRequest, pk: int, about: str, root: UUID) -> HttpResponse:
    """One grade with its four ledgers; a POST writes into the reader's own."""
    if about not in About.values:
        raise Http404
    at, found = timezone.now(), judged(request.user, pk, about, root)
    form = JudgeForm(request.POST if request.method == "POST" else None, judged=found, at=at)
    if form.is_bound and form.is_valid():
        try:
            record(form.draft(), by=request.user, at=at)
        except (InvalidInput, AlreadyCorrected, KeyReused) as error:
            form.take(error)
        else:
            on_ward = participants_for(request.user, Act.SEE_WARD).filter(pk=pk).exists()
            return redirect("participant", pk) if on_ward else redirect("judge", pk, about, root)
    is_set = isinstance(found.thing, Grade)
    explained = explain([found.thing]) if isinstance(found.thing, Grade) else []
    told = {
        "form": form,
        "judged": found,
        "participant": found.participant,
        "site": found.participant.site,
        "ledgers": found.ledgers,
        "verbs": ledger_words.verbs(found.ledger),
        "ledger_name": ledger_words.names()[found.ledger],
        "face": next((faces.of_explained(one) for one in explained), None),
        "since": found.thing.observed_at if is_set else found.thing.started_at,
    }
    return render(request, "review/grade_assessment.html", told, status=400 if form.is_bound else 200)


@require_GET
def disagreements(request: HttpRequest) -> HttpResponse:
    """Where people say another grade than the derived one, and how far they agree."""
    found = disagreements_for(request.user)
    told = [
        {
            "one": row.judgement,
            "name": ledger_words.names()[row.judgement.ledger],
            "derived": ledger_words.grade_word(row.derived),
            "said": ledger_words.grade_word(row.judgement.grade),
        }
        for row in found
    ]
    again = ledger_words.rows_again(to_judge_again(request.user))
    agreement = [{"row": row, "name": ledger_words.names()[row.ledger]} for row in agreement_for(request.user)]
    shown = {"disagreements": told, "again": again, "agreement": agreement}
    return render(request, "review/disagreements.html", shown)


urlpatterns: list[URLPattern] = [
    path("participants/<int:pk>/judge/<slug:about>/<uuid:root>/", judge, name="judge"),
    path("disagreements/", disagreements, name="disagreements"),
]

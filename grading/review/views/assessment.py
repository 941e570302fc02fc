"""Say whether a derived grade is right, and see where people say otherwise."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET

from crsmonitor.accounts.roles import Act
from crsmonitor.accounts.signing import prove
from crsmonitor.errors import AlreadyCorrected, InvalidInput, KeyReused
from grading.bedside.selectors.explained import explain
from grading.models import About, Grade
from grading.recording.record import record
from grading.review import assessment_words as ledger_words
from grading.review.forms.assessment import AssessmentForm
from grading.review.selectors.assessments import agreement_for, disagreements_for, judged
from grading.review.selectors.unheld import to_judge_again
from grading.tablet import difference_words
from grading.tablet.selectors.differences import differences_for
from grading.words import badges
from regimens.models import Site
from regimens.selectors import may, participants_for

NOWHERE = Site(code="", time_zone="UTC")  # whose clock is told to whoever is told no site


def judge(request: HttpRequest, pk: int, about: str, root: UUID) -> HttpResponse:
    """One grade with its four ledgers; a POST writes into the reader's own."""
    if about not in About.values:
        raise Http404
    at, subject = timezone.now(), judged(request.user, pk, about, root)
    on_ward = participants_for(request.user, Act.SEE_WARD).filter(pk=pk).exists()
    form = AssessmentForm(request.POST if request.method == "POST" else None, judged=subject, at=at)
    if form.is_bound and form.is_valid():
        try:
            proof = prove(request, **form.signature) if subject.is_signed else None
            record(form.draft(), by=request.user, at=at, proof=proof)
        except (InvalidInput, AlreadyCorrected, KeyReused) as error:
            form.take(error)
        else:
            return redirect("participant", pk) if on_ward else redirect("judge", pk, about, root)
    is_set = isinstance(subject.thing, Grade)
    explained = explain([subject.thing]) if isinstance(subject.thing, Grade) else []
    context = {
        "form": form,
        "judged": subject,
        "participant": subject.participant,
        "site": subject.participant.site if on_ward else NOWHERE,
        "nameless": not on_ward,
        "ledgers": subject.ledgers,
        "verbs": ledger_words.verbs(subject.ledger),
        "ledger_name": ledger_words.names()[subject.ledger],
        "badge": next((badges.of_explained(one) for one in explained), None),
        "since": subject.thing.observed_at if is_set else subject.thing.started_at,
    }
    return render(request, "review/grade_assessment.html", context, status=400 if form.is_bound else 200)


@require_GET
def disagreements(request: HttpRequest) -> HttpResponse:
    """Where people say another grade than the derived one, and how far they agree."""
    differences = disagreements_for(request.user)
    rows = [
        {
            "one": row.assessment,
            "name": ledger_words.names()[row.assessment.ledger],
            "derived": ledger_words.grade_word(row.derived),
            "word": ledger_words.grade_word(row.assessment.grade),
        }
        for row in differences
    ]
    again = ledger_words.rows_again(to_judge_again(request.user))
    agreement = [{"row": row, "name": ledger_words.names()[row.ledger]} for row in agreement_for(request.user)]
    shown = {
        "disagreements": rows,
        "again": again,
        "agreement": agreement,
        "differences": difference_words.rows(differences_for(request.user)),
        "may_look": may(request.user, Act.DRAFT),
        "nameless": not may(request.user, Act.SEE_WARD),
    }
    return render(request, "review/disagreements.html", shown)


urlpatterns: list[URLPattern] = [
    path("participants/<int:pk>/judge/<slug:about>/<uuid:root>/", judge, name="judge"),
    path("disagreements/", disagreements, name="disagreements"),
]

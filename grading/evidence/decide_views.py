"""Deciding on the next rung: what the study's own dose periods say by the design's rule, and what a person decides."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from crsmonitor.accounts.signing import prove
from crsmonitor.errors import DomainError, Forbidden, NotFound
from grading.evidence.advice import LiveAdvice, designed_in_force, live_advice
from grading.evidence.decide_form import DecideForm
from regimens.design_pages.escalating import escalation_page
from regimens.selectors.decided import decisions_for
from regimens.services.deciding import decide_rung, may_decide
from regimens.views.design.frame import number_in


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, code: str) -> HttpResponse:
    """`design`: of which, where several are in force. A POST decides."""
    designs = designed_in_force(request.user, code)
    live = live_advice(request.user, code, number_in(request, "design"), at=timezone.now())
    if live is None:
        return render(request, "evidence/nothing_to_decide.html", {"code": code})
    form = None
    if request.method == "POST":
        may_decide(live.advice.version, request.user)
        form = _form(request.POST, live)
        if form.is_valid():
            try:
                proof = prove(request, **form.signature)
                decide_rung(live.advice, **form.decided, by=request.user, at=timezone.now(), proof=proof)
                return redirect(f"{reverse('evidence-decide', args=[code])}?{request.GET.urlencode()}#decisions")
            except (Forbidden, NotFound):
                raise
            except DomainError as error:
                form.take(error)
    context = _context(request, live, form) | {"designs": designs if len(designs) > 1 else []}
    return render(request, "evidence/decide.html", context, status=400 if form else 200)


def _form(data: Any, live: LiveAdvice) -> DecideForm:
    steps = list(live.advice.regimen.steps.filter(opens_period=True).order_by("position"))
    after = None if live.decided is None else live.decided.pk
    return DecideForm(data, advice=live.advice, steps=steps, after=after, key=uuid4())


def _context(request: HttpRequest, live: LiveAdvice, form: DecideForm | None) -> dict[str, Any]:
    page, study = escalation_page(live.answer, live.endpoint), live.advice.regimen.study
    return {
        "study": study, "live": live, "page": page, "learned": page.learned, "event": page.event,
        "version": live.advice.version, "design": live.advice.version.design, "may_not": _why_not(request, live),
        "form": form or _form(None, live),
        "decisions": decisions_for(request.user, study).filter(version__design=live.advice.version.design_id),
    }  # fmt: skip


def _why_not(request: HttpRequest, live: LiveAdvice) -> str:
    """The code of why this person does not decide. Empty: she may."""
    try:
        may_decide(live.advice.version, request.user)
    except Forbidden as error:
        return error.message.code
    return ""


urlpatterns: list[URLPattern] = [path("evidence/<str:code>/decide/", decide, name="evidence-decide")]

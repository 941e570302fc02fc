"""A virtual trial: queued, watched, cancelled, run again. Its page reads the stored result and computes nothing."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from crsmonitor.error_words import detail_of
from crsmonitor.errors import DomainError, Forbidden, InvalidInput, Message, NotFound
from regimens.design.parameters import drug
from regimens.design_pages.assumptions import banner_of, of_deciding, of_trial
from regimens.design_pages.deciding.operating import operating_page
from regimens.design_pages.deciding.pathways import pathways_page
from regimens.design_pages.deciding.rule_words import rule_sentences
from regimens.design_pages.escalating import endpoint_of, rule_of
from regimens.design_pages.layers import trial_page
from regimens.design_pages.words import ENDPOINTS, LAYERS, RUN_NAMES
from regimens.forms.design.comparison import ComparisonForm, as_typed
from regimens.forms.design.fault_words import fault_of
from regimens.forms.design.run import RunForm, prior_point
from regimens.models import DesignRun
from regimens.rules.runs import UNFINISHED, RunState, left_s
from regimens.runs import claims
from regimens.selectors.designs import design_result_for, design_run_for, design_runs_for
from regimens.services.design_runs import cancel_run, queue_run
from regimens.views.design.comparing import page_of, shown, whole
from regimens.views.design.frame import as_json, key_in, shown_version

# Of each kind of run that has a page: its rows of the stored answer, and what it assumes.
PAGES: dict[str, Callable[[dict[str, Any], dict[str, Any]], Any]] = {
    "trial": trial_page, "pathways": pathways_page, "operating": operating_page,
}  # fmt: skip
RELOAD = {"HX-Refresh": "true"}


@require_POST
def new_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Of the version as it was saved. What is wrong stands at its box, on the page of the regimens."""
    version = shown_version(request, pk)
    comparison = version.contents.get("comparison")
    if not comparison:
        raise NotFound("no_such_design")
    form = RunForm(request.POST.dict())
    fields = form.fields_of(comparison, prior_point(comparison, _own_hazard(comparison)))
    if fields is not None:
        try:
            run = queue_run(
                design_id=version.design_id, number=version.number, kind="trial", fields=as_json(fields),
                key=key_in(request), by=request.user, at=timezone.now(),
            )  # fmt: skip
            return redirect("design-run", run.pk)
        except (Forbidden, NotFound):
            raise
        except InvalidInput as error:
            for name, messages in error.fields.items():
                for message in messages:
                    form.take(name, fault_of(message, name))
            if not error.fields:
                form.blame("", detail_of(error))
        except DomainError as error:
            form.blame("", detail_of(error))
    typed = ComparisonForm(as_typed(comparison))
    context = shown(request, version, typed, comparison, page_of(typed, comparison)) | whole(
        request, version, typed, form
    )
    return render(request, "design/compare.html", context, status=400)


@require_safe
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """By script, every second while it is not done: how far it is. It is loaded anew once it is done."""
    if not request.htmx:
        return render(request, "design/run.html", _context(request, design_run_for(request.user, run_id)))
    try:
        one = design_run_for(request.user, run_id)
    except NotFound:
        return render(request, "design/_run_gone.html")
    if one.progress.state not in UNFINISHED:
        return HttpResponse(headers=RELOAD)
    return render(request, "design/_live_progress.html", _progress(one))


@require_POST
def cancel(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """One that has ended stays as it is."""
    cancel_run(run_id=run_id, by=request.user, at=timezone.now())
    return redirect("design-run", run_id)


@require_POST
def again(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The same input and seed, as another run: their results are held against each other by their bytes."""
    one = design_run_for(request.user, run_id)
    made = queue_run(
        design_id=one.design_id, number=one.version.number, kind=one.kind, fields=one.fields, key=key_in(request),
        by=request.user, at=timezone.now(),
    )  # fmt: skip
    return redirect("design-run", made.pk)


def _own_hazard(comparison: dict[str, Any]) -> dict[str, float] | None:
    """About which parameters of a drug are drawn. None: the contract has a default of its own, or there is none."""
    name = comparison.get("drug")
    hazard = drug(name).hazard if name else None
    if hazard is None or not hazard.transferred:
        return None
    return {"ln_smax": hazard.smax, "ln_s50": hazard.s50, "ln_kin": hazard.kin}


def _progress(one: DesignRun) -> dict[str, Any]:
    progress, at = one.progress, timezone.now()
    problem = progress.problem
    return {
        "run": one, "progress": progress, "unfinished": progress.state in UNFINISHED,
        "address": reverse("design-run", args=[one.pk]),
        "left": left_s(progress.done, progress.of, started_at=progress.started_at, at=at)
        if progress.state == RunState.RUNNING and progress.started_at else None,
        "problem": _problem_text(problem) if problem else "",
        "nobody_computes": progress.state in UNFINISHED and claims.unattended(at=at),
    }  # fmt: skip


def _problem_text(problem: dict[str, Any]) -> str:
    return fault_of(Message(problem["code"], problem.get("values") or {}), problem.get("field") or "")


def _context(request: HttpRequest, one: DesignRun) -> dict[str, Any]:
    fields = one.fields
    context = _progress(one) | {
        "name": RUN_NAMES.get(one.kind, one.kind),
        "pretty": json.dumps(fields, indent=2, ensure_ascii=False), "result": None, "layers": LAYERS, "page": None,
        "key": uuid4(), "home": "design-compare" if one.kind == "trial" else "design-decide",
    }  # fmt: skip
    if one.progress.state == RunState.DONE:
        result = design_result_for(request.user, one.pk)
        context |= {"result": result, "twins": _twins(request, one, result.sha256)}
        if one.kind in PAGES:
            context |= {"page": PAGES[one.kind](fields, result.contents)} | _beside(one, fields)
    return context


def _beside(one: DesignRun, fields: dict[str, Any]) -> dict[str, Any]:
    """What is assumed, and what the figures are of. A rule says no hazard: what it is of stands in its version."""
    if one.kind == "trial":
        event = ENDPOINTS[_endpoint(fields)]
        return {"assumptions": of_trial(fields), "banner": banner_of(fields, hazard=True), "endpoint": event}
    compared, event = one.version.contents.get("comparison") or fields, ENDPOINTS[endpoint_of(one.version.contents)]
    return {
        "assumptions": of_deciding(compared), "banner": banner_of(compared, hazard=True), "event": event,
        "rule_sentences": rule_sentences(rule_of(fields), event),
    }  # fmt: skip


def _endpoint(fields: dict[str, Any]) -> str:
    name = fields.get("drug")
    own = drug(name).hazard if name and "hazard" not in fields else None
    return own.endpoint if own else "given"


def _twins(request: HttpRequest, one: DesignRun, sha256: str) -> list[dict[str, Any]]:
    """Other runs of the same input by the same engine. `same` None: not done."""
    others = design_runs_for(request.user).filter(digest=one.digest).exclude(pk=one.pk).select_related("result")
    others = others.defer("input", "result__answer")
    return [
        {"run": other, "same": other.result.sha256 == sha256 if other.progress.state == RunState.DONE else None}
        for other in others
    ]


urlpatterns: list[URLPattern] = [
    path("design/<int:pk>/runs/", new_run, name="design-run-new"),
    path("design/runs/<uuid:run_id>/", run, name="design-run"),
    path("design/runs/<uuid:run_id>/cancel/", cancel, name="design-run-cancel"),
    path("design/runs/<uuid:run_id>/again/", again, name="design-run-again"),
]

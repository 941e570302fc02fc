"""Decide: the ladder of a design, its rules, and what they say of counts that are typed. A person decides elsewhere."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from crsmonitor.errors import NotFound
from regimens.design.contract.comparison import unlike
from regimens.design.contract.kinds import WORK_AT_ONCE, module_of, read
from regimens.design_pages.assumptions import banner_of, of_deciding
from regimens.design_pages.courses import edges_of
from regimens.design_pages.deciding.operating import SCENARIOS, TYPED, TYPED_WORD
from regimens.design_pages.deciding.rule_words import DEFAULTS_TRIED, evidence_sentence, rule_sentences
from regimens.design_pages.escalating import (
    ESCALATION,
    EVIDENCE_RULE,
    EscalationPage,
    answer_of,
    endpoint_of,
    escalation_page,
)
from regimens.forms.design.deciding import DecideForm, as_typed, evidence_typed, proposed
from regimens.forms.design.fault_words import fault_text
from regimens.forms.design.operating import BEGINS_WITH, OperatingForm
from regimens.forms.design.typed import counting_number
from regimens.models import DesignVersion
from regimens.rules.reading import CaseError
from regimens.selectors.designs import design_runs_for, design_version_for
from regimens.views.design.frame import framed, number_in, saved

TAB = "design-decide"
RUNS = ("operating", "pathways")
NEWEST_RUNS = 20
TRUTHS = [*((name, word) for name, (word, _changes) in SCENARIOS.items()), (TYPED, TYPED_WORD)]


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """A POST computes what was typed, or saves the next version. By script: the result alone."""
    version = _version(request, pk)
    if not version.contents.get("comparison"):
        return render(request, "design/decide_nothing.html", framed(request, version, TAB))
    form = decide_form(request, version)
    context = _result(form, version)
    if request.POST.get("do") == "save" and not form.is_faulty and (
        answer := saved(request, version, form, {name: context[name] for name in (ESCALATION, EVIDENCE_RULE)}, TAB)
    ):  # fmt: skip
        return answer
    if request.htmx:
        return render(request, "design/_decide_result.html", context)
    context |= _around(request, version, form)
    status = 400 if request.method == "POST" and form.is_faulty else 200
    return render(request, "design/decide.html", context, status=status)


def page_context(request: HttpRequest, version: DesignVersion) -> dict[str, Any]:
    """The context of the page of a version as it was saved."""
    form = _form_of(version)
    return _result(form, version) | _around(request, version, form)


def decide_form(request: HttpRequest, version: DesignVersion) -> DecideForm:
    """What was typed, or the version's own, or what is proposed."""
    if request.method == "POST" and "of" in request.POST:
        return DecideForm(
            request.POST.dict(), version.contents["comparison"], _periods(version), kept_rule(version)
        )  # fmt: skip
    return _form_of(version)


def _form_of(version: DesignVersion) -> DecideForm:
    comparison, kept = version.contents["comparison"], kept_rule(version)
    typed = as_typed(comparison, kept) if kept else proposed(comparison)
    return DecideForm(
        typed | evidence_typed(version.contents.get(EVIDENCE_RULE)), comparison, _periods(version), kept
    )  # fmt: skip


def _periods(version: DesignVersion) -> list[list[list[float]]]:
    """From and to of each dose period of each regimen."""
    comparison = version.contents["comparison"]
    horizon, last = comparison.get("horizon_d"), comparison.get("last_period_d")
    return [edges_of(one["doses"], horizon, last) for one in comparison["regimens"]]


def kept_rule(version: DesignVersion) -> dict[str, Any] | None:
    """The rule of the version. None: it has none, or one of other regimens than are compared."""
    kept: dict[str, Any] | None = version.contents.get(ESCALATION)
    return kept if kept and not unlike(version.contents["comparison"], kept) else None


def _result(form: DecideForm, version: DesignVersion) -> dict[str, Any]:
    """The context of the result, and both rules as they would be kept."""
    document, evidence_rule = form.document(), form.evidence_rule()
    page = _page(form, version, document)
    comparison = version.contents["comparison"]
    context: dict[str, Any] = {
        "form": form, "page": page, "banner": banner_of(comparison, hazard=True), ESCALATION: document,
        EVIDENCE_RULE: evidence_rule, "too_large": document is not None and page is None and not form.is_faulty,
    }  # fmt: skip
    if page is not None:
        context |= {
            "rule_sentences": rule_sentences(page.rule, page.event), "assumptions": of_deciding(comparison),
            "evidence_sentence": evidence_sentence(evidence_rule or {}),
        }  # fmt: skip
    return context


def _around(request: HttpRequest, version: DesignVersion, form: DecideForm) -> dict[str, Any]:
    """The context of the page around it."""
    kept = kept_rule(version)
    names = [(name, name) for name in form.names]
    runs = design_runs_for(request.user).filter(design=version.design_id, kind__in=RUNS)
    return framed(request, version, TAB) | {
        "names": names, "rungs": [("", "–"), *names], "kept": kept is not None, "why_defaults": DEFAULTS_TRIED,
        "of_others": kept is None and bool(version.contents.get(ESCALATION)),
        "open_prior": _has_fault(form, "prior-"), "open_rule": _has_fault(form, "rule-"),
        "open_evidence": _has_fault(form, "evidence-"), "runs": runs[:NEWEST_RUNS], "key": uuid4(),
        "run_form": OperatingForm(BEGINS_WITH), "truths": TRUTHS,
    }  # fmt: skip


def _has_fault(form: DecideForm, prefix: str) -> bool:
    return any(name.startswith(prefix) for name in form.faults)


def _version(request: HttpRequest, pk: int) -> DesignVersion:
    """The version that the page was made of, whatever was saved since: its boxes are of its regimens."""
    if request.method != "POST" or "of" not in request.POST:
        return design_version_for(request.user, pk, number_in(request))
    number = counting_number(request.POST["of"])
    if number is None:
        raise NotFound("no_such_design")
    return design_version_for(request.user, pk, number)


def _page(form: DecideForm, version: DesignVersion, document: dict[str, Any] | None) -> EscalationPage | None:
    """None: nothing is typed, boxes say what is wrong, or it is more than a page computes."""
    if document is None or form.is_faulty:
        return None
    try:
        if module_of(ESCALATION).work_escalation(read(ESCALATION, document)) > WORK_AT_ONCE[ESCALATION].size:
            return None
        return escalation_page(answer_of(document), endpoint_of(version.contents))
    except CaseError as error:
        form.blame("", fault_text(error))
        return None


urlpatterns: list[URLPattern] = [path("design/<int:pk>/decide/", decide, name=TAB)]

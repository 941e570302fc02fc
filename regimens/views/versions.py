"""Regimens: the library, a study's versions, one of them as a picture and tables, and what a version changed."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from crsmonitor.accounts.roles import Act
from crsmonitor.accounts.signing import prove
from crsmonitor.errors import Forbidden, InvalidInput, NotFound
from regimens import wording
from regimens.forms.approval import ApprovalForm
from regimens.forms.clearance import ClearanceForm
from regimens.forms.design.bedside_words import BANDS
from regimens.library import Document, names, plan_of, read
from regimens.library.protocol import Section, sections_of
from regimens.library.written import differences, without_empty_columns
from regimens.models import Regimen
from regimens.own_sections import own_sections
from regimens.picture import picture_of
from regimens.rules.plan import Plan
from regimens.selectors import cleared_up_to, may, missing_for_enrolment, regimen_for, regimens_for, studies_for
from regimens.selectors.designs import origin_for
from regimens.services.clearances import clear_cohort
from regimens.services.designed import replaced_by
from regimens.services.versions import document_of
from regimens.views.approving import approval_of, approved


@require_GET
def regimens(request: HttpRequest) -> HttpResponse:
    _may_see(request)
    library, versions = [read(name) for name in names()], list(regimens_for(request.user).select_related("study"))
    return render(
        request,
        "regimens/list.html",
        {"versions": [(one, wording.STATES[wording.state_of(one, versions)]) for one in versions], "library": library},
    )


@require_GET
def library_regimen(request: HttpRequest, name: str) -> HttpResponse:
    _may_see(request)
    if name not in names():
        raise NotFound("no_such_regimen")
    return _page(request, read(name), request.GET.get("label") or None, version=None)


@require_http_methods(["GET", "POST"])
def regimen(request: HttpRequest, pk: int) -> HttpResponse:
    """One version; a POST clears a step for a cohort, or approves a draft."""
    version = regimen_for(request.user, pk)
    approval = None
    if request.method == "POST":
        if request.POST.get("do") != "approve":
            return _clear(request, version)
        approval = ApprovalForm(request.POST)
        if approved(request, version, approval):
            return redirect("regimen", pk)
    document = document_of(version)
    if document is None:
        steps = {"steps": version.steps.order_by("position"), "missing": _missing(version)}
        context = {"version": version} | steps | approval_of(request, version, approval)
        return render(request, "regimens/by_hand.html", context, status=400 if approval else 200)
    return _page(request, document, version.variant or None, version=version, approval=approval)


@require_GET
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What this version changed of the one before it."""
    version = regimen_for(request.user, pk)
    if version.amends is None or document_of(version) is None or document_of(version.amends) is None:
        raise NotFound("no_earlier_version")
    differing = differences(_all_sections(version.amends), _all_sections(version))
    return render(request, "regimens/changes.html", {"version": version, "changes": differing})


def _all_sections(version: Regimen) -> list[Section]:
    """Of its document and of what the study says itself, headed in the reader's language, every column of them."""
    document = document_of(version)
    of_document = [] if document is None else [translated(section) for section in sections_of(document)]
    return [*own_sections(version), *of_document]


def _may_see(request: HttpRequest) -> None:
    if not may(request.user, Act.SEE_STUDY):
        raise Forbidden("role_forbids")


def _clear(request: HttpRequest, version: Regimen) -> HttpResponse:
    document = document_of(version)
    if document is None:
        raise NotFound("no_cohorts")
    if not studies_for(request.user, Act.APPROVE).contains(version.study):
        raise Forbidden("role_forbids")
    form = ClearanceForm(request.POST, plan=plan_of(document))
    if form.is_valid():
        try:
            proof = prove(request, **form.signature)
            cleared = {name: form.cleaned_data[name] for name in ("cohort", "step", "because")}
            clear_cohort(regimen=version, **cleared, by=request.user, at=timezone.now(), proof=proof)
            return redirect(reverse("regimen", args=[version.pk]) + "#clearances")
        except InvalidInput as error:
            form.take(error)
    return _page(request, document, version.variant or None, version=version, clearing=form)


def _clearances(
    request: HttpRequest, version: Regimen | None, plan: Plan, clearing: ClearanceForm | None
) -> dict[str, Any]:
    """Up to which step each cohort is cleared, and the form for whoever may clear more."""
    if version is None or not plan.cohorts:
        return {}
    at = timezone.now()
    cleared = [(one.name, cleared_up_to(version.study, one.name, at=at)) for one in plan.cohorts]
    may_clear = studies_for(request.user, Act.APPROVE).contains(version.study)
    return {"clearances": cleared, "clearing": (clearing or ClearanceForm(None, plan=plan)) if may_clear else None}


def _page(
    request: HttpRequest,
    document: Document,
    label: str | None,
    *,
    version: Regimen | None,
    clearing: ClearanceForm | None = None,
    approval: ApprovalForm | None = None,
) -> HttpResponse:
    plan = plan_of(document)
    if label is not None and label not in [one.code for one in plan.variants]:
        raise NotFound("no_such_label")
    context = {
        "document": document.data,
        "plan": plan,
        "label": label,
        "version": version,
        "sections": [_headed(section) for section in sections_of(document, label)],
        "picture": picture_of(plan, label),
        "kinds": wording.KINDS,
        "places": wording.PLACES,
        "missing": [] if version is None else _missing(version),
        "take_over_for": [] if version else studies_for(request.user, Act.DRAFT).order_by("code"),
    } | _clearances(request, version, plan, clearing)
    if version is not None:
        context |= approval_of(request, version, approval) | _origin(request, version)
    return render(request, "regimens/regimen.html", context, status=400 if clearing or approval else 200)


def _origin(request: HttpRequest, version: Regimen) -> dict[str, Any]:
    """Of which design it was made, for who sees designs."""
    designed = origin_for(request.user, version.pk)
    if designed is None:
        return {}
    return {
        "designed": designed, "replaced_by": replaced_by(designed.version, of=version),
        "band": getattr(designed, "band", None), "band_word": BANDS[designed.band_from],
    }  # fmt: skip


def _missing(version: Regimen) -> list[tuple[str, str]]:
    """What the study has still to set, in the reader's language, and of which steps."""
    return [
        (str(wording.ASKED[name]), wording.steps_text(steps)) for name, steps in missing_for_enrolment(version).items()
    ]


def _headed(section: Section) -> Section:
    """The same with its headings in the reader's language."""
    return translated(without_empty_columns(section))


def translated(section: Section) -> Section:
    columns = tuple(str(wording.HEADINGS[name]) for name in section.columns)
    return replace(section, title=str(wording.HEADINGS[section.title]), columns=columns)


urlpatterns: list[URLPattern] = [
    path("regimens/", regimens, name="regimens"),
    path("regimens/library/<str:name>/", library_regimen, name="library-regimen"),
    path("regimens/<int:pk>/", regimen, name="regimen"),
    path("regimens/<int:pk>/changes/", changes, name="regimen-changes"),
]

"""The designs of the reader's studies, and a new one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crsmonitor.accounts.roles import Act
from crsmonitor.errors import DomainError, Forbidden, NotFound
from regimens.design_pages.sources import regimen_from, sources_for
from regimens.design_pages.words import molecule_text
from regimens.forms.design.new import NewDesignForm
from regimens.selectors import may
from regimens.selectors.designs import (
    brought_for,
    design_runs_for,
    design_studies_for,
    design_study_for,
    design_version_for,
    designs_for,
)
from regimens.services.designs import create_design
from regimens.views.design.frame import as_json

DESIGN = "design:"  # before the key of a design that another begins from
NEWEST_RUNS = 3  # of a design, in the list


@require_safe
def designs(request: HttpRequest) -> HttpResponse:
    _may_see(request)
    runs: dict[int, list[object]] = {}
    for run in design_runs_for(request.user).defer("input"):
        runs.setdefault(run.design_id, []).append(run)
    brought = brought_for(request.user)
    rows = [
        {
            "design": design, "newest": newest, "molecule": molecule_text(newest.contents.get("comparison")),
            "runs": runs.get(design.pk, [])[:NEWEST_RUNS], "brought": brought.get(design.pk, []),
        }
        for design in designs_for(request.user)
        for newest in design.versions.all()[:1]
    ]  # fmt: skip
    return render(request, "design/list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """From nothing, from another design, or from a planned regimen."""
    _may_see(request)
    studies = [(one.code, f"{one.code} · {one.title}") for one in design_studies_for(request.user).order_by("code")]
    form = NewDesignForm(
        request.POST if request.method == "POST" else None, studies=studies,
        sources=[*_designs(request), *sources_for(request.user)],
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        begun = _begun(request, form.cleaned_data["source"])
        if begun.fault:
            form.add_error("source", begun.fault)
        else:
            try:
                version = create_design(
                    study=design_study_for(request.user, form.cleaned_data["study"]), name=form.cleaned_data["name"],
                    contents=begun.contents, by=request.user, at=timezone.now(), note=begun.note,
                )  # fmt: skip
                compared = begun.contents.get("comparison")
                return redirect("design-compare" if compared else "design-starting-dose", version.design_id)
            except (Forbidden, NotFound):
                raise
            except DomainError as error:
                form.take(error)
    return render(request, "design/new.html", {"form": form}, status=400 if form.is_bound else 200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What a new design begins with, or the `fault`: why there is none."""

    contents: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    fault: str = ""


def _designs(request: HttpRequest) -> list[tuple[str, str]]:
    """The reader's designs as a choice, each by its newest version."""
    return [
        (
            f"{DESIGN}{one.pk}",
            _("design: %(study)s · %(name)s, version %(number)s")
            % {"study": one.study.code, "name": one.name, "number": newest.number},
        )
        for one in designs_for(request.user)
        for newest in one.versions.all()[:1]
    ]


def _begun(request: HttpRequest, source: str) -> Begun:
    """From nothing, another design's newest version, or a planned regimen. Raises NotFound for a stranger's."""
    nothing = {"starting_dose": None, "comparison": None}
    if not source:
        return Begun(contents=nothing)
    if source.startswith(DESIGN):  # one of the choices, so a number follows
        version = design_version_for(request.user, int(source.removeprefix(DESIGN)))
        words = {"name": version.design.name, "number": version.number}
        return Begun(contents=version.contents, note=_("from %(name)s, version %(number)s") % words)
    regimen, drug, text = regimen_from(request.user, source)
    if regimen is None:
        return Begun(fault=text)
    # A drug whose PK nobody published is described by hand: a start that a person changes.
    molecule = {"drug": drug} if drug else {}
    return Begun(contents=nothing | {"comparison": as_json({**molecule, "regimens": [regimen]})})


def _may_see(request: HttpRequest) -> None:
    """Nobody else finds these pages."""
    if not may(request.user, Act.DESIGN):
        raise NotFound("no_such_page")


urlpatterns: list[URLPattern] = [
    path("design/", designs, name="designs"),
    path("design/new/", new, name="design-new"),
]

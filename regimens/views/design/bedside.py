"""To the bedside: what the chosen regimen becomes, what it does not say, what it changes; and the draft of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crsmonitor.accounts.roles import Act
from crsmonitor.error_words import detail_of
from crsmonitor.errors import DomainError, Forbidden, Message, NotFound
from regimens.forms.design.bedside import LADDER, NOTHING, REGIMEN, BedsideForm, ChoiceForm, Choices
from regimens.forms.design.bedside_words import BANDS, PARTS, refusal_texts, unsaid_text
from regimens.forms.design.compiled import band_sources, origin_of, step_rows
from regimens.library import Document, names, plan_of, read
from regimens.library.designed.document import Compiled, compiled, ladder_in, regimens_in
from regimens.library.designed.doses import NotCompiled
from regimens.library.designed.unsaid import unsaid_of, written_for_others
from regimens.library.own import steps_without_window
from regimens.library.protocol import sections_of
from regimens.library.written import differences
from regimens.models import DesignRun, DesignVersion, Regimen
from regimens.selectors import regimen_for, regimens_of, studies_for
from regimens.selectors.designs import bedside_versions_of, finished_run_of
from regimens.services.designed import FromDesign, band_input
from regimens.services.drafting import draft
from regimens.services.versions import document_of, version_in_force
from regimens.views.design.frame import framed, shown_version
from regimens.views.versions import translated
from regimens.wording import STATES, state_of

TAB = "design-bedside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What becomes of the choice. `base` None: it grows from nothing. `before`: the version in force that it amends."""

    made: Compiled
    base: Document | None
    before: Regimen | None
    run: DesignRun | None


@require_http_methods(["GET", "POST"])
def bedside(request: HttpRequest, pk: int) -> HttpResponse:
    version = shown_version(request, pk)
    versions = list(regimens_of(request.user, version.design.study.code))
    choices = _choices(version, versions)
    choice = ChoiceForm(request.GET.dict(), choices)
    context = framed(request, version, TAB) | {
        "choice": choice, "choices": choices, "from_nothing": choice["base"].value() == NOTHING,
        "brought": [(one.regimen, STATES[state_of(one.regimen, versions)]) for one in
                    bedside_versions_of(request.user, version.design_id)],
    }  # fmt: skip
    may_draft = studies_for(request.user, Act.DRAFT).contains(version.design.study)
    if request.method == "POST" and not may_draft:
        raise Forbidden("role_forbids")
    status = 200
    if choices.regimens and choice.is_valid():
        try:
            chosen = _chosen(request, version, choice)
        except NotCompiled as refused:
            context["refused"] = refusal_texts(refused)
        else:
            form = _form(request, version, chosen)
            if form.is_bound and (answer := _drafted(request, version, chosen, form)):
                return answer
            status = 400 if form.is_bound else 200
            context |= _shown(version, chosen, form) | {"may_draft": may_draft}
    return render(request, "design/bedside.html", context, status=status)


def _choices(version: DesignVersion, versions: Sequence[Regimen]) -> Choices:
    """The ladder before each regimen alone; of regimens those of the molecule, the study's own first."""
    escalation = version.contents.get("escalation") or {}
    alone = [(f"{REGIMEN}{one['name']}", one["name"]) for one in regimens_in(version.contents)]
    ladder = [(LADDER, " → ".join(escalation["ladder"]))] if escalation.get("ladder") else []
    drug = str((version.contents.get("comparison") or escalation).get("drug") or "").casefold()
    in_force = [
        one for one in versions
        if one.approved_at is not None and one.document is not None and (not drug or one.drug.casefold() == drug)
    ]  # fmt: skip
    newest = {one.code: one for one in reversed(in_force)}  # they come with the newest first
    own = [(f"version:{one.pk}", _("%(version)s, in force") % {"version": one}) for one in newest.values()]
    published = [
        (f"library:{name}", _("%(name)s of the library") % {"name": name}) for name in names()
        if not drug or str(read(name).data["drug"]).casefold() == drug
    ]  # fmt: skip
    bases = [*own, *(published if drug else []), (NOTHING, _("none: from nothing")), *([] if drug else published)]
    return Choices(regimens=[*ladder, *alone], bases=bases)


def _chosen(request: HttpRequest, version: DesignVersion, choice: ChoiceForm) -> Chosen:
    """Raises NotCompiled."""
    what, base_key = choice.cleaned_data["what"], choice.cleaned_data["base"]
    ladder = what == LADDER
    regimens = (
        ladder_in(version.contents) if ladder
        else [one for one in regimens_in(version.contents) if f"{REGIMEN}{one['name']}" == what]
    )  # fmt: skip
    base = _base(request, base_key)
    run = finished_run_of(request.user, version)
    made = compiled(
        regimens, cohorts=ladder, base=base, head=choice.head if base is None else None,
        origin=origin_of(version, run),
    )  # fmt: skip
    before = version_in_force(version.design.study, made.document.id)
    return Chosen(made=made, base=base, before=before, run=run)


def _base(request: HttpRequest, key: str) -> Document | None:
    kind, _colon, name = key.partition(":")
    if kind == NOTHING:
        return None
    document = read(name) if kind == "library" else document_of(regimen_for(request.user, int(name)))
    assert document is not None  # it is one of the choices
    return document


def _form(request: HttpRequest, version: DesignVersion, chosen: Chosen) -> BedsideForm:
    known = [one.code for one in plan_of(chosen.made.document).variants]
    first = {"variant": known[0]} if len(known) == 1 else {}
    return BedsideForm(
        request.POST if request.method == "POST" else None, before=chosen.before, document=chosen.made.document,
        bands=band_sources(version.contents), initial=first | {"run": chosen.run and chosen.run.pk},
    )  # fmt: skip


def _drafted(
    request: HttpRequest, version: DesignVersion, chosen: Chosen, form: BedsideForm
) -> HttpResponse | None:  # fmt: skip
    """The answer to a draft that was kept. None: the form says all that is wrong."""
    form.is_valid()
    settled = form.settle(chosen.made.document)
    if settled is None:
        return None
    if form.cleaned_data["run"] != (chosen.run and chosen.run.pk):
        form.add_error(None, _("Another run has finished since you opened this page: look again, then keep the draft."))
        return None
    whole, variant, own = settled
    origin = FromDesign(
        version=version, rungs=chosen.made.rungs, run=chosen.run, band_from=form.cleaned_data["band_from"] or ""
    )  # fmt: skip
    try:
        made = draft(
            study=version.design.study, document=whole, variant=variant, by=request.user,
            reason=form.cleaned_data["reason"], at=timezone.now(), own=own, origin=origin,
        )  # fmt: skip
    except (Forbidden, NotFound):
        raise
    except DomainError as error:
        form.add_error(None, detail_of(error))
        return None
    messages.success(request, _("%(version)s is drafted: it waits for an investigator.") % {"version": made})
    return redirect("regimen", made.pk)


def _shown(version: DesignVersion, chosen: Chosen, form: BedsideForm) -> dict[str, Any]:
    made, before = chosen.made, chosen.before
    against = chosen.base if before is None else document_of(before)
    variant = str(form["variant"].value() or "")
    labels = [one.code for one in plan_of(made.document).variants]
    followed = variant if variant in labels else ""
    read_again = [] if chosen.base is None else written_for_others(made, chosen.base)
    band = band_input(version.contents)
    return {
        "made": made, "before": before, "run": chosen.run, "form": form, "labels": labels,
        "steps": step_rows(made, chosen.base), "followed": followed,
        "cohorts": [] if "" in made.rungs else list(made.rungs.items()),
        "lacking": [(one, steps_without_window(made.document, one)) for one in labels or [""]],
        "unsaid": [
            unsaid_text(one) for one in unsaid_of(made.document, followed)
            if followed or not labels or one.code != "window"
        ],
        "read_again": [(PARTS[one.code], one.of) for one in read_again],
        "lost": [(PARTS.get(name, name), count) for name, count in made.lost.items()],
        "changes": [] if against is None else differences(
            [translated(one) for one in sections_of(against)], [translated(one) for one in sections_of(made.document)]
        ),
        "against": before or (chosen.base and chosen.base.id),
        "no_band": detail_of(DomainError(band.code)) if isinstance(band, Message) else "", "bands": BANDS,
    }  # fmt: skip


urlpatterns: list[URLPattern] = [path("design/<int:pk>/bedside/", bedside, name=TAB)]

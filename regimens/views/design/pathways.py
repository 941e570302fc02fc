"""Pathways of a design: what its rule would say of every outcome of the next participants, to be printed."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crsmonitor.error_words import detail_of
from crsmonitor.errors import DomainError, Forbidden, NotFound
from regimens.design.contract.kinds import check_small, read
from regimens.design_pages.answers import answered
from regimens.design_pages.assumptions import of_deciding
from regimens.design_pages.courses import edges_of
from regimens.design_pages.deciding.pathways import (
    AT_ONCE,
    MOST,
    MOST_NEXT,
    PathwaysPage,
    outcomes_of,
    pathways_input,
    pathways_page,
)
from regimens.design_pages.deciding.rule_words import rule_sentences
from regimens.design_pages.escalating import endpoint_of
from regimens.design_pages.words import ENDPOINTS
from regimens.forms.design.fault_words import fault_text
from regimens.forms.design.typed import TypedForm
from regimens.models import DesignVersion
from regimens.rules.reading import CaseError
from regimens.services.design_runs import queue_run
from regimens.views.design.deciding import TAB, kept_rule
from regimens.views.design.frame import as_json, framed, key_in, shown_version

USUAL_N = "3"


@require_http_methods(["GET", "POST"])
def pathways(request: HttpRequest, pk: int) -> HttpResponse:
    """Few outcomes at once; of many a POST queues a run, whose page has the same table."""
    version = shown_version(request, pk)
    kept = kept_rule(version) if version.contents.get("comparison") else None
    context = framed(request, version, TAB) | {"kept": kept}
    if kept is None:
        return render(request, "design/pathways.html", context)
    form = _form(request, kept)
    fields = _fields(form, version, kept)
    if request.method == "POST" and fields is not None and (answer := _queued(request, version, form, fields)):
        return answer
    page = _page(form, fields)
    context |= {
        "form": form, "page": page, "names": [(name, name) for name in kept["ladder"]], "key": uuid4(),
        "too_many": fields is not None and page is None and not form.is_faulty, "at_once": AT_ONCE,
    }  # fmt: skip
    if page is not None:
        event = ENDPOINTS[endpoint_of(version.contents)]
        context |= {
            "event": event, "rule_sentences": rule_sentences(page.rule, event),
            "assumptions": of_deciding(version.contents["comparison"]),
        }  # fmt: skip
    return render(request, "design/pathways.html", context, status=400 if form.is_faulty else 200)


def _form(request: HttpRequest, kept: dict[str, Any]) -> TypedForm:
    asked_for = request.POST if request.method == "POST" else request.GET
    return TypedForm({"regimen": kept["current"], "n": USUAL_N} | asked_for.dict())


def _fields(form: TypedForm, version: DesignVersion, kept: dict[str, Any]) -> dict[str, Any] | None:
    """The input of `pathways`. None: the boxes say what is wrong."""
    n, regimen, comparison = form.number("n"), form.text("regimen"), version.contents["comparison"]
    doses = {one["name"]: one["doses"] for one in comparison["regimens"]}
    if regimen not in kept["ladder"]:
        form.blame("regimen", _("Choose one of those listed."))
    if n is None:
        form.blame("n", _("This is missing.")) if not form.faults.get("n") else None
    elif n != n.to_integral_value() or not 1 <= n <= MOST_NEXT:
        form.blame("n", _("A whole number from 1 to %(most)s.") % {"most": MOST_NEXT})
    if form.is_faulty or n is None:
        return None
    periods = len(edges_of(doses[regimen], comparison.get("horizon_d"), comparison.get("last_period_d")))
    if outcomes_of(periods, int(n)) > MOST:
        form.blame("n", _("With %(periods)s dose periods there are too many outcomes: fewer participants.")
                   % {"periods": periods})  # fmt: skip
        return None
    return pathways_input(kept, regimen, int(n))


def _page(form: TypedForm, fields: dict[str, Any] | None) -> PathwaysPage | None:
    """None: boxes say what is wrong, or there are more outcomes than a page computes."""
    if fields is None or form.is_faulty:
        return None
    try:
        case = read("pathways", fields)
    except CaseError as error:
        form.blame("", fault_text(error))
        return None
    try:
        check_small("pathways", case, "")
    except CaseError:
        return None
    try:
        return pathways_page(fields, answered("pathways", fields))
    except CaseError as error:
        form.blame("", fault_text(error))
        return None


def _queued(
    request: HttpRequest, version: DesignVersion, form: TypedForm, fields: dict[str, Any]
) -> HttpResponse | None:  # fmt: skip
    """None: the form says why it was not."""
    try:
        run = queue_run(
            design_id=version.design_id, number=version.number, kind="pathways", fields=as_json(fields),
            key=key_in(request), by=request.user, at=timezone.now(),
        )  # fmt: skip
    except (Forbidden, NotFound):
        raise
    except DomainError as error:
        form.blame("", detail_of(error))
        return None
    return redirect("design-run", run.pk)


urlpatterns: list[URLPattern] = [path("design/<int:pk>/pathways/", pathways, name="design-pathways")]

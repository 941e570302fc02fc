"""Up to six regimens side by side: the typical person at once, virtual trials as runs."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from regimens.design.contract.comparison import has_hazard
from regimens.design_pages.assumptions import banner_of, of_comparison
from regimens.design_pages.typical import TypicalPage, typical_page
from regimens.design_pages.words import ENDPOINTS
from regimens.forms.design.comparison import ComparisonForm
from regimens.forms.design.fault_words import fault_text
from regimens.forms.design.run import BEGINS_WITH, RunForm
from regimens.models import DesignVersion
from regimens.rules.reading import CaseError
from regimens.selectors.designs import design_runs_for
from regimens.views.design.compared import boxes_of, comparison_form, saved_comparison
from regimens.views.design.frame import framed, shown_version
from regimens.views.design.laid_beside import laid_beside

TAB = "design-compare"
CYTOKINE_SOURCE = "Chen 2019, Clin Transl Sci 12:600, 10.1111/cts.12662 (VDV21)"
NEWEST_RUNS = 20


@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    version = shown_version(request, pk)
    form = comparison_form(request, version)
    document = form.document() if form.places or request.POST.get("do") == "save" else None
    page = _page(form, document, folds=request.POST.get("do") == "folds")
    if answer := saved_comparison(request, version, form, document, TAB):
        return answer
    context = shown(request, version, form, document, page)
    if request.htmx:
        return render(request, "design/_compare_result.html", context)
    context |= whole(request, version, form, RunForm(BEGINS_WITH))
    status = 400 if request.method == "POST" and form.is_faulty else 200
    return render(request, "design/compare.html", context, status=status)


def shown(
    request: HttpRequest, version: DesignVersion, form: ComparisonForm, document: dict[str, Any] | None,
    page: TypicalPage | None,
) -> dict[str, Any]:  # fmt: skip
    """The context of the typical person, and of a finished run beside."""
    context: dict[str, Any] = {"form": form, "page": page, "cytokine_source": CYTOKINE_SOURCE}
    if document is not None:
        context |= {
            "assumptions": of_comparison(document, hazard=True), "banner": banner_of(document, hazard=True),
            "endpoint": ENDPOINTS[page.endpoint] if page else "", "no_hazard": not has_hazard(document),
            "too_large": page is None and has_hazard(document) and not form.is_faulty,
        }  # fmt: skip
    if document is not None and page is not None:
        context |= laid_beside(request, version, document, page)
    return context


def whole(request: HttpRequest, version: DesignVersion, form: ComparisonForm, run_form: RunForm) -> dict[str, Any]:
    """The context of the page around it."""
    comparison = version.contents.get("comparison")
    runs = design_runs_for(request.user).filter(design=version.design_id, kind="trial")
    return framed(request, version, TAB) | boxes_of(request, form) | {
        "runs": runs[:NEWEST_RUNS], "run_form": run_form,
        "key": uuid4(), "can_run": bool(comparison) and has_hazard(comparison), "open_population": run_form.is_faulty,
    }  # fmt: skip


def _page(form: ComparisonForm, document: dict[str, Any] | None, *, folds: bool) -> TypicalPage | None:
    if document is None:
        return None
    return page_of(form, document, folds=folds)


def page_of(form: ComparisonForm, document: dict[str, Any], *, folds: bool = False) -> TypicalPage | None:
    try:
        return typical_page(document, folds=folds)
    except CaseError as error:
        form.blame("", fault_text(error))
        return None


urlpatterns: list[URLPattern] = [path("design/<int:pk>/compare/", compare, name=TAB)]

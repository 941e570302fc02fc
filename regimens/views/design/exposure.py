"""Exposure under the regimens of a design: concentration over time, and its summary by dose period."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from regimens.design_pages.assumptions import banner_of, of_comparison
from regimens.design_pages.typical import ExposurePage, exposure_page
from regimens.design_pages.words import EXPOSED
from regimens.forms.design.comparison import ComparisonForm
from regimens.forms.design.fault_words import fault_text
from regimens.rules.reading import CaseError
from regimens.views.design.compared import boxes_of, comparison_form, saved_comparison
from regimens.views.design.frame import framed, shown_version

TAB = "design-exposure"


@require_http_methods(["GET", "POST"])
def exposure(request: HttpRequest, pk: int) -> HttpResponse:
    version = shown_version(request, pk)
    form = comparison_form(request, version)
    document = form.document() if form.places or request.POST.get("do") == "save" else None
    page = _page(form, document)
    if answer := saved_comparison(request, version, form, document, TAB):
        return answer
    context: dict[str, Any] = {"form": form, "page": page}
    if document is not None:
        context |= {
            "assumptions": of_comparison(document, hazard=False), "banner": banner_of(document, hazard=False),
            "exposed": EXPOSED[page.concentration] if page else "", "too_large": not page and not form.is_faulty,
        }  # fmt: skip
    if request.htmx:
        return render(request, "design/_exposure_result.html", context)
    context |= framed(request, version, TAB) | boxes_of(request, form)
    status = 400 if request.method == "POST" and form.is_faulty else 200
    return render(request, "design/exposure.html", context, status=status)


def _page(form: ComparisonForm, document: dict[str, Any] | None) -> ExposurePage | None:
    if document is None:
        return None
    try:
        return exposure_page(document)
    except CaseError as error:
        form.blame("", fault_text(error))
        return None


urlpatterns: list[URLPattern] = [path("design/<int:pk>/exposure/", exposure, name=TAB)]

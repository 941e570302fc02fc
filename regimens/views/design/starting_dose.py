"""The starting dose of a design: assays in, both doses out, with every line of the working."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from regimens.design_pages.assumptions import banner_of_starting_dose, of_starting_dose
from regimens.design_pages.first_doses import FIRST_DOSES
from regimens.design_pages.starting_dose import StartingDosePage, starting_dose_page
from regimens.design_pages.words import SITES
from regimens.forms.design.fault_words import fault_text
from regimens.forms.design.pasted import COLUMNS, MOST_CHARACTERS, READOUTS
from regimens.forms.design.starting_dose import StartingDoseForm, as_typed
from regimens.rules.reading import CaseError
from regimens.views.design.frame import framed, saved, shown_version

TAB = "design-starting-dose"
PARTS = ("starting_dose", "trimer")


@require_http_methods(["GET", "POST"])
def starting_dose(request: HttpRequest, pk: int) -> HttpResponse:
    """A POST computes what was typed, takes pasted rows, or saves the next version. By script: the result alone."""
    version = shown_version(request, pk)
    posted = request.method == "POST"
    form = StartingDoseForm(request.POST.dict() if posted else as_typed(*map(version.contents.get, PARTS)))
    pasted = posted and request.POST.get("do") == "paste"
    if pasted:
        form = form.with_pasted()
    # What else is missing after a paste is said when it is asked for.
    document = (StartingDoseForm(form.values) if pasted else form).document() if form.places else None
    if posted and not form.places and not form.is_faulty and request.POST.get("do") == "save":
        form.blame("paste", fault_text(CaseError("invalid_value", "", "assays")))
    trimer = form.trimer()
    page = _page(form, document, trimer) if not form.is_faulty else None
    saves = page is not None and request.POST.get("do") == "save" and not form.asks_again(page.answer)
    if saves and page and (answer := saved(request, version, form, kept(document, page), TAB)):
        return answer
    context = {
        "form": form, "page": page, "first_doses": FIRST_DOSES, "confirming": "confirm" in form.faults,
        "assumptions": of_starting_dose(document or {}), "banner": banner_of_starting_dose(document or {}),
    }  # fmt: skip
    if request.htmx:
        return render(request, "design/_starting_dose_result.html", context)
    context |= framed(request, version, TAB) | {
        "assay_columns": COLUMNS, "readouts": READOUTS, "most_pasted": MOST_CHARACTERS,
        "risk_sites": list(SITES.items()),
    }  # fmt: skip
    return render(request, "design/starting_dose.html", context, status=400 if posted and form.is_faulty else 200)


def kept(document: dict[str, Any] | None, page: StartingDosePage) -> dict[str, Any]:
    """The parts of the next version. None: not begun."""
    return dict(zip(PARTS, (document, page.trimer), strict=True))


def _page(
    form: StartingDoseForm, document: dict[str, Any] | None, trimer: dict[str, Any] | None
) -> StartingDosePage | None:
    if document is None:
        return None
    try:
        return starting_dose_page(document, trimer)
    except CaseError as error:
        form.blame("", fault_text(error))
        return None


urlpatterns: list[URLPattern] = [path("design/<int:pk>/", starting_dose, name=TAB)]

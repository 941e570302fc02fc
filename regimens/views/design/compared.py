"""What the pages of exposure and of regimens side by side share: one form of molecule, person and regimens."""

from typing import Any

from django.http import HttpRequest

from regimens.design_pages.sources import regimen_from, sources_for
from regimens.design_pages.words import DRUG_NAMES, OWN_MOLECULE, PROPHYLAXIS, molecule_text
from regimens.forms.design.comparison import MOST_REGIMENS, OWN, UNITS, ComparisonForm, as_typed, regimen_typed
from regimens.models import DesignVersion


def comparison_form(request: HttpRequest, version: DesignVersion) -> ComparisonForm:
    """What was typed, or the version's own; with a regimen more where one is added."""
    if request.method != "POST":
        return ComparisonForm(as_typed(version.contents.get("comparison")))
    form = ComparisonForm(request.POST.dict())
    return _with_regimen(request, form) if request.POST.get("do") == "add" else form


def boxes_of(request: HttpRequest, form: ComparisonForm) -> dict[str, Any]:
    """The context of the form: its choices, and which parts of it are open."""

    def has(prefix: str) -> bool:
        return any(name.startswith(prefix) and value for name, value in [*form.values.items(), *form.faults.items()])

    own = form.text("drug") == OWN
    chosen = molecule_text({"drug": form.text("drug")}) if form.text("drug") not in ("", OWN) else OWN_MOLECULE
    return {
        "drugs": [("", "–"), *DRUG_NAMES.items(), (OWN, OWN_MOLECULE)], "units": list(UNITS.items()),
        "prophylaxis": list(PROPHYLAXIS.items()), "sources": [("", "–"), *sources_for(request.user)],
        "molecule": chosen if own or form.text("drug") else "–", "open_pk": own or has("pk-"),
        "open_hazard": has("hazard-"),
        "open_molecule": not form.text("drug") or any(not name.startswith("regimen-") for name in form.faults if name),
    }  # fmt: skip


def _with_regimen(request: HttpRequest, form: ComparisonForm) -> ComparisonForm:
    """The same with the planned regimen that was chosen, in the first empty column."""
    place = next((one for one in range(MOST_REGIMENS) if one not in form.places), None)
    regimen, drug, text = regimen_from(request.user, form.text("source"))
    if regimen is None or place is None:
        form.blame("source", text)
        return form
    typed = {**form.values, **regimen_typed(place, regimen), "source": ""}
    if drug and not form.text("drug"):
        typed["drug"] = drug
    added = ComparisonForm(typed)
    if text:
        added.blame("source", text)
    return added

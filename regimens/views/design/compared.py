"""What the pages of exposure and of regimens side by side share: one form of molecule, person and regimens."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from regimens.charts.figures import plain
from regimens.design_pages.deciding.carrying import carried, why_not_carried
from regimens.design_pages.dose_units import far_doses
from regimens.design_pages.escalating import ESCALATION
from regimens.design_pages.sources import regimen_from, sources_for
from regimens.design_pages.words import DRUG_NAMES, OWN_MOLECULE, PROPHYLAXIS, molecule_text
from regimens.forms.design.comparison import MOST_REGIMENS, OWN, UNITS, ComparisonForm, as_typed, regimen_typed
from regimens.models import DesignVersion
from regimens.views.design.frame import as_json, kept_beside, saved

MOST_SAID = 3  # doses that are named where many are asked about


def comparison_form(request: HttpRequest, version: DesignVersion) -> ComparisonForm:
    """What was typed, or the version's own; with a regimen more where one is added."""
    if request.method != "POST":
        return ComparisonForm(as_typed(version.contents.get("comparison")))
    form = ComparisonForm(request.POST.dict())
    return _with_regimen(request, form) if request.POST.get("do") == "add" else form


def saved_comparison(
    request: HttpRequest, version: DesignVersion, form: ComparisonForm, document: dict[str, Any] | None, tab: str
) -> HttpResponse | None:
    """The answer to a comparison that was saved. None: it was not asked for, or the form says why it was not."""
    if request.POST.get("do") != "save" or document is None or form.is_faulty or _asks_again(form, document):
        return None
    changes: dict[str, Any] = {"comparison": as_json(document)}
    beside = kept_beside(request, version, form).contents
    if escalation := beside.get(ESCALATION):
        before = beside.get("comparison") or escalation
        if fault := why_not_carried(before, changes["comparison"], escalation):
            form.blame("", fault)
            return None
        changes[ESCALATION] = carried(changes["comparison"], escalation)
    return saved(request, version, form, changes, tab)


def _asks_again(form: ComparisonForm, document: dict[str, Any]) -> bool:
    """Whether a dose is so far from what is planned that its unit may be wrong, and nobody said that it is right."""
    if form.text("confirm"):
        return False
    far = far_doses(document)
    for one in far[:MOST_SAID]:
        form.blame(
            "confirm",
            _("%(regimen)s, dose %(n)s: %(mg)s mg is more than 100-fold from what is planned of this molecule.")
            % {"regimen": one.regimen, "n": one.number, "mg": plain(one.mg)},
        )
    if far:
        form.blame("confirm", _("Is a unit wrong, mg for µg?"))
    return bool(far)


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
        "open_molecule": not form.text("drug")
        or any(not name.startswith(("regimen-", "confirm")) for name in form.faults if name),
        "confirming": "confirm" in form.faults,
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

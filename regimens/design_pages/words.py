"""Words of the workbench: metrics, warnings, the three layers, which are never merged unsaid."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

# By which the dose follows from a concentration, the lowest dose first.
METRICS: dict[str, Promise] = {
    "volume": _l("by plasma volume"),
    "cmax": _l("by Cmax over the dosing interval"),
    "cavg": _l("by Cavg over the dosing interval"),
}
SITES: dict[str, Promise] = {
    "tumour": _l("in the tumour"),
    "blood": _l("in blood or lymphoid tissue (CD20, CD19)"),
}
REFUSED: dict[str, Promise] = {
    "risk_site_blood": _l(
        "Refused: where the first risk is in blood or lymphoid tissue, the tumour's ratio is the wrong denominator."
    ),
    "no_tumour_ratio": _l("Not computed: the effector-to-target ratio in the tumour was not said."),
}
WARNINGS: dict[str, Promise] = {
    "traditional_outside_1_to_200_pm": _l(
        "The traditional dose implies a concentration outside of 1 to 200 pM, where the first doses of six molecules"
        " lay."
    ),
    "modified_outside_1_to_200_pm": _l(
        "The corrected dose implies a concentration outside of 1 to 200 pM, where the first doses of six molecules lay."
    ),
    "fold_capped": _l("The correction asked for more than the largest fold, and was held there."),
}
# Name, line style and what it is: always named so.
LAYERS: dict[str, Promise] = {
    "people": _l("between people"),
    "parameters": _l("not knowing the parameters"),
    "chance": pgettext_lazy("a layer of uncertainty", "chance in n people"),
}
RUN_NAMES: dict[str, Promise] = {
    "trial": _l("Virtual trial"),
    "pathways": pgettext_lazy("of an escalation rule", "Pathways"),
    "operating": _l("Operating characteristics"),
}
DRUG_NAMES: dict[str, str] = {
    "epcoritamab": "epcoritamab",
    "teclistamab": "teclistamab",
    "elranatamab": "elranatamab",
    "mosunetuzumab": "mosunetuzumab",
    "tarlatamab": "tarlatamab",
    "blinatumomab": "blinatumomab",
}
OWN_MOLECULE = _l("own molecule, by its PK")
PROPHYLAXIS: dict[str, Promise] = {
    "none": pgettext_lazy("prophylaxis", "none"),
    "one": _l("IV fluids or dexamethasone in cycle 1"),
    "both": _l("both, IV fluids and dexamethasone"),
}
ENDPOINTS: dict[str, Promise] = {
    "grade2plus": _l("CRS of grade 2 or more"),
    "any": _l("CRS of any grade"),
    "given": _l("the event that the given hazard is of"),
}
EXPOSED: dict[str, Promise] = {"free": _l("free drug"), "total": _l("total drug")}


def molecule_text(comparison: dict[str, object] | None) -> Promise | str:
    """Which molecule a comparison is of. A dash: none was chosen yet."""
    if not comparison:
        return "–"
    drug = comparison.get("drug")
    return DRUG_NAMES.get(str(drug), str(drug)) if drug else OWN_MOLECULE

"""How a drug is called on pages and in messages: its international name, and in Chinese its name in Taiwan behind it.

Orders in Taiwan are written in English, so that name stays first (docs/clinical_wording.md). What is kept, sent and
exported is the international name alone. Each name that is shown can be typed: the dictionary of drugs reads it.
"""

from collections.abc import Iterable

from django.utils.translation import pgettext_lazy

from grading.words.wording import listed

NAMES = {
    "norepinephrine": pgettext_lazy("drug", "norepinephrine"),
    "epinephrine": pgettext_lazy("drug", "epinephrine"),
    "phenylephrine": pgettext_lazy("drug", "phenylephrine"),
    "dopamine": pgettext_lazy("drug", "dopamine"),
    "vasopressin": pgettext_lazy("drug", "vasopressin"),
    "dobutamine": pgettext_lazy("drug", "dobutamine"),
    "milrinone": pgettext_lazy("drug", "milrinone"),
    "tocilizumab": pgettext_lazy("drug", "tocilizumab"),
    "anakinra": pgettext_lazy("drug", "anakinra"),
    "siltuximab": pgettext_lazy("drug", "siltuximab"),
    "dexamethasone": pgettext_lazy("drug", "dexamethasone"),
    "betamethasone": pgettext_lazy("drug", "betamethasone"),
    "methylprednisolone": pgettext_lazy("drug", "methylprednisolone"),
    "triamcinolone": pgettext_lazy("drug", "triamcinolone"),
    "prednisone": pgettext_lazy("drug", "prednisone"),
    "prednisolone": pgettext_lazy("drug", "prednisolone"),
    "hydrocortisone": pgettext_lazy("drug", "hydrocortisone"),
    "paracetamol": pgettext_lazy("drug", "paracetamol"),
    "ibuprofen": pgettext_lazy("drug", "ibuprofen"),
    "naproxen": pgettext_lazy("drug", "naproxen"),
    "metamizole": pgettext_lazy("drug", "metamizole"),
    "albumin": pgettext_lazy("drug", "albumin"),
    "sodium chloride": pgettext_lazy("drug", "sodium chloride"),
    "ringer's solution": pgettext_lazy("drug", "ringer's solution"),
    "glucose": pgettext_lazy("drug", "glucose"),
    "meropenem": pgettext_lazy("drug", "meropenem"),
    "vancomycin": pgettext_lazy("drug", "vancomycin"),
}
# Those that are a key of a set of vital signs.
VASOPRESSORS = {
    drug: NAMES[drug]
    for drug in (
        "norepinephrine", "epinephrine", "phenylephrine", "dopamine", "vasopressin", "dobutamine", "milrinone",
    )
}  # fmt: skip


def drug_name(drug: str) -> str:
    """A drug without a name of its own here is told as it was typed."""
    return str(NAMES.get(drug, drug))


def drug_names(drugs: Iterable[str]) -> str:
    return listed(drug_name(drug) for drug in drugs)

"""One name for one drug, and what a name that is not known may have been meant to be. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from grading.rules.drugs.steroids import DEXAMETHASONE_MG

TOCILIZUMAB = "tocilizumab"
# By the class under which they are entered. Others are not counted and not checked, so they are asked about.
KNOWN: Mapping[str, tuple[str, ...]] = {
    "anticytokine": (TOCILIZUMAB, "anakinra", "siltuximab"),
    "corticosteroid": tuple(DEXAMETHASONE_MG),
}
# Given against a fever; under any other class they would hide it unseen. Acetaminophen, Tylenol, Panadol and Ofirmev:
# https://drugslib.com/medical-q-a/what-is-paracetamol---panadol-called-in-the-us-45; Calpol:
# https://drugs.mediprez.com/?p=3089; Advil, Motrin, Nurofen: https://wikimili.com/en/Ibuprofen; Aleve, Naprosyn:
# https://www.drugchatter.com/chat/32232/generic-naproxen; Dipyrone, Novalgin: https://acemap.info/field/2026156704.
# Aspirin is left out: at the dose against clots it hides no fever.
ANTIPYRETICS = ("paracetamol", "ibuprofen", "naproxen", "metamizole")
# Tyenne (-aazg), Tofidence (-bavi), Avtozma (-anoh): https://gabionline.net/biosimilars/news/
# fda-approves-tocilizumab-biosimilar-avtozma; Kineret: https://www.sps.nhs.uk/medicines/anakinra/;
# Sylvant: https://www.renalandurologynews.com/drug/sylvant/; steroids: https://www.worstpills.org/monographs/view/114
# and http://www.drugs.com/mmx/florinef.html. Brands of creams, drops and sprays and uncertain ones are left out.
_BRANDS: Mapping[str, str] = {
    "actemra": TOCILIZUMAB, "roactemra": TOCILIZUMAB,
    "tyenne": TOCILIZUMAB, "tofidence": TOCILIZUMAB, "avtozma": TOCILIZUMAB,
    "kineret": "anakinra", "sylvant": "siltuximab",
    "decadron": "dexamethasone", "hexadrol": "dexamethasone", "celestone": "betamethasone",
    "medrol": "methylprednisolone", "solumedrol": "methylprednisolone", "depomedrol": "methylprednisolone",
    "cortef": "hydrocortisone", "solucortef": "hydrocortisone", "deltasone": "prednisone",
    "acetaminophen": "paracetamol", "tylenol": "paracetamol", "panadol": "paracetamol", "ofirmev": "paracetamol",
    "calpol": "paracetamol", "advil": "ibuprofen", "motrin": "ibuprofen", "nurofen": "ibuprofen",
    "aleve": "naproxen", "naprosyn": "naproxen", "dipyrone": "metamizole", "novalgin": "metamizole",
}  # fmt: skip
# What hides a fever longest comes first.
CLASSES: Mapping[str, str] = {
    name: drug_class
    for drug_class, names in {**KNOWN, "antipyretic": ANTIPYRETICS}.items()
    for name in names
}  # fmt: skip
_NAMES: Mapping[str, str] = {name: name for name in CLASSES} | dict(_BRANDS)
# On the skin, in the eye or into the lung these are not the systemic dose that is counted.
_RUBBED_IN = frozenset({*DEXAMETHASONE_MG, "ibuprofen", "naproxen"})
_TOPICAL = frozenset({
    "cream", "ointment", "gel", "lotion", "topical", "drops", "eye", "ear", "nasal", "spray", "inhaler", "inhaled",
    "mouthwash", "enema",
})  # fmt: skip
# Conventions (docs/conventions.md): how many letters may be wrong in a name of so many, and the shortest that is
# read as the beginning of one.
_TWO_WRONG_FROM = 11
_SHORTEST = 5
# Shorter ones that wards say: asked about, never read as the drug.
_SAID = {"toci": TOCILIZUMAB, "tcz": TOCILIZUMAB, "dexa": "dexamethasone"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a typed name was read as. `drug`: its generic name; None: not known. `several`: it names more than one.

    `meant`: the known drug that an unknown name is close to; None: none is.
    """

    drug: str | None
    several: bool = False
    meant: str | None = None


def generic(typed: str) -> str:
    """The drug as it is compared: brands, biosimilars and names with a route, strength or salt are the generic name.

    Any other name stays what was typed, without case.
    """
    return reading(typed).drug or typed.strip().casefold()


def reading(typed: str) -> Reading:
    """Word by word, so that what stands around the name does not hide it."""
    words, candidates = _words(typed)
    found = _known(candidates)
    if len(found) > 1:
        return Reading(drug=None, several=True)
    if found:
        drug = found.pop()
        return Reading(drug=None if _is_rubbed_in(drug, words) else drug)
    return Reading(drug=None, meant=_meant(candidates))


def class_of(typed: str, drug_class: str) -> str:
    """As which class of drug it acts: that of the drug it names, whatever it was entered as.

    A name that is not known, also one that was confirmed, is of the class under which it was entered. Of several drugs
    in one entry (an import) that class counts if one of them is of it, else the one that hides a fever longest.
    """
    words, candidates = _words(typed)
    found = {CLASSES[drug] for drug in _known(candidates) if not _is_rubbed_in(drug, words)}
    if not found or drug_class in found:
        return drug_class
    return next(name for name in CLASSES.values() if name in found)


def _words(typed: str) -> tuple[list[str], list[str]]:
    """And these with each two that stand beside each other written as one."""
    words = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFKC", typed).casefold())
    return words, [*words, *(one + two for one, two in pairwise(words))]


def _known(candidates: list[str]) -> set[str]:
    return {_NAMES[word] for word in candidates if word in _NAMES}


def _is_rubbed_in(drug: str, words: list[str]) -> bool:
    return drug in _RUBBED_IN and bool(_TOPICAL & set(words))


def _meant(candidates: list[str]) -> str | None:
    """The nearest known name of those within reach."""
    if said := [_SAID[word] for word in candidates if word in _SAID]:
        return said[0]
    near = [
        (wrong, name)
        for word in candidates
        if len(word) >= _SHORTEST
        for name in _NAMES
        if (wrong := _wrong(word, name)) is not None
    ]
    return _NAMES[min(near)[1]] if near else None


def _wrong(word: str, name: str) -> int | None:
    """How many letters are wrong. None: too many; the beginning of a name counts as one."""
    most = 2 if len(name) >= _TWO_WRONG_FROM else 1
    if abs(len(word) - len(name)) <= most and (wrong := edits(word, name)) <= most:
        return wrong
    return 1 if name.startswith(word) else None


def edits(one: str, two: str) -> int:
    """Letters left out, put in, mistaken, or two beside each other exchanged."""
    before: list[int] = []
    last = list(range(len(two) + 1))
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(two, start=1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]

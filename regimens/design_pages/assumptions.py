"""What is assumed, printed beside what rests on it, each with its source. A choice of ours says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from regimens.design import parameters

SECONDARY = _l("read in a transcription, not in the journal: somebody opens the paper once before it is cited")
OURS = _l("an assumption of ours")
OWN_HAZARD, OF_HAZARD = "epcoritamab", "LI26"  # the one drug of which a hazard is published, and where


@dataclass(frozen=True, slots=True)
class Assumption:
    """`rests`: what of the page rests on it."""

    rests: Promise | str
    text: Promise | str
    source: Promise | str


def _cited(drug: str, *keys: str) -> str:
    """Sources by their keys in the drug's parameter file, each once, with what of them was only transcribed."""
    sources = parameters.drug(drug).sources
    cited = [sources[key] for key in dict.fromkeys(keys)]
    published = [one["cite"] for one in cited if one["seen"] != "assumption"]
    words = [str(SECONDARY)] if any(one["seen"] == "transcription" for one in cited) else []
    ours = [str(OURS)] if len(published) < len(cited) else []
    return " · ".join([*published, *words, *ours])


def _is_fitted(drug: object) -> bool:
    """Whether the hazard of this drug was carried over from another's."""
    hazard = parameters.drug(str(drug)).hazard if drug else None
    return hazard is not None and hazard.transferred


def of_starting_dose(document: Mapping[str, Any]) -> list[Assumption]:
    listed = [
        Assumption(
            _l("every dose"),
            _l("the lowest EC over assays and donors stands for the least biological effect anywhere in the body"),
            OURS,
        ),
        Assumption(
            _l("the corrected dose"),
            _l(
                "trimers per target are proportional to free drug times effectors per target, below the trimer maximum;"
                " slope 1 and the largest fold 10 unless said otherwise"
            ),
            _l("computed for this project; about 10-fold is reported by Zhou 2025 (Clin Pharmacol Ther), not read"),
        ),
        Assumption(
            _l("the band of 1 to 200 pM"),
            _l("first doses of six molecules, several with unconfirmed molecular weights"), OURS,
        ),
    ]  # fmt: skip
    if "plasma_volume_l" in document.get("exposure", {}):
        listed.append(
            Assumption(_l("the dose by plasma volume"), _l("all drug stays in plasma: the lowest of the three"), OURS)
        )
    if "pk" in document.get("exposure", {}):
        listed.append(Assumption(_l("doses by Cmax and Cavg"), _l("the PK is assumed: it was typed here"), OURS))
    return listed


def banner_of_starting_dose(document: Mapping[str, Any]) -> Promise | str:
    """What stands across the picture of first doses. Empty: no PK was typed, doses are by plasma volume alone."""
    return _l("PK assumed") if "pk" in document.get("exposure", {}) else ""


def banner_of(comparison: Mapping[str, Any], *, hazard: bool) -> Promise | str:
    """What stands across a picture. Empty: PK and, where `hazard` is asked for, the hazard are the drug's own."""
    own_pk = "drug" not in comparison
    if not hazard:
        return _l("PK assumed") if own_pk else ""
    given, drug = "hazard" in comparison, comparison.get("drug")
    if own_pk:
        return _l("PK and hazard assumed")
    if given:
        return _l("Hazard assumed")
    return _l("Hazard transferred") if _is_fitted(drug) else ""


def of_comparison(comparison: Mapping[str, Any], *, hazard: bool) -> list[Assumption]:
    """`hazard`: whether probabilities are on the page, and not exposure alone."""
    drug = comparison.get("drug")
    listed = [
        Assumption(_l("every concentration"), _l("published population PK, its typical person"),
                   _cited(drug, *(number.source for number in parameters.drug(drug).pk.values())))
        if drug
        else Assumption(_l("every concentration"), _l("the PK is assumed: linear, as it was typed here"), OURS)
    ]  # fmt: skip
    return [*listed, *(_of_hazard(comparison) if hazard else [])]


def of_deciding(comparison: Mapping[str, Any]) -> list[Assumption]:
    """What the posterior and the rule assume besides the hazard."""
    return [
        *of_comparison(comparison, hazard=True),
        Assumption(
            _l("prior and posterior"),
            _l("ln SMAX, ln S50 and ln Kin normal and independent before data; counts of dose periods binomial and"
               " independent, of people alike but for their doses"),
            OURS,
        ),
        Assumption(
            _l("grade 3 or more"),
            _l("its share of events is the same on every rung and in every dose period, and independent of the hazard"),
            OURS,
        ),
        Assumption(
            _l("the numbers of the rule"), _l("chosen by what they did in simulated trials; each study sets its own"),
            OURS,
        ),
    ]  # fmt: skip


def of_trial(fields: Mapping[str, Any]) -> list[Assumption]:
    """What a virtual trial assumes besides: who its people are, and about what parameters are drawn."""
    population = fields.get("population") or {}
    listed = of_comparison(fields, hazard=True)
    listed.append(
        Assumption(
            _l("virtual people"),
            _l("weight log-normal about 72.8 kg (18 %), age normal about 66 years (10), both clipped; the same people"
               " under every regimen"), OURS,
        )
    )  # fmt: skip
    if fields.get("draws"):
        listed.append(
            Assumption(
                _l("not knowing the parameters"),
                _l("ln SMAX, ln S50 and ln Kin drawn independently and normal; SD 1, 1 and 0.5 unless typed otherwise"),
                OURS,
            )
        )
    if fields.get("n"):
        listed.append(
            Assumption(
                _l("chance in n people"),
                _l("new people of the same population, each layer that was asked for included"),
                OURS,
            )
        )  # fmt: skip
    if population.get("frailty_sd"):
        listed.append(
            Assumption(_l("spread between people"), _l("a factor of each person's own on SMAX (frailty)"), OURS)
        )
    return listed


def _of_hazard(comparison: Mapping[str, Any]) -> list[Assumption]:
    drug, given = comparison.get("drug"), "hazard" in comparison
    listed = [
        Assumption(
            _l("every probability"),
            _l(
                "hazard of CRS that rises with concentration and falls with tolerance, which builds while drug is there"
            ),
            _cited(OWN_HAZARD, OF_HAZARD),
        )
    ]
    if given:
        listed.append(
            Assumption(
                _l("every probability"), _l("SMAX and S50 were typed here; what was left out is epcoritamab's"), OURS
            )
        )
    elif _is_fitted(drug):
        listed.append(
            Assumption(
                _l("every probability"),
                _l(
                    "SMAX and S50 fitted to published counts of any-grade CRS, tolerance carried over from epcoritamab:"
                    " exploratory, the counts do not identify tolerance"
                ),
                OURS,
            )
        )
    elif drug == OWN_HAZARD:
        listed.append(
            Assumption(
                _l("probabilities with prophylaxis"),
                _l("about 8 % above the printed figure: the paper drew covariates, a typical person does not"),
                _cited(OWN_HAZARD, OF_HAZARD),
            )
        )  # fmt: skip
    listed.append(
        Assumption(_l("spread between people"), _l("of PK alone: no spread of the hazard between people is published"),
                   _cited(OWN_HAZARD, OF_HAZARD))
    )  # fmt: skip
    return listed

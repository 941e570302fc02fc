"""What is asked of a drug before it is kept: refused, or typed again with a reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from grading.rules.checks import Doubt
from grading.rules.drugs.names import TOCILIZUMAB
from grading.rules.drugs.pack import DrugRules
from grading.rules.drugs.steroids import DEXAMETHASONE_MG, in_mg, most_of
from grading.rules.drugs.tocilizumab import Excess, Given, Limits, dose_for, excesses

# Conventions (docs/conventions.md): how far a dose may lie from the computed one, and what is a slip of the point.
ROUNDED_WITHIN_MG = Decimal(10)
SLIP = 5
WEIGHT_KG = (Decimal(2), Decimal(400))  # outside is refused
STEROID_UNITS = ("mg", "g", "mg/kg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A treatment as it was typed; `drug` by its generic name."""

    given: Given
    drug: str
    drug_class: str
    dose: Decimal | None
    unit: str


def doubts(
    entered: Entered, *, weight_kg: Decimal | None, others: Sequence[Given], rules: DrugRules | None
) -> list[Doubt]:
    """Everything to be said. `weight_kg`: the last on record before it. `rules` None: the pack has no drug rules,
    and only what needs none of its numbers is asked.
    """
    if entered.drug == TOCILIZUMAB:
        limits = None if rules is None else rules.tocilizumab
        return _tocilizumab(entered, weight_kg=weight_kg, others=others, limits=limits)
    if entered.drug in DEXAMETHASONE_MG:
        return _steroid(entered, rules)
    return []


def _tocilizumab(
    entered: Entered, *, weight_kg: Decimal | None, others: Sequence[Given], limits: Limits | None
) -> list[Doubt]:
    dose, unit, found = entered.dose, entered.unit, []
    if entered.drug_class != "anticytokine":
        found.append(Doubt(field="drug_class", code="not_anticytokine", values={}))
    if dose is None:
        found.append(Doubt(field="dose", code="dose_missing", values={}))
    if unit != "mg":
        found.append(Doubt(field="unit", code="wrong_unit", values={"unit": unit or "–", "needed": "mg"}))
    if weight_kg is None:
        found.append(Doubt(field="dose", code="weight_first", values={}))
    if found or dose is None or limits is None:
        return found
    return [*_dose(dose, weight_kg, limits), *_when(entered.given, others, limits)]


def _dose(dose: Decimal, weight_kg: Decimal | None, limits: Limits) -> list[Doubt]:
    expected = dose_for(weight_kg, limits).mg
    told = {"dose": plain(dose), "weight": "" if weight_kg is None else plain(weight_kg)}
    if expected is None:
        return [Doubt(field="dose", code="dose_not_known", values=told)]
    told |= {"expected": plain(expected)}
    if dose >= SLIP * expected or dose * SLIP <= expected:
        return [Doubt(field="dose", code="slip", values=told)]
    if dose > limits.cap_mg:
        return [Doubt(field="dose", code="above_cap", values=told | {"cap": plain(limits.cap_mg)})]
    if abs(dose - expected) > ROUNDED_WITHIN_MG:
        return [Doubt(field="dose", code="other_dose", values=told)]
    return []


def _when(given: Given, others: Sequence[Given], limits: Limits) -> list[Doubt]:
    told = {
        Excess.TOO_EARLY: {"hours": plain(limits.interval_h)},
        Excess.TOO_MANY_IN_24_H: {"most": str(limits.per_24_h)},
        Excess.TOO_MANY_IN_ALL: {"most": str(limits.in_all)},
    }
    return [Doubt(field="dose", code=excess.value, values=told[excess]) for excess in excesses(given, others, limits)]


def _steroid(entered: Entered, rules: DrugRules | None) -> list[Doubt]:
    if entered.dose is not None and entered.unit not in STEROID_UNITS:
        needed = ", ".join(STEROID_UNITS)
        return [Doubt(field="unit", code="wrong_unit", values={"unit": entered.unit or "–", "needed": needed})]
    mg = in_mg(entered.dose, entered.unit)
    most = None if rules is None else most_of(rules.ladder, entered.drug)
    if mg is None or most is None or mg < SLIP * most:
        return []
    told = {"dose": plain(mg), "most": plain(most), "drug": entered.drug}
    return [Doubt(field="dose", code="above_ladder", values=told)]


def to_answer(found: Iterable[Doubt], *, retyped: bool, because: str) -> list[Doubt]:
    """What still stands in the way of keeping it: everything, until the dose was typed again and a reason given."""
    return [doubt for doubt in found if not (retyped and because.strip())]


def plain(value: Decimal) -> str:
    """Without zeros at the end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

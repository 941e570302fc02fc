"""What is asked of a drug before it is kept: refused, or typed again with a reason."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from grading.rules.drugs.names import AGENTS, KNOWN, TOCILIZUMAB, NameReading
from grading.rules.grades.entry.checks import Doubt
from grading.rules.treatment.drug_rules import DrugRules
from grading.rules.treatment.indication import needs_its_dose
from grading.rules.treatment.steroids import DEXAMETHASONE_MG, SteroidStep, in_mg_for
from grading.rules.treatment.tocilizumab import Excess, Limits, TocilizumabDose, dose_for, excesses

# Conventions (docs/conventions.md): how far a dose may lie from the computed one, and what is a slip of the point.
ROUNDED_WITHIN_MG = Decimal(10)
SLIP = 5
WEIGHT_KG = (Decimal(2), Decimal(400))  # outside is refused
ADULT_KG = (Decimal(35), Decimal(150))  # a first weight outside is typed again; 70 kg typed in pounds is
WEIGHT_CHANGED_PERCENT = Decimal(20)  # from the weight before
TENFOLDS = (Decimal(10), Decimal(100))  # a step of the ladder with a zero or two too many
# What has nothing to type again: the reason alone answers.
SAID_ONLY = frozenset({"steroid_dose_missing"})
STEROID_UNITS = ("mg", "g", "mg/kg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A treatment as it was typed; `drug` by its generic name, `typed` as it was read."""

    given: TocilizumabDose
    drug: str
    typed: NameReading
    drug_class: str
    dose: Decimal | None
    unit: str


def doubts(
    entered: Entered, *, weight_kg: Decimal | None, others: Sequence[TocilizumabDose], rules: DrugRules | None
) -> list[Doubt]:
    """Everything to be said. `weight_kg`: the last on record before it. `rules` None: the policy has no drug rules,
    and only what needs none of its numbers is asked.
    """
    of_the_name = [*_name(entered), *_without_a_dose(entered)]
    if entered.drug == TOCILIZUMAB:
        limits = None if rules is None else rules.tocilizumab
        return [*of_the_name, *_tocilizumab(entered, weight_kg=weight_kg, others=others, limits=limits)]
    if entered.drug in DEXAMETHASONE_MG:
        return [*of_the_name, *_steroid(entered, weight_kg, () if rules is None else rules.ladder)]
    return of_the_name


def _name(entered: Entered) -> Iterator[Doubt]:
    """A drug that is not known is counted and checked as none: it is not kept unasked."""
    typed, expected = entered.typed, KNOWN.get(entered.drug_class)
    values = {"drug": entered.drug}
    if typed.several:
        yield Doubt(field="drug", code="several_drugs", values=values)
    elif typed.meant is not None and _is_asked_about(AGENTS[typed.meant].entered_as, entered.drug_class):
        yield Doubt(field="drug", code="drug_meant", values=values | {"meant": typed.meant})
    elif expected is not None and typed.drug is None:
        yield Doubt(field="drug", code="drug_not_known", values=values | {"known": ", ".join(expected)})


def _is_asked_about(meant_class: str, drug_class: str) -> bool:
    """Whether it matters that a drug of `meant_class` may be meant. Of an antipyretic and a vasopressor no dose is
    counted or checked: under its own class it is the right one already.
    """
    if meant_class in ("antipyretic", "vasopressor"):
        return meant_class != drug_class
    return meant_class in KNOWN


def _without_a_dose(entered: Entered) -> Iterator[Doubt]:
    """Of a steroid that treats. Premedication is the plan's, and its dose stands there."""
    is_steroid = entered.drug in DEXAMETHASONE_MG or entered.drug_class == "corticosteroid"
    if is_steroid and entered.dose is None and needs_its_dose(entered.given.indication):
        yield Doubt(field="dose", code="steroid_dose_missing", values={})


def _tocilizumab(
    entered: Entered, *, weight_kg: Decimal | None, others: Sequence[TocilizumabDose], limits: Limits | None
) -> list[Doubt]:
    dose, unit, doubtful = entered.dose, entered.unit, list[Doubt]()
    if dose is None:
        doubtful.append(Doubt(field="dose", code="dose_missing", values={}))
    if unit != "mg":
        doubtful.append(Doubt(field="unit", code="wrong_unit", values={"unit": unit or "–", "needed": "mg"}))
    if weight_kg is None:
        doubtful.append(Doubt(field="dose", code="weight_first", values={}))
    if doubtful or dose is None or limits is None:
        return doubtful
    return [*_dose(dose, weight_kg, limits), *_when(entered.given, others, limits)]


def _dose(dose: Decimal, weight_kg: Decimal | None, limits: Limits) -> list[Doubt]:
    expected = dose_for(weight_kg, limits).mg
    values = {"dose": plain(dose), "weight": "" if weight_kg is None else plain(weight_kg)}
    if expected is None:
        return [Doubt(field="dose", code="dose_not_known", values=values)]
    values |= {"expected": plain(expected)}
    if dose >= SLIP * expected or dose * SLIP <= expected:
        return [Doubt(field="dose", code="slip", values=values)]
    if dose > limits.cap_mg:
        return [Doubt(field="dose", code="above_cap", values=values | {"cap": plain(limits.cap_mg)})]
    if abs(dose - expected) > ROUNDED_WITHIN_MG:
        return [Doubt(field="dose", code="other_dose", values=values)]
    return []


def _when(given: TocilizumabDose, others: Sequence[TocilizumabDose], limits: Limits) -> list[Doubt]:
    values = {
        Excess.TOO_EARLY: {"hours": plain(limits.interval_h)},
        Excess.TOO_MANY_IN_24_H: {"most": str(limits.per_24_h)},
        Excess.TOO_MANY_IN_ALL: {"most": str(limits.in_all)},
    }
    return [Doubt(field="dose", code=excess.value, values=values[excess]) for excess in excesses(given, others, limits)]


def _steroid(entered: Entered, weight_kg: Decimal | None, ladder: Sequence[SteroidStep]) -> list[Doubt]:
    """Against the ladder's doses of this drug or, where it has none, against the most it gives of any."""
    if entered.dose is None:
        return []
    if entered.unit not in STEROID_UNITS:
        needed = ", ".join(STEROID_UNITS)
        return [Doubt(field="unit", code="wrong_unit", values={"unit": entered.unit or "–", "needed": needed})]
    mg = in_mg_for(entered.dose, entered.unit, weight_kg)
    escalation_steps = [(step.drug, in_mg_for(step.dose, step.unit, weight_kg)) for step in ladder]
    if mg is None or (escalation_steps and all(dose is None for _, dose in escalation_steps)):
        return [Doubt(field="dose", code="steroid_unweighed", values={})]
    own = [dose for drug, dose in escalation_steps if drug == entered.drug and dose is not None]
    values = {"dose": plain(mg), "drug": entered.drug}
    if own:
        if mg >= SLIP * max(own):
            return [Doubt(field="dose", code="above_ladder", values=values | {"most": plain(max(own))})]
        if tenth := [dose for dose in own if dose and any(mg == dose * times for times in TENFOLDS)]:
            return [Doubt(field="dose", code="tenfold", values=values | {"step": plain(max(tenth))})]
        return []
    factor = DEXAMETHASONE_MG[entered.drug]
    most = max((dose * DEXAMETHASONE_MG[drug] for drug, dose in escalation_steps if dose is not None), default=None)
    if most is None or mg * factor <= most:
        return []
    values |= {"worth": plain(round(mg * factor, 1)), "most": plain(round(most, 1))}
    return [Doubt(field="dose", code="above_equivalent", values=values)]


def weight_doubts(kg: Decimal, *, before: Decimal | None) -> list[Doubt]:
    """What is asked of a weight. `before`: the one on record; None: there is none."""
    low, high = WEIGHT_KG
    if not low <= kg <= high:
        return [Doubt(field="value", code="refused", values={"low": plain(low), "high": plain(high), "unit": "kg"})]
    if before is None:
        values = {"value": plain(kg), "unit": "kg"}
        return [] if ADULT_KG[0] <= kg <= ADULT_KG[1] else [Doubt(field="value", code="unusual", values=values)]
    if abs(kg - before) * 100 <= before * WEIGHT_CHANGED_PERCENT:
        return []
    return [Doubt(field="value", code="changed", values={"before": plain(before), "value": plain(kg), "unit": "kg"})]


def to_answer(doubtful: Iterable[Doubt], *, retyped: Collection[str], because: str) -> list[Doubt]:
    """What still stands in the way of keeping it: each, until its field was typed again and a reason given."""
    return [
        doubt for doubt in doubtful
        if not because.strip() or (doubt.field not in retyped and doubt.code not in SAID_ONLY)
    ]  # fmt: skip


def plain(value: Decimal) -> str:
    """Without zeros at the end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

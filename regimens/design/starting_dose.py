"""The first dose by minimal anticipated biological effect (MABEL), traditional and with the corrected E:T. Pure.

ECx = EC50 (x/(100 - x))^(1/h) of each assay; the lowest is the target. A dose reaches it by plasma volume, or by Cmax
or Cavg of 1 mg over the dosing interval; the metric stands beside the dose, always. With fewer effectors in a tumour
than in the assay a fixed number of trimers needs more drug: EC_mod = EC min(cap, (E:T assay / E:T tumour)^s)
(starting_dose.md). Every line of the working is kept as a `WorkingLine`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from regimens.design.units import ng_ml_of_pm

LEAST_PM, MOST_PM = 1.0, 200.0  # of the concentration that a start implies: where published first doses lay
PM_PER_NM = 1000.0
UG_PER_MG = 1000.0

Metric = Literal["volume", "cmax", "cavg"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assay:
    """`effector_to_target`: without it an EC says nothing of a tumour. What may be None is kept, and unused."""

    name: str
    readout: str
    ec50_pm: float
    hill: float
    effector_to_target: float
    cell_line: str | None = None
    receptors: float | None = None
    incubation_h: float | None = None
    serum_pct: float | None = None
    donors: int | None = None
    statistic: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PerMg:
    """What 1 mg reaches over [0, `interval_d`], ng/mL. `pk`: the numbers that it follows from."""

    interval_d: float
    cmax: float
    cavg: float
    pk: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingLine:
    """One line of the working, to be printed as it is."""

    name: str
    formula: str
    inputs: Mapping[str, float | str]
    value: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """`target_pm` is before the safety factor, `dose_ug` after it. `fold`: by which E:T raised the limiting EC."""

    target_pm: float
    target_ng_ml: float
    dose_ug: Mapping[Metric, float]
    limiting_assay: str
    fold: float = 1.0
    capped: bool = False

    @property
    def lowest_ug(self) -> float:
        return min(self.dose_ug.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`plasma_volume_l` and `per_mg`: at least one is given. `tumour_ratio` None: not known."""

    assays: Sequence[Assay]
    mw_kda: float
    effect_pct: float
    plasma_volume_l: float | None = None
    per_mg: PerMg | None = None
    safety_factor: float = 1.0
    kd_cd3_nm: float | None = None
    tumour_ratio: float | None = None
    slope: float = 1.0
    fold_cap: float = 10.0
    risk_site: str = "tumour"
    predicted_active_ug: float | None = None


@dataclass(slots=True)
class Working:
    """Each result by the way that leads to it: what is answered is what stands in a line."""

    lines: list[WorkingLine] = field(default_factory=list)

    def line(self, name: str, formula: str, inputs: Mapping[str, float | str], value: float, unit: str) -> float:
        self.lines.append(WorkingLine(name=name, formula=formula, inputs=inputs, value=value, unit=unit))
        return value


def effective_pm(ec50_pm: float, hill: float, effect_pct: float) -> float:
    """The concentration of so many per cent of the effect."""
    return ec50_pm * float((effect_pct / (100 - effect_pct)) ** (1 / hill))


def fold_of(ratio: float, tumour_ratio: float, slope: float, cap: float) -> tuple[float, bool]:
    """By how much fewer effectors raise an EC, and whether the cap held it back."""
    try:
        fold = float((ratio / tumour_ratio) ** slope)
    except OverflowError:
        return cap, True
    return min(cap, fold), fold > cap


def why_not_modified(question: Question) -> str | None:
    """Where the first risk is in blood or lymphoid tissue, the tumour's ratio is the wrong denominator."""
    if question.risk_site == "blood":
        return "risk_site_blood"
    return "no_tumour_ratio" if question.tumour_ratio is None else None


def traditional(question: Question, working: Working) -> Start:
    effects = _effects(question, working)
    if (per_mg := question.per_mg) is not None:
        inputs = {**per_mg.pk, "over (d)": per_mg.interval_d}
        working.line("Cmax of 1 mg", "largest concentration of the molecule's own PK", inputs, per_mg.cmax, "ng/mL")
        working.line("Cavg of 1 mg", "average concentration of the molecule's own PK", inputs, per_mg.cavg, "ng/mL")
    return _start("traditional", effects, question, working)


def modified(question: Question, working: Working) -> Start | None:
    """None: refused (`why_not_modified`)."""
    if why_not_modified(question) or question.tumour_ratio is None:
        return None
    effects, folds = {}, {}
    for assay, effect in zip(question.assays, _effects(question, None).values(), strict=True):
        fold, capped = fold_of(assay.effector_to_target, question.tumour_ratio, question.slope, question.fold_cap)
        inputs = {
            "ratio": assay.effector_to_target, "tumour ratio": question.tumour_ratio, "s": question.slope,
            "cap": question.fold_cap,
        }  # fmt: skip
        working.line(f"fold of {assay.name}", "min(cap, (ratio / tumour ratio)^s)", inputs, fold, "")
        effects[assay.name] = working.line(
            f"corrected EC{question.effect_pct:g} of {assay.name}", "EC * fold", {"EC": effect, "fold": fold},
            effect * fold, "pM",
        )  # fmt: skip
        folds[assay.name] = fold, capped
    return _start("modified", effects, question, working, folds)


def cd3_occupancy_pct(target_pm: float, kd_cd3_nm: float, working: Working) -> float:
    kd = kd_cd3_nm * PM_PER_NM
    inputs = {"C": target_pm, "KD": kd}
    return working.line("CD3 occupancy", "100 * C / (C + KD)", inputs, 100 * target_pm / (target_pm + kd), "%")


def fold_to_active(start: Start, name: str, predicted_active_ug: float, working: Working) -> float:
    inputs = {"active dose": predicted_active_ug, "lowest dose": start.lowest_ug}
    value = predicted_active_ug / start.lowest_ug
    return working.line(f"{name} fold to the active dose", "active dose / lowest dose", inputs, value, "")


def is_outside(start: Start, safety_factor: float) -> bool:
    """Of the band in which published first doses lay."""
    return not LEAST_PM <= start.target_pm / safety_factor <= MOST_PM


def _effects(question: Question, working: Working | None) -> dict[str, float]:
    """ECx by assay, in pM."""
    x = question.effect_pct
    effects = {}
    for assay in question.assays:
        effect = effects[assay.name] = effective_pm(assay.ec50_pm, assay.hill, x)
        if working is not None:
            inputs = {"EC50": assay.ec50_pm, "x": x, "h": assay.hill}
            working.line(f"EC{x:g} of {assay.name}", "EC50 * (x / (100 - x))^(1 / h)", inputs, effect, "pM")
    return effects


def _start(
    name: str,
    effects: Mapping[str, float],
    question: Question,
    working: Working,
    folds: Mapping[str, tuple[float, bool]] | None = None,
) -> Start:
    limiting = min(effects, key=lambda assay: effects[assay])
    target = working.line(f"{name} target", "min(EC)", effects, effects[limiting], "pM")
    weight = {"target": target, "kDa": question.mw_kda}
    mass = working.line(f"{name} target by mass", "target * kDa / 1000", weight, ng_ml_of_pm(*weight.values()), "ng/mL")
    fold, capped = folds[limiting] if folds else (1.0, False)
    return Start(
        target_pm=target, target_ng_ml=mass, dose_ug=_doses(name, mass, question, working), limiting_assay=limiting,
        fold=fold, capped=capped,
    )  # fmt: skip


def _doses(name: str, mass: float, question: Question, working: Working) -> dict[Metric, float]:
    doses: dict[Metric, float] = {}
    factor = question.safety_factor
    given = {"target": mass, "safety factor": factor}
    if (volume := question.plasma_volume_l) is not None:
        inputs, value = given | {"V (L)": volume}, mass / factor * volume
        doses["volume"] = working.line(f"{name} dose by volume", "target / safety factor * V", inputs, value, "ug")
    if (per_mg := question.per_mg) is not None:
        reached: tuple[tuple[Metric, str, float], ...] = (
            ("cmax", "Cmax", per_mg.cmax), ("cavg", "Cavg", per_mg.cavg)
        )  # fmt: skip
        for metric, words, level in reached:
            inputs = given | {f"{words} of 1 mg": level}
            formula = f"1000 * target / safety factor / {words} of 1 mg"
            value = UG_PER_MG * mass / factor / level
            doses[metric] = working.line(f"{name} dose by {words}", formula, inputs, value, "ug")
    return doses

"""Corticosteroids in milligrams of dexamethasone, their running totals, and the ladder of the study's policy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

# Milligrams of each that are worth 0.75 mg of dexamethasone, by mouth or into a vein: "Comparison of various
# corticosteroids", https://www.omicsonline.org/articles-images/2157-7536-6-149-t001.html (dexamethasone and
# betamethasone 0.75, methylprednisolone and triamcinolone 4, prednisone and prednisolone 5, cortisol 20).
# Other tables give betamethasone 0.6 (0.6-0.75: https://globalrph.com/medcalcs/
# corticosteroid-converter-based-on-anti-inflammatory-potency/). The export's definition is the quotient of these.
EQUIVALENT_MG = {
    "dexamethasone": Decimal("0.75"),
    "betamethasone": Decimal("0.75"),
    "methylprednisolone": Decimal("4"),
    "triamcinolone": Decimal("4"),
    "prednisone": Decimal("5"),
    "prednisolone": Decimal("5"),
    "hydrocortisone": Decimal("20"),
}
# Milligrams of dexamethasone that one milligram is worth.
DEXAMETHASONE_MG = {drug: EQUIVALENT_MG["dexamethasone"] / mg for drug, mg in EQUIVALENT_MG.items()}
MG = {"mg": Decimal(1), "g": Decimal(1000)}


def in_mg(dose: Decimal | None, unit: str) -> Decimal | None:
    """None: no dose, or in a unit that is no mass."""
    return None if dose is None or unit not in MG else dose * MG[unit]


def in_mg_for(dose: Decimal, unit: str, weight_kg: Decimal | None) -> Decimal | None:
    """The same, and per kilogram for this weight. None: in another unit, or per kilogram without a weight."""
    if unit == "mg/kg":
        return None if weight_kg is None else dose * weight_kg
    return in_mg(dose, unit)


def dexamethasone_mg(drug: str, dose: Decimal | None, unit: str) -> Decimal | None:
    """The dose in milligrams of dexamethasone. None: no dose in mg or g, or a steroid that is not in the table."""
    mg, factor = in_mg(dose, unit), DEXAMETHASONE_MG.get(drug)
    return None if mg is None or factor is None else mg * factor


class Bucket(StrEnum):
    """For what it was given, as the totals are kept apart."""

    CRS = "crs"
    ICANS = "icans"
    PREMEDICATION = "premedication"
    OTHER = "other"  # prophylaxis too


def bucket(indication: str) -> Bucket:
    return Bucket(indication) if indication in set(Bucket) else Bucket.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class SteroidGiven:
    at: datetime
    drug: str
    dose: Decimal | None
    unit: str
    indication: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SteroidLine:
    """One dose with what its bucket has come to. `mg` None: it cannot be converted, and the total lacks it.

    `is_less`: worth less than the dose before it of the same bucket, as in a taper.
    """

    given: SteroidGiven
    bucket: Bucket
    mg: Decimal | None
    total_mg: Decimal
    is_less: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SteroidTotal:
    """`mg`: of the doses that could be converted; `not_known`: how many could not."""

    bucket: Bucket
    doses: int
    mg: Decimal
    not_known: int


def running(steroids: Iterable[SteroidGiven]) -> list[SteroidLine]:
    """Every dose in order of time."""
    totals = dict.fromkeys(Bucket, Decimal(0))
    last: dict[Bucket, Decimal] = {}
    lines = []
    for given in sorted(steroids, key=lambda one: (one.at, one.drug)):
        place, mg = bucket(given.indication), dexamethasone_mg(given.drug, given.dose, given.unit)
        totals[place] += mg or Decimal(0)
        is_less = mg is not None and place in last and mg < last[place]
        lines.append(SteroidLine(given=given, bucket=place, mg=mg, total_mg=totals[place], is_less=is_less))
        if mg is not None:
            last[place] = mg
    return lines


def totals(lines: Sequence[SteroidLine]) -> list[SteroidTotal]:
    """One for each bucket in which something was given."""
    by_bucket = []
    for place in Bucket:
        mine = [line for line in lines if line.bucket is place]
        if mine:
            unknown = sum(line.mg is None for line in mine)
            by_bucket.append(SteroidTotal(bucket=place, doses=len(mine), mg=mine[-1].total_mg, not_known=unknown))
    return by_bucket


@dataclass(frozen=True, slots=True, kw_only=True)
class SteroidStep:
    """What the policy gives at a grade of `kind`. `every_h` None: once; `every_at_most_h`: up to this interval.

    Steps of one kind and grade follow each other: each for `days`, or until the grade is `until_grade` or less.
    """

    kind: str
    grade: int
    drug: str
    dose: Decimal
    unit: str  # mg or mg/kg
    every_h: Decimal | None
    every_at_most_h: Decimal | None
    days: int | None
    until_grade: int | None
    source: str


def ladder_at(ladder: Iterable[SteroidStep], *, kind: str, grade: int) -> list[SteroidStep]:
    """The steps for this grade. Empty: the policy says nothing of it."""
    return [step for step in ladder if step.kind == kind and step.grade == grade]

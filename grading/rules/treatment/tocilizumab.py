"""Tocilizumab: the dose for a weight, and how many doses when. The numbers are those of the study's policy."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from grading.rules.treatment.indication import counts_towards_limit

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the policy says. `sources`: where each number was read, by field.

    Below `low_weight_below_kg` (None: no such weight) the dose is `low_weight_mg_per_kg`; None: it is not known.
    """

    mg_per_kg: Decimal
    cap_mg: Decimal
    low_weight_below_kg: Decimal | None
    low_weight_mg_per_kg: Decimal | None
    per_24_h: int
    in_all: int
    prophylaxis_counts: bool
    interval_h: Decimal
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def interval(self) -> timedelta:
        return timedelta(minutes=int(self.interval_h * 60))


class NoDose(StrEnum):
    """Why a dose is not computed."""

    NO_WEIGHT = "no_weight"
    LOW_WEIGHT = "low_weight"  # the policy has no dose per kilogram for this weight: ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The dose for a weight in mg, unrounded. `mg` None: not known, and `why`."""

    mg: Decimal | None
    why: NoDose | None = None
    capped: bool = False


def dose_for(weight_kg: Decimal | None, limits: Limits) -> Expected:
    """The dose for the weight on record. None: no weight is."""
    if weight_kg is None:
        return Expected(mg=None, why=NoDose.NO_WEIGHT)
    per_kg: Decimal | None = limits.mg_per_kg
    if limits.low_weight_below_kg is not None and weight_kg < limits.low_weight_below_kg:
        per_kg = limits.low_weight_mg_per_kg
    if per_kg is None:
        return Expected(mg=None, why=NoDose.LOW_WEIGHT)
    exact = weight_kg * per_kg
    return Expected(mg=min(exact, limits.cap_mg), capped=exact > limits.cap_mg)


@dataclass(frozen=True, slots=True, kw_only=True)
class TocilizumabDose:
    """One dose that was given."""

    at: datetime
    indication: str


def counts(given: TocilizumabDose, limits: Limits) -> bool:
    """Whether the dose uses up one of those allowed."""
    return counts_towards_limit(given.indication, prophylaxis_counts=limits.prophylaxis_counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is left at an instant. `next_at`: from when on the next dose may be given; None: no dose stands
    against it, or with `is_reached`: never, all doses are used up.
    """

    left_in_24_h: int
    left_in_all: int
    next_at: datetime | None

    @property
    def is_reached(self) -> bool:
        return self.left_in_all == 0

    def is_eligible(self, at: datetime) -> bool:
        return not self.is_reached and (self.next_at is None or self.next_at <= at)


def standing(doses: Iterable[TocilizumabDose], limits: Limits, *, at: datetime) -> Standing:
    """Of the doses up to `at`. The 24 hours hold a dose until, and not at, 24 h after it."""
    before = sorted((dose for dose in doses if dose.at <= at), key=lambda dose: dose.at)
    counted = [dose.at for dose in before if counts(dose, limits)]
    left_in_all = max(limits.in_all - len(counted), 0)
    recent = sum(at - DAY < one for one in counted)
    left_in_24_h = min(max(limits.per_24_h - recent, 0), left_in_all)
    if not left_in_all:
        return Standing(left_in_24_h=0, left_in_all=0, next_at=None)
    # the interval is kept after every dose, a prophylactic one too
    waits = [before[-1].at + limits.interval] if before else []
    if len(counted) >= limits.per_24_h:
        waits.append(counted[-limits.per_24_h] + DAY)
    return Standing(left_in_24_h=left_in_24_h, left_in_all=left_in_all, next_at=max(waits, default=None))


class Excess(StrEnum):
    """In what a dose goes beyond the limits."""

    TOO_EARLY = "too_early"
    TOO_MANY_IN_24_H = "too_many_in_24_h"
    TOO_MANY_IN_ALL = "too_many_in_all"


def excesses(new: TocilizumabDose, others: Sequence[TocilizumabDose], limits: Limits) -> tuple[Excess, ...]:
    """What is wrong with one more dose beside `others`, earlier and (where it is entered late) later ones."""
    limits_passed = []
    if any(abs(new.at - other.at) < limits.interval for other in others):
        limits_passed.append(Excess.TOO_EARLY)
    if counts(new, limits):
        counted = sorted([new.at, *(other.at for other in others if counts(other, limits))])
        days = (start for start in counted if start <= new.at < start + DAY)
        if any(sum(start <= one < start + DAY for one in counted) > limits.per_24_h for start in days):
            limits_passed.append(Excess.TOO_MANY_IN_24_H)
        if len(counted) > limits.in_all:
            limits_passed.append(Excess.TOO_MANY_IN_ALL)
    return tuple(limits_passed)

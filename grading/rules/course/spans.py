"""How long something lasted inside a dose period: drugs that run, and stays. Pure.

Nothing that is kept depends on now: of what goes on in an open period, the instant is kept from which its hours count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from regimens.rules.elapsed import hours

CLASSES = ("vasopressor", "oxygen")
NONE_H = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Span:
    """`end` None: it goes on, or nobody recorded its end."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Spent:
    """`hours`, or, where it goes on, from when they count: the begin of what goes on less the hours before it.

    Both None: not known.
    """

    hours: Decimal | None = None
    counts_from: datetime | None = None


def inside(spans: Iterable[Span], *, started_at: datetime, ended_at: datetime | None) -> list[Span]:
    """The parts of them in the half-open period, in order of time. `ended_at` None: it is open."""
    parts = []
    for span in spans:
        if (ended_at is not None and span.start >= ended_at) or (span.end is not None and span.end <= started_at):
            continue
        known = [at for at in (span.end, ended_at) if at is not None]
        end = None if span.end is None else min(known)
        parts.append(Span(max(span.start, started_at), end))
    return sorted(parts, key=lambda one: one.start)


def spent(spans: Sequence[Span], *, is_open: bool) -> Spent:
    """Time in which at least one of these went on, two at once counted once. `spans`: as `inside` gives them.

    In a period that is over, an end that nobody recorded leaves it unknown; so does one that ended as it began.
    """
    goes_on = min((span.start for span in spans if span.end is None), default=None)
    if goes_on is not None and not is_open:
        return Spent()
    total, reached = timedelta(), None
    for span in spans:
        start = span.start if reached is None else max(span.start, reached)
        end = min(at for at in (span.end, goes_on) if at is not None)
        if end > start:
            total, reached = total + (end - start), end
    if goes_on is not None:
        return Spent(counts_from=goes_on - total)
    return Spent(hours=None if reached is None else hours(total))


def stayed(spans: Iterable[Span], *, known: bool, started_at: datetime, ended_at: datetime | None) -> Spent:
    """Overlap of stays with the period. `known`: some stay of the participant is on record; without, it is not known.

    Where nobody recorded a leave, the participant was still there when the period ended.
    """
    if not known:
        return Spent()
    left = [Span(one.start, one.end or ended_at) for one in spans]
    time = spent(inside(left, started_at=started_at, ended_at=ended_at), is_open=ended_at is None)
    return Spent(hours=NONE_H) if time == Spent() else time


@dataclass(kw_only=True)
class SupportHours:
    """The columns of a period's vasopressors and oxygen. `*_ran`: a recorded one ran in it.

    `runs_recorded_at`: when the newest of them, or of their stops, was recorded.
    """

    vasopressor_ran: bool = False
    vasopressor_h: Decimal | None = None
    vasopressor_from: datetime | None = None
    oxygen_ran: bool = False
    oxygen_h: Decimal | None = None
    oxygen_from: datetime | None = None
    runs_recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRun:
    """A vasopressor or oxygen on record. `recorded_at`: of its start or its stop, whichever came in last."""

    drug_class: str
    span: Span
    recorded_at: datetime


def run(row: SupportHours, runs: Iterable[RecordedRun], *, started_at: datetime, ended_at: datetime | None) -> None:
    """Write what ran into the period's row. What the sets say is for `deny`."""
    here = [one for one in runs if inside([one.span], started_at=started_at, ended_at=ended_at)]
    for drug_class in CLASSES:
        spans = inside(
            (one.span for one in here if one.drug_class == drug_class), started_at=started_at, ended_at=ended_at
        )
        time = spent(spans, is_open=ended_at is None)
        setattr(row, f"{drug_class}_ran", bool(spans))
        setattr(row, f"{drug_class}_h", time.hours)
        setattr(row, f"{drug_class}_from", time.counts_from)
    row.runs_recorded_at = max((one.recorded_at for one in here), default=None)


class Supported(Protocol):
    """The row with what its sets say of vasopressors and oxygen. None: none of them says."""

    vasopressors_max: int | None
    vasopressin_given: bool | None
    oxygen_level_max: int | None
    vasopressor_ran: bool
    vasopressor_h: Decimal | None
    oxygen_ran: bool
    oxygen_h: Decimal | None


def deny(row: Supported) -> None:
    """Without a run on record it is 0 h where the sets say that there was none, and else not known."""
    if not row.vasopressor_ran:
        none = row.vasopressors_max == 0 and not row.vasopressin_given
        row.vasopressor_h = NONE_H if none else None
    if not row.oxygen_ran:
        row.oxygen_h = NONE_H if row.oxygen_level_max == 0 else None

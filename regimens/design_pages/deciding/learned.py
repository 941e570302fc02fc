"""Prior and posterior together: the three parameters, and each dose period beside its counts alone."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regimens.charts.shifts import HALF_95, LogSpread, ShiftChart, shift_chart
from regimens.design_pages.decision_words import PARAMETERS
from regimens.rules.proportions.intervals import proportion

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedParameter:
    """On the scale of the parameter: the median of a log-normal distribution, and its 95 %."""

    name: str
    unit: str
    before: float
    before_interval: Interval
    after: float
    after_interval: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedPeriod:
    """`alone`: the model-free interval (Jeffreys) of the counts; None: nobody was observed."""

    number: int
    from_d: float
    to_d: float
    n: int
    events: int
    before: float
    after: float
    interval: Interval
    alone: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedRegimen:
    name: str
    rows: tuple[LearnedPeriod, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedPage:
    """`observed`: whether any participant was; without, prior and posterior are the same."""

    parameters: tuple[LearnedParameter, ...]
    chart: ShiftChart
    regimens: tuple[LearnedRegimen, ...]
    observed: bool


def learned_page(answer: Mapping[str, Any]) -> LearnedPage:
    """Of what `escalation_of` answers."""
    after, rows = answer["posterior"], answer["input"]["data"]
    spreads = [
        (name, LogSpread(*one["prior"]), LogSpread(*one["posterior"])) for name, one in after["parameters"].items()
    ]  # fmt: skip
    pairs = zip(answer["prior"]["regimens"], after["regimens"], strict=True)
    return LearnedPage(
        parameters=tuple(_parameter(*one) for one in spreads),
        chart=shift_chart([(PARAMETERS[name][0], before, now) for name, before, now in spreads]),
        regimens=tuple(_regimen(before, now, rows) for before, now in pairs),
        observed=any(row["n"] for row in rows),
    )


def _parameter(name: str, before: LogSpread, after: LogSpread) -> LearnedParameter:
    word, unit = PARAMETERS[name]
    return LearnedParameter(
        name=word, unit=unit, before=math.exp(before.mean), before_interval=_interval(before),
        after=math.exp(after.mean), after_interval=_interval(after),
    )  # fmt: skip


def _interval(spread: LogSpread) -> Interval:
    return math.exp(spread.mean - HALF_95 * spread.sd), math.exp(spread.mean + HALF_95 * spread.sd)


def _regimen(
    before: Mapping[str, Any], after: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> LearnedRegimen:  # fmt: skip
    name = after["name"]
    mine = [row for row in rows if row["regimen"] == name]
    both = enumerate(zip(before["periods"], after["periods"], strict=True), start=1)
    return LearnedRegimen(name=name, rows=tuple(_period(number, old, new, mine) for number, (old, new) in both))


def _period(
    number: int, before: Mapping[str, Any], after: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> LearnedPeriod:  # fmt: skip
    n = sum(int(row["n"]) for row in rows if row["period"] == number)
    events = sum(int(row["events"]) for row in rows if row["period"] == number)
    alone = proportion(events, n)
    return LearnedPeriod(
        number=number, from_d=after["from_d"], to_d=after["to_d"], n=n, events=events, before=before["mean"],
        after=after["mean"], interval=(after["interval"][0], after["interval"][1]),
        alone=None if alone is None else (alone.jeffreys.low, alone.jeffreys.high),
    )  # fmt: skip

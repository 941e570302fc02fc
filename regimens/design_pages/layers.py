"""A stored trial in rows: the mean and its three layers by regimen and dose period, never merged unsaid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from regimens.charts.interval_rows import IntervalChart, LayeredRow, interval_chart

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class LayeredCell:
    """`median`, `people`: of the spread between people; None: over all periods there is none. `count`: of n people.

    `difference`: of the mean from that of the first regimen, in the same people.
    """

    from_d: float | None
    to_d: float | None
    mean: float
    median: float | None
    people: Interval | None
    parameters: Interval | None
    count: tuple[int, int] | None
    difference: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPage:
    """`rows`: dose period (0: all of them) and a cell a regimen. `n` None, `draws` 0: not asked for."""

    names: tuple[str, ...]
    rows: tuple[tuple[int, tuple[LayeredCell | None, ...]], ...]
    chart: IntervalChart
    patients: int
    interval_pct: float
    draws: int
    n: int | None
    verified: Mapping[str, Any]


def trial_page(
    asked_for: Mapping[str, Any], result: Mapping[str, Any], typical: Mapping[tuple[int, str], float] | None = None
) -> TrialPage:
    """From what was asked for and what is stored: nothing is computed but differences of means.

    `typical`: of the typical person, by dose period and regimen, to be drawn beside; None: it is not on the page.
    """
    regimens: Sequence[Mapping[str, Any]] = result["regimens"]
    n = asked_for.get("n")
    most = max(len(one["periods"]) for one in regimens)
    numbers = [*range(1, most + 1), 0]
    rows = tuple((number, tuple(_cell(regimens, at, number) for at in range(len(regimens)))) for number in numbers)
    names = tuple(one["name"] for one in regimens)
    chart = interval_chart(_drawn(names, rows, n, typical or {}))
    return TrialPage(
        names=names, rows=rows, chart=chart, patients=result["patients"],
        interval_pct=float(asked_for.get("interval_pct") or 90), draws=int(asked_for.get("draws") or 0), n=n,
        verified=result["verified"],
    )  # fmt: skip


def _cell(regimens: Sequence[Mapping[str, Any]], at: int, number: int) -> LayeredCell | None:
    one = _part(regimens[at], number)
    if one is None:
        return None
    reference = _part(regimens[0], number)
    people = one.get("patients")
    return LayeredCell(
        from_d=one.get("from_d"), to_d=one.get("to_d"), mean=one["mean"], median=people[1] if people else None,
        people=(people[0], people[-1]) if people else None, parameters=_pair(one["mean_interval"]),
        count=_pair(one["count_interval"]),
        difference=one["mean"] - reference["mean"] if at and reference is not None else None,
    )  # fmt: skip


def _part(regimen: Mapping[str, Any], number: int) -> Mapping[str, Any] | None:
    """The dose period of this number, or all of them for 0. None: the regimen has fewer."""
    if number == 0:
        total: Mapping[str, Any] = regimen["total"]
        return total
    return regimen["periods"][number - 1] if number <= len(regimen["periods"]) else None


def _pair(given: Sequence[Any] | None) -> Any:
    return None if given is None else (given[0], given[-1])


def _drawn(
    names: Sequence[str],
    rows: Sequence[tuple[int, tuple[LayeredCell | None, ...]]],
    n: int | None,
    typical: Mapping[tuple[int, str], float],
) -> list[LayeredRow]:
    """By dose period, and in it by regimen, so that what is compared stands together."""
    return [
        LayeredRow(
            name=name, label=_("dose period %(n)s") % {"n": number} if number else _("over all dose periods"),
            mean=cell.mean, people=cell.people, parameters=cell.parameters,
            chance=(cell.count[0] / n, cell.count[1] / n) if cell.count and n else None,
            typical=typical.get((number, name)),
        )
        for number, cells in rows
        for name, cell in zip(names, cells, strict=True)
        if cell is not None
    ]  # fmt: skip

"""What the rule would say of every outcome of the next participants, as a table for paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from regimens.design_pages.decision_words import DECISION_MARKS, DecisionMark
from regimens.design_pages.escalating import rule_of

AT_ONCE = 64  # outcomes that a page computes
MOST = 1_300  # that the contract answers
MOST_NEXT = 6  # participants


@dataclass(frozen=True, slots=True, kw_only=True)
class PathCell:
    """`number`: of the recommended rung, from 1. None: stop."""

    mark: DecisionMark
    number: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PathRow:
    """`before`: events in each dose period but the last, whose events are the columns."""

    before: tuple[int, ...]
    cells: tuple[PathCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwaysPage:
    """`counts`: how often each decision stands in the table, with its mark."""

    regimen: str
    n: int
    periods: tuple[int, ...]
    columns: tuple[int, ...]
    rows: tuple[PathRow, ...]
    ladder: tuple[str, ...]
    counts: tuple[tuple[DecisionMark, int], ...]
    rule: Mapping[str, Any]
    observed: int
    engine: str

    @property
    def last(self) -> int:
        return len(self.periods) + 1


def pathways_input(escalation: Mapping[str, Any], regimen: str, n: int) -> dict[str, Any]:
    """The next participants are given this regimen, which is the current one then."""
    return {**escalation, "current": regimen, "next": {"regimen": regimen, "n": n}}


def outcomes_of(periods: int, n: int) -> int:
    return int((n + 1) ** periods)


def pathways_page(fields: Mapping[str, Any], answer: Mapping[str, Any]) -> PathwaysPage:
    """From what was asked and what was answered: nothing is computed."""
    paths: Sequence[Mapping[str, Any]] = answer["paths"]
    ladder, n = tuple(fields["ladder"]), int(fields["next"]["n"])
    numbers = {name: place for place, name in enumerate(ladder, start=1)}
    rows = tuple(
        PathRow(before=before, cells=tuple(_cell(one, numbers) for one in group))
        for before, group in groupby(paths, key=lambda one: tuple(one["events"][:-1]))
    )
    decisions = [one["decision"] for one in paths]
    return PathwaysPage(
        regimen=fields["next"]["regimen"], n=n, periods=tuple(range(1, len(paths[0]["events"]))),
        columns=tuple(range(n + 1)), rows=rows, ladder=ladder, rule=rule_of(fields), engine=answer["engine"],
        counts=tuple((mark, decisions.count(name)) for name, mark in DECISION_MARKS.items()),
        observed=sum(int(row["n"]) for row in fields["data"]),
    )  # fmt: skip


def _cell(path: Mapping[str, Any], numbers: Mapping[str, int]) -> PathCell:
    name = path["recommended"]
    return PathCell(mark=DECISION_MARKS[path["decision"]], number=None if name is None else numbers[name])

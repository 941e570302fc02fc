"""Stored operating characteristics in rows: the rule of a design beside BOIN and 3+3, in the same simulated people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from regimens.charts.figures import figure, percent
from regimens.design_pages.escalating import rule_of

DESIGNS: dict[str, Promise | str] = {
    "model": _l("the rule of this design"),
    "boin": "BOIN",
    "three_plus_three": "3+3",
}
ENDS: dict[str, Promise] = {
    "lowest_too_toxic": _l("the lowest rung is too toxic"),
    "none_allowed": _l("no rung is allowed"),
    "mtd_found": _l("a maximum tolerated dose was found"),
    "participants_used": _l("all participants were used"),
}
COUNTS: dict[str, Promise] = {
    "participants": pgettext_lazy("in a simulated trial", "participants"),
    "events": pgettext_lazy("in a simulated trial", "events"),
    "grade3": pgettext_lazy("in a simulated trial", "events of grade 3 or more"),
}
# Of the truth, against the middle of the prior: what is multiplied or set.
SCENARIOS: dict[str, tuple[Promise, dict[str, float]]] = {
    "prior": (_l("the middle of the prior"), {}),
    "smax3": (_l("SMAX three times as high"), {"smax_times": 3.0}),
    "smax8": (_l("SMAX eight times as high"), {"smax_times": 8.0}),
    "smax_third": (_l("SMAX a third"), {"smax_times": 1 / 3}),
    "slow": (_l("slow tolerance: Kin 0.2 a day"), {"kin_per_d": 0.2}),
}
TYPED = "typed"
TYPED_WORD = _l("as typed below")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueRung:
    number: int
    name: str
    p_max: float
    p_any: float
    too_toxic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingCell:
    """`bar`: a share, drawn. None: the cell is no share. `spread`: 10, 50 and 90 % of the trials."""

    text: str
    bar: float | None = None
    spread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingRow:
    label: Promise | str
    cells: tuple[OperatingCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingPart:
    title: Promise
    rows: tuple[OperatingRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingPage:
    """`error_points`: what chance alone may make of a share of a half over so many trials, in points (95 %)."""

    designs: tuple[Promise | str, ...]
    parts: tuple[OperatingPart, ...]
    truth: tuple[TrueRung, ...]
    hazard: Mapping[str, float]
    grade3_share: float
    rule: Mapping[str, Any]
    start: str
    trials: int
    cohort: int
    most: int
    boin_target: float
    error_points: float


def operating_page(fields: Mapping[str, Any], answer: Mapping[str, Any]) -> OperatingPage | None:
    """From what was asked for and what is stored: nothing is computed. None: an engine of before, which said less."""
    designs: Sequence[Mapping[str, Any]] = answer["designs"]
    if any("quantiles" not in one for one in designs):
        return None
    rule, trials = rule_of(fields), int(fields.get("trials") or 200)
    return OperatingPage(
        designs=tuple(DESIGNS[one["design"]] for one in designs), parts=_parts(designs), rule=rule, trials=trials,
        truth=tuple(
            TrueRung(number=number, name=one["name"], p_max=one["p_max"], p_any=one["p_any"],
                     too_toxic=one["p_max"] > rule["grade2_above"])
            for number, one in enumerate(answer["truth"], start=1)
        ),
        hazard=fields["truth"], grade3_share=_given(fields, "truth_grade3_share", 0.08), start=fields["current"],
        cohort=int(_given(fields, "cohort", 3)), most=int(_given(fields, "most_participants", 30)),
        boin_target=_given(fields, "boin_target", 0.25), error_points=100 * 1.96 * (0.25 / trials) ** 0.5,
    )  # fmt: skip


def _given(fields: Mapping[str, Any], name: str, usual: float) -> float:
    """0 is a number that somebody gave."""
    value = fields.get(name)
    return usual if value is None else float(value)


def _parts(designs: Sequence[Mapping[str, Any]]) -> tuple[OperatingPart, ...]:
    def row(label: Promise | str, cell: Callable[[Mapping[str, Any]], OperatingCell]) -> OperatingRow:
        return OperatingRow(label=label, cells=tuple(cell(one) for one in designs))

    names = [rung["name"] for rung in designs[0]["selected"]]
    selected = [row(name, lambda one, at=at: _share(one["selected"][at]["share"])) for at, name in enumerate(names)]  # type: ignore[misc]
    ends = list(ENDS.items())
    return (
        OperatingPart(
            title=_l("Selected at the end, of 100 trials"),
            rows=(*selected, row(_l("none"), lambda one: _share(one["none"]))),
        ),
        OperatingPart(
            title=_l("In a trial: median (its tenth and ninetieth percentile); mean"),
            rows=(
                *(row(label, lambda one, name=name: _count(one, name)) for name, label in COUNTS.items()),  # type: ignore[misc]
                row(_l("over-treated: participants on a rung that is truly too toxic, %"), _over),
            ),
        ),
        OperatingPart(
            title=_l("Why trials ended, of 100 trials"),
            rows=tuple(row(label, lambda one, code=code: _share(_end(one, code))) for code, label in ends),  # type: ignore[misc]
        ),
    )


def _share(share: float) -> OperatingCell:
    return OperatingCell(text=percent(share), bar=100 * share)


def _count(one: Mapping[str, Any], name: str) -> OperatingCell:
    low, median, high = one["quantiles"][name]
    return OperatingCell(text=f"{median:g}", spread=f"({low:g}–{high:g}); {_mean(one[name])}")


def _mean(value: float) -> str:
    return f"{value:.1f}" if value >= 1 else figure(value)


def _over(one: Mapping[str, Any]) -> OperatingCell:
    low, median, high = one["quantiles"]["over_share"]
    mean = one["over_share"]
    return OperatingCell(
        text=percent(median), spread=f"({percent(low)}–{percent(high)}); {percent(mean)}", bar=100 * mean
    )


def _end(one: Mapping[str, Any], code: str) -> float:
    return float(next(end["share"] for end in one["ends"] if end["because"] == code))

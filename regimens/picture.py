"""A regimen as a picture: one column a step, a stair of doses, the days between, the window after. Pure geometry.

Columns are a little wider where more days lie between, and are not to scale: two doses a day apart and a month apart
both have to be read.
"""

import textwrap
from dataclasses import dataclass
from decimal import Decimal

from regimens.library.protocol import dose_text, number
from regimens.rules.plan import Plan, PlannedStep
from regimens.wording import step_text

COLUMN, BAR, EDGE = 112, 56, 8  # SVG units: the width of a column, of its bar, and the margin
FLOOR, LOWEST, HIGHEST = 150, 26, 92  # the foot of the bars, and how high they are
LINES, LETTERS, LINE = 3, 13, 17  # of a label below its bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`kind`: pretreatment, step-up or target. `window`: hours after the dose as text; empty: none asked for."""

    x: int
    bar_x: int
    bar_y: int
    bar_height: int
    kind: str
    day: str
    since: str
    since_x: int
    dose: str
    lines: tuple[tuple[int, str], ...]
    label: str
    window: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    width: int
    height: int
    bar: int
    floor: int
    columns: tuple[Column, ...]


def picture_of(plan: Plan, variant: str | None) -> Picture:
    """`variant`: the region whose days and windows are drawn; None: the regimen's own days, and no window.

    Raises KeyError for a variant that the plan has not.
    """
    doses = sorted({step.dose for step in plan.steps if step.dose is not None and step.opens_period})
    columns = tuple(_column(plan, step, place, variant, doses) for place, step in enumerate(plan.steps))
    return Picture(
        width=2 * EDGE + COLUMN * len(columns), height=FLOOR + 40 + LINE * (LINES + 2), bar=BAR, floor=FLOOR,
        columns=columns,
    )  # fmt: skip


def _column(plan: Plan, step: PlannedStep, place: int, variant: str | None, doses: list[Decimal]) -> Column:
    middle = EDGE + COLUMN * place + COLUMN // 2
    height = _height(step, doses)
    name = step_text(step.label)
    lines = textwrap.wrap(name, LETTERS)
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], textwrap.shorten(lines[LINES - 1], LETTERS - 2, placeholder="") + "…"]
    window, place_of = _window(plan, step, variant)
    return Column(
        x=middle, bar_x=middle - BAR // 2, bar_y=FLOOR - height, bar_height=height, kind=_kind(step),
        day=_day(plan, step, variant), since=_since(plan, step, variant), since_x=middle - COLUMN // 2,
        dose=dose_text(step.dose, step.unit),
        lines=tuple((FLOOR + 20 + LINE * (index + 1), line) for index, line in enumerate(lines)),
        label=name, window=window, place=place_of,
    )  # fmt: skip


def _height(step: PlannedStep, doses: list[Decimal]) -> int:
    """By the rank of the dose, not by its size: 0.06 and 1.5 mg/kg are both to be seen."""
    if step.dose is None or step.dose not in doses or len(doses) == 1:
        return LOWEST
    return LOWEST + (HIGHEST - LOWEST) * doses.index(step.dose) // (len(doses) - 1)


def _kind(step: PlannedStep) -> str:
    if not step.opens_period:
        return "pretreatment"
    return "target" if step.is_target else "step-up"


def _day(plan: Plan, step: PlannedStep, variant: str | None) -> str:
    if variant:
        plan.variant(variant)
    day = plan.day_of(step, variant)
    return "" if day is None else str(day)


def _since(plan: Plan, step: PlannedStep, variant: str | None) -> str:
    """Days since the dose before, as planned in this region: +3 beside a printed day, ↻ 7 of a step that repeats."""
    if step.cycles:
        return f"↻ {_gaps(plan, step)}"
    planned = plan.planned_d(step, variant)
    if planned is None:
        return ""
    return f"+{planned}" if plan.day_of(step, variant) is not None else f"↻ {planned}"


def _gaps(plan: Plan, step: PlannedStep) -> str:
    """The days between doses of a step that cycles print: 7–28, and ? where one is not known."""
    gaps = plan.gaps(step)
    known = sorted({days for days in gaps if days is not None})
    spans = [f"{known[0]}–{known[-1]}" if len(known) > 1 else str(known[0])] if known else []
    return ", ".join([*spans, *(["?"] if None in gaps else [])])


def _window(plan: Plan, step: PlannedStep, variant: str | None) -> tuple[str, str]:
    for one in plan.variant(variant).observations if variant else ():
        if step.label in one.steps:
            return "?" if one.hours is None else number(one.hours), one.setting.value if one.setting else ""
    return "", ""

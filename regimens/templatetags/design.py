"""What templates may ask about designs of the workbench."""

import re

from django import template
from django.utils.functional import Promise

from regimens.charts import figures
from regimens.design_pages import working_words
from regimens.design_pages.deciding.rule_words import EVIDENCE_BOXES, RULE_BOXES
from regimens.design_pages.words import RUN_NAMES
from regimens.forms.design.pasted import COLUMNS
from regimens.forms.design.typed import TypedBox, TypedForm
from regimens.wording import RUN_STATES

register = template.Library()
ASSAY_BOX = re.compile(r"assay-\d+-(\w+)")


@register.filter
def figure(value: float | None) -> str:
    """A number with two significant digits."""
    return figures.figure(value)


@register.filter
def figure4(value: float | None) -> str:
    """A number of the working, with four: each line can be reckoned again from those above."""
    return figures.figure(value, 4)


@register.filter
def percent(value: float | None) -> str:
    """A probability in per cent, without the sign."""
    return figures.percent(value)


@register.filter
def chance(value: float | None) -> str:
    """What is believed, in per cent: never certain."""
    return figures.chance(value)


@register.filter
def points(value: float | None) -> str:
    """A difference of probabilities, in percentage points."""
    return figures.points(value)


@register.filter
def plain(value: float | None) -> str:
    """A number as it was typed: a day, a dose, the mark of an axis."""
    return "" if value is None else figures.plain(float(value))


@register.filter
def run_state_word(state: str) -> Promise | str:
    """How a run stands."""
    return RUN_STATES.get(state, state)


@register.filter
def run_name(kind: str) -> Promise | str:
    """What a run computes."""
    return RUN_NAMES.get(kind, kind)


@register.filter
def column_of(name: str) -> str:
    """The column of an assay's box."""
    match = ASSAY_BOX.fullmatch(name)
    return match[1] if match else ""


@register.filter
def column_word(name: str) -> Promise | str:
    """What that column is called."""
    return COLUMNS.get(column_of(name), name)


@register.filter
def working_value(value: object) -> str:
    """A value of the working: a number with four digits, a text as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    short = figures.plain(float(value))
    return short if len(short.replace(".", "").strip("0")) <= figures.DIGITS else figures.figure(float(value), 4)


@register.filter
def mark_percent(value: float) -> str:
    """The mark of an axis of probabilities."""
    return figures.plain(round(100 * value, 6))


@register.filter
def share_span(interval: tuple[float, float]) -> str:
    """An interval of probabilities in per cent."""
    return figures.span(*interval)


@register.filter
def figure_span(interval: tuple[float, float]) -> str:
    """An interval of plain numbers, each with two significant digits."""
    return f"{figures.figure(interval[0])}–{figures.figure(interval[1])}"


@register.filter
def item(values: tuple[str, ...], place: int) -> str:
    return values[place]


@register.simple_tag
def rule_boxes(form: TypedForm, prefix: str) -> list[tuple[TypedBox, Promise, Promise]]:
    """The boxes of a rule, each with its name and what it does. `prefix`: rule or evidence."""
    words = {"rule": RULE_BOXES, "evidence": EVIDENCE_BOXES}[prefix]
    return [(form.box[f"{prefix}-{name}"], label, hint) for name, (label, hint) in words.items()]


@register.filter
def working_name(name: str) -> str:
    """What a line of the working is called, in the reader's language."""
    return working_words.name_text(name)


@register.filter
def working_text(text: str) -> str:
    """A formula, or the name of an input of one."""
    return working_words.part_text(text)


@register.filter
def unit_text(unit: str) -> str:
    """A unit as people write it."""
    return unit.replace("ug", "µg")

"""The gate's answer in the reader's language: a word and a shape for each state, never a colour alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from grading.dosing.gate_pages import page_of
from grading.dosing.selectors.gate import Gate
from grading.words.wording import listed, named
from regimens.rules.gate.answer import Answer, Criterion, Decision, Standing
from regimens.rules.gate.texts import TEXTS
from regimens.rules.gate.to_do import TO_DO, ToDo
from regimens.rules.releases import Deviation
from regimens.rules.wall_time import not_before
from regimens.wording import step_text

DECISIONS = {
    Decision.GO: ("●", _l("GO")),
    Decision.HOLD: ("‖", _l("HOLD")),
    Decision.RESTART: ("↺", _l("RESTART")),
    Decision.STOP: ("✕", _l("STOP")),
}
STANDINGS = {
    Standing.MET: ("✓", pgettext_lazy("criterion", "met")),
    Standing.NOT_MET: ("✕", pgettext_lazy("criterion", "not met")),
    Standing.UNKNOWN: ("?", pgettext_lazy("criterion", "not known")),
    Standing.NOT_APPLICABLE: ("–", pgettext_lazy("criterion", "not asked")),
}
CODES = {
    "next_step": _l("Next step"),
    "minimum_interval": _l("Minimum interval"),
    "restart_table": _l("Restart table"),
    "restart_table_unknown": _l("Restart table"),
    "restart_row_unknown": _l("Restart table"),
    "window_complete": _l("Observation window"),
    "crs_resolved": _l("CRS resolved"),
    "crs_grade_rule": _l("CRS grade"),
    "icans_resolved": _l("ICANS resolved"),
    "icans_grade_rule": _l("ICANS grade"),
    "ice_at_baseline": _l("Neuro baseline"),
    "active_infection": _l("Infection"),
    "tocilizumab_on_site": _l("Tocilizumab on site"),
    "tocilizumab_washout": _l("Tocilizumab wash-out"),
    "steroid_washout": _l("Steroid wash-out"),
    "indeterminate_sets": _l("Sets with data missing"),
    "longest_grade3_plus_h": _l("Length of grade 3 or more"),
    "observation_after_dose": _l("Observation after the dose"),
    "sentinel_window": _l("Sentinel participant"),
    "staggering": _l("Staggering"),
    "highest_cleared_step": _l("Highest cleared step"),
    "no_rules_on_file": _l("Gate rules"),
    "step_not_in_plan": _l("Gate rules"),
}
DEVIATIONS = {
    Deviation.NOT_RELEASED: _l("given without a release"),
    Deviation.OTHER_STEP: _l("another step was released"),
    Deviation.OTHER_TIME: _l("released for another time"),
    Deviation.EVENT_SINCE: _l("CRS or ICANS since it was released"),
    Deviation.OTHER_COHORT: _l("released for another cohort"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionLine:
    """One criterion, finished. `clock`: from when it is met by the clock, empty where no clock decides it.

    `to_do`: what lifts it; empty where it holds nothing. `page`: where that is done; empty: on no page.
    """

    name: str
    state: str
    shape: str
    word: str
    text: str
    source: str
    clock: datetime | None
    to_do: str
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSummary:
    """The answer, finished. `rest`: what was not asked, beneath. `to_do`: the one thing, done on `page`; empty:
    nothing holds.
    """

    tone: str
    shape: str
    word: str
    about: str
    earliest: datetime | None
    to_do: str
    page: str
    lines: Sequence[CriterionLine]
    rest: Sequence[CriterionLine]


def summary(gate: Gate, *, may_record: bool) -> GateSummary:
    answer = gate.answer
    shape, word = DECISIONS[answer.decision]
    lines = [_line(one, gate, may_record=may_record) for one in answer.criteria]
    applicable = [line for line in lines if line.state != Standing.NOT_APPLICABLE]
    return GateSummary(
        tone=answer.decision.value,
        shape=shape,
        word=str(word),
        about=_about(gate),
        earliest=instant_of(gate, answer.earliest_h),
        to_do=to_do_text(answer.to_do),
        page=page_of(answer.to_do, gate, may_record=may_record),
        # what stands in the way comes first
        lines=sorted(applicable, key=lambda line: line.state == Standing.MET),
        rest=[line for line in lines if line.state == Standing.NOT_APPLICABLE],
    )


def _about(gate: Gate) -> str:
    step = gate.answer.step
    if step is None:
        return _("No dose is proposed.")
    texts = {
        Decision.GO: _("Give %(step)s."),
        Decision.HOLD: _("Do not give it now. Next once the hold is lifted: %(step)s."),
        Decision.RESTART: _("Restart at %(step)s."),
    }
    return texts[gate.answer.decision] % {"step": step_text(step)}


def _line(one: Criterion, gate: Gate, *, may_record: bool) -> CriterionLine:
    shape, word = STANDINGS[one.state]
    return CriterionLine(
        name=str(CODES[one.code]), state=one.state.value, shape=shape, word=str(word), text=text(one),
        source=one.source, clock=instant_of(gate, one.from_h), to_do=to_do_text(one.to_do),
        page=page_of(one.to_do, gate, may_record=may_record),
    )  # fmt: skip


def rule_lines(answer: Answer) -> list[str]:
    """Each criterion with its evidence, what stands in the way first; the met ones by name alone."""
    applied = [one for one in answer.criteria if one.state is not Standing.NOT_APPLICABLE]
    lines = [_rule_line(one) for one in applied if one.state is not Standing.MET]
    met = listed(str(CODES[one.code]) for one in applied if one.state is Standing.MET)
    return [*lines, named(f"{STANDINGS[Standing.MET][0]} {STANDINGS[Standing.MET][1]}", met)] if met else lines


def _rule_line(one: Criterion) -> str:
    shape, word = STANDINGS[one.state]
    evidence = named(f"{shape} {CODES[one.code]}, {word}", text(one))
    return f"{evidence} {to_do_text(one.to_do)}".strip()


def text(one: Criterion) -> str:
    """The sentence; what a label says itself stays as it was written."""
    return _(TEXTS[one.sentence]).format(**_in_words(one.values))


def to_do_text(one: ToDo | None) -> str:
    """What is to be done, in the reader's language; empty: nothing."""
    return "" if one is None else _(TO_DO[one.code]).format(**_in_words(one.values))


def _in_words(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same, with steps as the reader's language calls them."""
    return {name: step_text(value) if name in ("step", "cleared") else value for name, value in values.items()}


def instant_of(gate: Gate, hours: object) -> datetime | None:
    """An hour of the gate, on the site's wall clock, as an instant."""
    if hours is None or gate.case is None:
        return None
    wall = gate.case.zero_local + timedelta(hours=float(str(hours)))
    return not_before(wall, ZoneInfo(gate.participant.site.time_zone))

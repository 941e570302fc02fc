"""The hypotension axis of CRS: 0, 2 (no vasopressor), 3 (one) or 4 (several), C3 and C4."""

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from grading.rules.drugs.agents import Agents, agents_of
from grading.rules.grades.crs_inputs import CrsInputs, Position
from grading.rules.grades.graded import ABSENT, REMEMBERED, Element, Reason, reason

SBP_LOW_BELOW = Decimal(90)  # adults, only where hypotension was left open (C3b)
# A published bolus trigger: below 80 % of the person's own baseline and below 100, or below 85, baseline or not.
BASELINE_SHARE, SBP_WITH_BASELINE_BELOW, SBP_ALWAYS_ASKED_BELOW = Decimal("0.8"), Decimal(100), Decimal(85)
# The usual published limit of mean pressure in adults: Surviving Sepsis Campaign 2021 (Evans L et al.,
# Crit Care Med 2021;49:e1063-e1143), initial target 65 mmHg. As a question about CRS it is a convention.
MEAN_LOW_BELOW = Decimal(65)

ATTRIBUTED = Element(frozenset({0}), notes=(reason("hypotension_attributed"),))
CONTRADICTORY = "contradictory_vasopressors"
FLUID_RUNNING = Element(frozenset({2}), (reason("fluid_running"),))
FLUID_NEEDED = Element(frozenset({2}), (reason("fluid_bolus"),))
HYPOTENSION_TICKED = Element(frozenset({2}), (reason("hypotension_no_vasopressor"),))
UNRECORDABLE = Element(frozenset({2}), (reason("pressure_unrecordable"),))
PRESSURE_UNKNOWN = Element(frozenset({0, 2}), (reason("pressure_unknown"),), ("sbp", "hypotension"))
NOT_TICKED = Element(frozenset({0}), flags=("low_pressure_not_ticked",))


def pressure_axis(seen: CrsInputs) -> Element:
    """The grades hypotension can stand for."""
    if seen.hypotension_attributed_to_other_cause:
        return ATTRIBUTED
    if seen.running_vasopressors or seen.vasopressors_at_baseline:
        return _beside_what_runs(seen)
    names = seen.vasopressors
    if names and (axis := _on(tuple(names), seen.vasopressors_at_baseline is None)) is not None:
        return axis
    base = _without_vasopressors(seen)
    return _vasopressors_unknown(base) if names is None or names else base


def _beside_what_runs(seen: CrsInputs) -> Element:
    """The set beside the record of treatments, or beside what was taken before the first dose."""
    at_home = agents_of(seen.vasopressors_at_baseline or ())
    running = agents_of(seen.running_vasopressors or ()).besides(at_home)
    agents = None if seen.vasopressors is None else agents_of(seen.vasopressors)
    if agents is None or agents.says_nothing:
        base = _without_vasopressors(seen)
        return _unsaid(base, running) if running.holding else _vasopressors_unknown(base)
    axis = _by_the_set(seen, agents, at_home)
    return axis if running.holding <= agents.holding else _denied(axis, agents.besides(at_home), running)


@lru_cache(maxsize=1024)
def _on(names: tuple[str, ...], baseline_unknown: bool) -> Element | None:
    """What these agents stand for. None: they do not say that no vasopressor runs."""
    agents = agents_of(names)
    if agents.says_nothing:
        return None
    axis = _with_vasopressors(agents)
    return _asking_for_baseline(axis) if baseline_unknown and agents.may_be_at_home else axis


def _by_the_set(seen: CrsInputs, agents: Agents, at_home: Agents) -> Element:
    """What was taken before the first dose already does not count; anything besides it does."""
    counted = agents.besides(at_home)
    axis = _with_vasopressors(counted) if counted.holding else _without_vasopressors(seen)
    if counted.may_be_at_home and seen.vasopressors_at_baseline is None:
        axis = _asking_for_baseline(axis)
    return axis if counted.holding == agents.holding else _beside_baseline(axis, agents.holding - counted.holding)


@lru_cache(maxsize=REMEMBERED)
def _asking_for_baseline(axis: Element) -> Element:
    return replace(axis, flags=(*axis.flags, "vasopressor_at_home"))


@lru_cache(maxsize=REMEMBERED)
def _beside_baseline(axis: Element, at_home: frozenset[str]) -> Element:
    why = reason("vasopressors_as_at_baseline", agents=", ".join(sorted(at_home)))
    return replace(axis, notes=(*axis.notes, why))


def grades_on(vasopressors: Collection[str]) -> frozenset[int]:
    """What these agents alone stand for; {0} where none of them holds a pressure."""
    agents = agents_of(vasopressors)
    return _with_vasopressors(agents).grades if agents.holding else ABSENT.grades


@lru_cache(maxsize=1024)
def _with_vasopressors(agents: Agents) -> Element:
    """By the number of distinct agents; needing one is hypotension, whatever the number or the box says."""
    grades, why = _by_count(agents, names=", ".join(sorted(agents.holding)))
    flags = []
    if agents.inotropes and why.code.startswith("inotrope"):
        flags.append("inotrope_to_be_judged")
    if agents.unknown:
        flags.append("unknown_agent")
    return Element(frozenset(grades), (why,), flags=tuple(flags))


def _by_count(agents: Agents, *, names: str) -> tuple[set[int], Reason]:
    if agents.counted >= 2:
        return {4}, reason("multiple_vasopressors", agents=names)
    if len(agents.unknown) >= 2:  # two names of one drug, or two drugs
        return {3, 4}, reason("agents_unknown", agents=names)
    if agents.counted and agents.inotropes:
        return {3, 4}, reason("inotrope_with_vasopressor", agents=names)
    if agents.counted:
        code = "one_vasopressor_with_vasopressin" if agents.vasopressin else "one_vasopressor"
        return {3}, reason(code, agents=names)
    if agents.vasopressin:  # an inotrope beside it is at most the one vasopressor that goes with vasopressin
        return {3}, reason("vasopressin_alone")
    return {2, 3}, reason("inotrope_alone", agents=names)


# --- What the record of treatments has running (Rulings 2) --------------------------------------------------------


@lru_cache(maxsize=REMEMBERED)
def _unsaid(base: Element, running: Agents) -> Element:
    """The set says nothing of vasopressors: the record is its lower bound, and more may run besides."""
    own = _with_vasopressors(running)
    least = min(own.grades)
    grades = own.grades | {grade for grade in base.grades | {3, 4} if grade >= least}
    if len(grades) == 1:  # two run: no answer would raise it
        return Element(grades, (_why_running(running),), flags=own.flags)
    reasons = (_why_running(running), reason("vasopressors_unknown"), *base.reasons)
    return Element(grades, reasons, (*base.missing, "vasopressors"), (*base.flags, *own.flags), base.notes)


@lru_cache(maxsize=REMEMBERED)
def _denied(axis: Element, denied: Agents, running: Agents) -> Element:
    """The set names fewer than the record has running: bounds up to all of them, and with one that runs for certain
    at least 3 (CF2), because a stop that nobody recorded must not lower a grade.
    """
    own, both = _with_vasopressors(running), _with_vasopressors(denied.with_(running))
    least = max(min(axis.grades), min(3, *own.grades))
    grades = frozenset(grade for grade in (2, 3, 4) if least <= grade <= max(*both.grades, *axis.grades))
    flags = (*axis.flags, *(flag for flag in both.flags if flag not in axis.flags), CONTRADICTORY)
    if len(grades) == 1:  # what the set leaves open below it no longer matters
        return Element(grades, (_why_running(running),), flags=flags, notes=axis.notes)
    return Element(grades, (_why_running(running), *axis.reasons), (*axis.missing, "vasopressors"), flags, axis.notes)


def _why_running(running: Agents) -> Reason:
    return reason("vasopressors_running", agents=", ".join(sorted(running.holding)))


@lru_cache(maxsize=REMEMBERED)
def _fluid_denied(judged: Element) -> Element:
    reasons = (reason("fluid_running"), *judged.reasons)
    return Element(judged.grades | {2}, reasons, (*judged.missing, "fluid_bolus"), (*judged.flags, CONTRADICTORY))


# --- Without a vasopressor ----------------------------------------------------------------------------------------


def _without_vasopressors(seen: CrsInputs) -> Element:
    if seen.fluid_bolus:
        return FLUID_NEEDED
    if seen.running_fluid_bolus and seen.fluid_bolus is None:
        return FLUID_RUNNING
    if seen.hypotension:
        return HYPOTENSION_TICKED
    if seen.pressure_unrecordable:
        return UNRECORDABLE
    judged = _by_pressure(seen)
    if seen.running_fluid_bolus and 0 in judged.grades:
        return _fluid_denied(judged)
    if seen.fluid_bolus is None and 0 in judged.grades:
        return _fluid_unknown(judged)
    return judged


@lru_cache(maxsize=REMEMBERED)
def _vasopressors_unknown(base: Element) -> Element:
    return Element(
        base.grades | {3, 4},
        (reason("vasopressors_unknown"), *base.reasons),
        (*base.missing, "vasopressors"),
        base.flags,
    )


@lru_cache(maxsize=REMEMBERED)
def _fluid_unknown(judged: Element) -> Element:
    return Element(
        judged.grades | {2},
        (*judged.reasons, reason("fluid_bolus_unknown")),
        (*judged.missing, "fluid_bolus"),
        judged.flags,
    )


def _by_pressure(seen: CrsInputs) -> Element:
    """Box denied: none. Box empty: by systolic pressure. What is low for this person asks in both."""
    sbp = seen.sbp
    if sbp is None:
        return _by_mean_pressure(seen)
    low = seen.hypotension is None and seen.sbp_prompt_below is None and sbp < SBP_LOW_BELOW
    standing = seen.position is Position.STANDING
    if low and not standing:
        return _low(str(sbp))
    if low or _is_relatively_low(sbp, seen):
        return _low_standing(str(sbp)) if standing else _relatively_low(str(sbp))
    if sbp < SBP_LOW_BELOW and seen.sbp_prompt_below is None:
        return NOT_TICKED
    return ABSENT


def _by_mean_pressure(seen: CrsInputs) -> Element:
    """Read only where the systolic was not taken: with it, C3b goes by that."""
    mean, denied = seen.mean_pressure, seen.hypotension is not None
    if mean is not None and mean < MEAN_LOW_BELOW and seen.sbp_prompt_below is None:  # 65 is an adult's number
        return _low_mean(str(mean), denied=denied)
    return ABSENT if denied else PRESSURE_UNKNOWN


@lru_cache(maxsize=REMEMBERED)
def _low(sbp: str) -> Element:
    return Element(frozenset({2}), (reason("low_sbp", sbp=sbp),))


@lru_cache(maxsize=REMEMBERED)
def _low_standing(sbp: str) -> Element:
    """Standing alone lowers a pressure: a lying one is asked for before it is hypotension."""
    return Element(frozenset({0, 2}), (reason("low_sbp_standing", sbp=sbp),), flags=("standing_pressure_low",))


@lru_cache(maxsize=REMEMBERED)
def _relatively_low(sbp: str) -> Element:
    why = reason("relative_hypotension", sbp=sbp)
    return Element(frozenset({0, 2}), (why,), flags=("hypotension_to_be_confirmed",))


@lru_cache(maxsize=REMEMBERED)
def _low_mean(mean: str, *, denied: bool) -> Element:
    why, missing = reason("low_mean_pressure", mean_pressure=mean), ("sbp",) if denied else ("sbp", "hypotension")
    return Element(frozenset({0, 2}), (why,), missing, ("hypotension_to_be_confirmed",))


def _is_relatively_low(sbp: Decimal, seen: CrsInputs) -> bool:
    if seen.sbp_prompt_below is None and sbp < SBP_ALWAYS_ASKED_BELOW:  # 85 is an adult's number
        return True
    if seen.sbp_prompt_below is not None and sbp < seen.sbp_prompt_below:
        return True
    if seen.baseline_sbp is None:
        return False
    return sbp < BASELINE_SHARE * seen.baseline_sbp and sbp < SBP_WITH_BASELINE_BELOW

"""ASTCT 2019 grade of cytokine release syndrome from one bedside look.

A fever that belongs to CRS, now or earlier in the episode, opens the way; then the worse of hypotension and
hypoxia is the grade (C1, C2, C7).
"""

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.entry.limits import TEMPERATURE_IMPLAUSIBLE_BELOW_C
from grading.rules.grades.graded import (
    DEATH,
    REMEMBERED,
    Graded,
    Reason,
    bounds,
    graded_from,
    reason,
    worse_of,
)
from grading.rules.grades.oxygen.device import oxygen_axis
from grading.rules.grades.pressure import pressure_axis

FEVER_FROM_C = Decimal("38.0")
# 100.4 °F converted in single precision comes within 0.00001 °C of 38: ten times that, and 1/50 of the 0.005
# that the rule allows (C1a).
FLOAT_NOISE_C = Decimal("0.0001")
FEVER_TOLD_FROM_C = FEVER_FROM_C - FLOAT_NOISE_C


def has_fever(temperature_c: Decimal | None) -> bool | None:
    """Whether this is a fever, whatever its cause. None: not measured, or not a living person's (C10)."""
    if temperature_c is None or temperature_c < TEMPERATURE_IMPLAUSIBLE_BELOW_C:
        return None
    return temperature_c >= FEVER_TOLD_FROM_C


def grade_crs(seen: CrsInputs) -> Graded:
    """Grade one look; -1 with bounds where what was not looked at, or may be masked, leaves it open."""
    if seen.died_of_crs:
        return graded_from(frozenset({DEATH}), reasons=(reason("died_of_crs"),))
    temperature, pressure, oxygen = seen.temperature_c, pressure_axis(seen), oxygen_axis(seen)
    # The numbers are told in reasons alone: all else is remembered by what they amount to.
    grade, least, most, axes_told, oxygen_first, of_temperature, of_fever, missing, missing_last, flags = _form(
        pressure.grades,
        oxygen.grades,
        temperature is None,
        has_fever(temperature),
        seen.fever_attributed_to_other_cause,
        seen.prior_crs_fever_this_episode,
        seen.antipyretic_or_anticytokine_since_onset,
    )
    worse, other = (oxygen, pressure) if oxygen_first else (pressure, oxygen)
    axes = worse.reasons + other.reasons if axes_told == 2 else worse.reasons if axes_told else ()
    if of_temperature is not None:
        axes += _of_temperature(of_temperature, str(temperature))
    reasons = axes + of_fever + pressure.notes + oxygen.notes
    missing += pressure.missing + oxygen.missing + missing_last
    return tuple.__new__(Graded, (grade, least, most, reasons, missing, flags + pressure.flags + oxygen.flags))


@lru_cache(maxsize=REMEMBERED)
def _of_temperature(code: str, typed: str) -> tuple[Reason]:
    return (reason(code, temperature_c=typed),)


class Fever(NamedTuple):
    """All that is known of fever: now (None: cannot be told), whose it is, earlier in the episode, masked."""

    unmeasured: bool
    now: bool | None
    attributed: bool
    earlier: bool | None
    treated: bool | None

    @property
    def of_crs(self) -> bool | None:
        """None stays None: attributing a fever that nobody measured does not replace measuring."""
        return None if self.now is None else self.now and not self.attributed

    @property
    def may_be_masked(self) -> bool:
        """A drug acts that can hide a fever, and no fever is seen. An attributed fever is seen, not hidden."""
        return not self.now and self.treated is not False


class Form(NamedTuple):
    """A grade without the numbers that were seen.

    `axes_told`: how many of pressure and oxygen can reach it; `of_temperature`: the code of the reason that tells it.
    """

    grade: int
    at_least: int
    at_most: int
    axes_told: int
    oxygen_first: bool
    of_temperature: str | None
    of_fever: tuple[Reason, ...]
    missing: tuple[str, ...]
    missing_last: tuple[str, ...]
    flags: tuple[str, ...]


@lru_cache(maxsize=16_384)  # about as many as there are
def _form(
    pressure: frozenset[int],
    oxygen: frozenset[int],
    unmeasured: bool,
    now: bool | None,
    attributed: bool,
    earlier: bool | None,
    treated: bool | None,
) -> Form:
    fever, axis = Fever(unmeasured, now, attributed, earlier, treated), worse_of(pressure, oxygen)
    grade, least, most = bounds(_attainable(axis, fever))
    of_temperature, of_fever = _fever_reasons(fever, axis)
    return Form(
        grade,
        least,
        most,
        axes_told=sum(max(one) >= max(least, 1) for one in (pressure, oxygen)),
        oxygen_first=max(oxygen) > max(pressure),
        of_temperature=of_temperature,
        of_fever=of_fever,
        missing=("temperature_c",) if now is None else (),
        missing_last=("prior_crs_fever_this_episode",) if earlier is None and not fever.of_crs else (),
        flags=_fever_flags(fever, axis),
    )


def _either(answer: bool | None) -> tuple[bool, ...]:
    return (False, True) if answer is None else (answer,)


def _attainable(axis: frozenset[int], fever: Fever) -> frozenset[int]:
    grades: set[int] = set()
    for now in _either(fever.of_crs):
        for earlier in _either(fever.earlier):
            if now:
                grades |= {max(1, grade) for grade in axis}
            elif earlier:  # C2, C2a, C2b
                grades |= axis
            elif fever.may_be_masked:  # C2c
                grades |= {0} | axis
            else:  # C2d, C8
                grades.add(0)
    return frozenset(grades)


def _fever_reasons(fever: Fever, axis: frozenset[int]) -> tuple[str | None, tuple[Reason, ...]]:
    """The code of the reason that tells the temperature, and the others, which follow it."""
    of_temperature: str | None = None
    reasons: list[Reason] = []
    if fever.now:
        if not fever.attributed:
            return "fever", ()
        of_temperature = "fever_attributed"
    elif fever.unmeasured:
        reasons.append(reason("temperature_unknown"))
    elif fever.now is None:
        of_temperature = "temperature_implausible"
    if fever.earlier is None:
        reasons.append(reason("fever_history_unknown"))
    elif fever.earlier and max(axis) == 0:
        if fever.now is False:
            reasons.append(reason("nothing_abnormal_now"))
    elif fever.earlier:
        reasons.append(reason("fever_not_required_after_treatment" if fever.treated else "fever_earlier_in_episode"))
    elif fever.may_be_masked and max(axis) > 0:
        reasons.append(reason("fever_may_be_masked"))
    elif fever.now is False:
        reasons.append(reason("no_fever"))
    return of_temperature, tuple(reasons)


def _fever_flags(fever: Fever, axis: frozenset[int]) -> tuple[str, ...]:
    """C2c, C2d and C10 speak only of an axis that is abnormal for certain, whatever the temperature was."""
    flags = ["implausible_temperature"] if fever.now is None and not fever.unmeasured else []
    if min(axis) > 0 and not fever.earlier and not fever.of_crs:
        if fever.may_be_masked:
            flags.append("possible_masked_fever")
        elif fever.now is None:
            flags.append("temperature_missing_with_hypotension_or_hypoxia")
        else:
            flags.append("unexplained_hypotension_or_hypoxia")
    return tuple(flags)

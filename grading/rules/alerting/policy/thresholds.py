"""When somebody is told: what a policy asks. Pure. What becomes of an alert is in lifecycle.py.

Conditions are enumerated types with numbers, never expressions: a policy is data that a study chooses.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from grading.rules.treatment.policy_numbers import BadPolicy


class ThresholdCode(StrEnum):
    """What a rise of a grade asks for. The last four are told in every study, whatever its policy says."""

    NEW_GRADE = "new_grade"
    TOCILIZUMAB = "tocilizumab"
    CORTICOSTEROID = "corticosteroid"
    STEP_UP_CARE = "step_up_care"
    POSSIBLE_MASKED_FEVER = "possible_masked_fever"
    UNEXPLAINED = "unexplained_hypotension_or_hypoxia"
    TEMPERATURE_MISSING = "temperature_missing_with_hypotension_or_hypoxia"
    BEFORE_DOSING = "fever_before_first_dose"


class ConditionCode(StrEnum):
    """What is asked for otherwise than by the rise of a grade; its numbers are read in conditions.py.

    The last is told in every study, whatever its policy says, and without one (danger_conditions.py).
    """

    FEVER_PERSISTING = "fever_persisting"
    NO_IMPROVEMENT_AFTER_STEROID = "no_improvement_after_steroid"
    STEROID_AFTER_ANTI_IL6 = "steroid_after_anti_il6"
    MANAGE_AS_NEXT_GRADE = "manage_as_next_grade"
    SEIZURE_OR_POSTURING = "seizure_or_posturing"
    ICE_DROP = "ice_drop"
    OBSERVATION_OVERDUE = "observation_overdue"
    WINDOW_ENDING = "window_ending"
    TOCILIZUMAB_ELIGIBLE = "tocilizumab_eligible"
    TOCILIZUMAB_MAXIMUM = "tocilizumab_maximum"
    DANGER_VALUE = "danger_value"


ALWAYS = (
    ThresholdCode.POSSIBLE_MASKED_FEVER,
    ThresholdCode.UNEXPLAINED,
    ThresholdCode.TEMPERATURE_MISSING,
    ThresholdCode.BEFORE_DOSING,
)
IN_POLICIES = tuple(code for code in ThresholdCode if code not in ALWAYS)
CONDITIONS_IN_POLICIES = tuple(code for code in ConditionCode if code is not ConditionCode.DANGER_VALUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """Ask `code` when a grade of `kind` ("crs" or "icans") rises to `from_grade` (1-4) or above."""

    code: ThresholdCode
    kind: str
    from_grade: int
    source: str


def read_thresholds(data: object) -> tuple[Threshold, ...]:
    """The thresholds by grade of a policy as stored or as read from a file. Raises BadPolicy with the place.

    The list holds the policy's conditions as well: those are `read_conditions`' to read.
    """
    if not isinstance(data, Sequence) or isinstance(data, str) or not data:
        raise BadPolicy("thresholds", "policy_thresholds_needed")
    return tuple(
        _read_threshold(one, f"thresholds[{place}]") for place, one in enumerate(data) if not is_condition(one)
    )


def is_condition(data: object) -> bool:
    """Whether an entry of the list names a condition rather than a grade."""
    code = data.get("code") if isinstance(data, Mapping) else None
    return isinstance(code, str) and code in CONDITIONS_IN_POLICIES


def _read_threshold(data: object, where: str) -> Threshold:
    if not isinstance(data, Mapping):
        raise BadPolicy(where, "policy_object_of_threshold")
    if unknown := set(data) - {"code", "kind", "from_grade", "source"}:
        raise BadPolicy(f"{where}.{min(map(str, unknown))}", "policy_unknown_field")
    code, kind, from_grade, source = (data.get(name) for name in ("code", "kind", "from_grade", "source"))
    if not isinstance(code, str) or code not in IN_POLICIES:
        raise BadPolicy(f"{where}.code", "policy_one_of", choices=", ".join((*IN_POLICIES, *CONDITIONS_IN_POLICIES)))
    if kind not in ("crs", "icans"):
        raise BadPolicy(f"{where}.kind", "policy_crs_or_icans")
    if type(from_grade) is not int or not 1 <= from_grade <= 4:
        raise BadPolicy(f"{where}.from_grade", "policy_whole_number", low=1, high=4)
    if not isinstance(source, str) or not source.strip():
        raise BadPolicy(f"{where}.source", "policy_threshold_without_source")
    return Threshold(code=ThresholdCode(code), kind=str(kind), from_grade=from_grade, source=source)


def asked_at(
    thresholds: Iterable[Threshold], *, kind: str, grade: int, provisional: str = "", before_dosing: bool = False
) -> tuple[ThresholdCode, ...]:
    """What the policy asks when a grade of `kind` rises to `grade`. Empty: nobody is told.

    `provisional`: the flag of a provisional episode that opened; no policy can leave it out, since its sets are
    graded 0 or not at all. `before_dosing`: a fever before the first dose, which no policy can leave out either. Grade
    5 is told as grade 4 is: death is recorded by a person, and everybody hears of it.
    """
    if provisional:
        return (ThresholdCode(provisional),)
    if before_dosing:
        return (ThresholdCode.BEFORE_DOSING,)
    return tuple(t.code for t in thresholds if t.kind == kind and grade >= t.from_grade)

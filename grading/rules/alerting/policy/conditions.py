"""The conditions of a threshold policy that no single rise of a grade makes: enumerated, with numbers. Pure.

Which of them a course meets, and when, is in conditions_due.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from grading.rules.alerting.policy.thresholds import ConditionCode, is_condition
from grading.rules.treatment.drug_rules import DrugRules
from grading.rules.treatment.policy_numbers import BadPolicy, Bounds, number

_C = ConditionCode

# About what was not looked at: for nurses first, and over with the window.
OF_OBSERVATION = frozenset({_C.OBSERVATION_OVERDUE, _C.WINDOW_ENDING})

_open = partial(Bounds, empty=True)

# The numbers of each condition. None: those of the policy's `drugs` are its numbers, or it has none.
NUMBERS: Mapping[ConditionCode, Mapping[str, Bounds]] = {
    _C.FEVER_PERSISTING: {"hours": _open(1, 336)},
    _C.NO_IMPROVEMENT_AFTER_STEROID: {"hours": _open(1, 168), "from_grade": _open(1, 4, whole=True)},
    _C.STEROID_AFTER_ANTI_IL6: {},
    _C.MANAGE_AS_NEXT_GRADE: {},
    _C.SEIZURE_OR_POSTURING: {},
    _C.ICE_DROP: {"points": _open(1, 10, whole=True)},
    _C.OBSERVATION_OVERDUE: {"minutes": _open(0, 720, whole=True)},
    _C.WINDOW_ENDING: {"hours": _open(1, 72)},
    _C.TOCILIZUMAB_ELIGIBLE: {},
    _C.TOCILIZUMAB_MAXIMUM: {},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition, with the numbers that are its own (see NUMBERS); None for one that is not known, or not its own.

    `hours`: of a fever at grade 1, since the steroid, or before the window ends. `from_grade`: the CRS grade that
    must stand. `points`: of ICE lost from the participant's own baseline. `minutes`: after the grace of a slot.
    """

    code: ConditionCode
    source: str
    hours: Decimal | None = None
    from_grade: int | None = None
    points: int | None = None
    minutes: int | None = None

    @property
    def is_in_force(self) -> bool:
        """Whether every number of its own is known: an empty one is never guessed."""
        return all(getattr(self, name) is not None for name in NUMBERS[self.code])


def read_conditions(data: object, *, drugs: DrugRules | None) -> tuple[Condition, ...]:
    """The conditions of a policy's `thresholds`, as stored or as read from a file. Raises BadPolicy with the place.

    `drugs`: what the same policy says of drugs; a condition that takes its numbers from there needs them there.
    """
    conditions: list[Condition] = []
    for place, one in enumerate(data if isinstance(data, Sequence) and not isinstance(data, str) else ()):
        if isinstance(one, Mapping) and is_condition(one):
            where = f"thresholds[{place}]"
            condition = _read(one, where)
            if any(condition.code == other.code for other in conditions):
                raise BadPolicy(where, "policy_given_twice", name=condition.code)
            _check_drugs(condition.code, drugs, where)
            conditions.append(condition)
    return tuple(conditions)


def _read(data: Mapping[str, Any], where: str) -> Condition:
    code = ConditionCode(data["code"])
    own = NUMBERS[code]
    if unknown := {str(name) for name in data} - {"code", "source", *own}:
        raise BadPolicy(f"{where}.{min(unknown)}", "policy_unknown_field")
    source = data.get("source")
    if not isinstance(source, str) or not source.strip():
        raise BadPolicy(f"{where}.source", "policy_condition_without_source")
    numbers: dict[str, Any] = {}
    for name, bounds in own.items():
        if name not in data:
            raise BadPolicy(f"{where}.{name}", "policy_number_or_null")
        numbers[name] = number(data[name], f"{where}.{name}", bounds)
    return Condition(code=code, source=source, **numbers)


def _check_drugs(code: ConditionCode, drugs: DrugRules | None, where: str) -> None:
    if code in (_C.TOCILIZUMAB_ELIGIBLE, _C.TOCILIZUMAB_MAXIMUM) and (drugs is None or drugs.tocilizumab is None):
        raise BadPolicy(where, "policy_needs_section", section="drugs.tocilizumab")
    of_refractory = code in (_C.STEROID_AFTER_ANTI_IL6, _C.MANAGE_AS_NEXT_GRADE)
    if of_refractory and (drugs is None or all(rule.code.value != code.value for rule in drugs.refractory)):
        raise BadPolicy(where, "policy_needs_rule", section="drugs.refractory", rule=code)


def plain(conditions: Iterable[Condition]) -> list[dict[str, Any]]:
    """The same as JSON, which `read_conditions` reads again. Decimals as text, so that 12 stays 12."""
    return [
        {"code": one.code.value}
        | {name: _text(getattr(one, name)) for name in NUMBERS[one.code]}
        | {"source": one.source}
        for one in conditions
    ]


def _text(value: object) -> object:
    return f"{value:f}" if isinstance(value, Decimal) else value

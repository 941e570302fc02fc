"""The stateless gate's contract: a case as it comes from outside, to an answer."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from regimens.rules.gate.answer import Answer
from regimens.rules.gate.case import NINE, Case, Given, State
from regimens.rules.gate.decide import decide
from regimens.rules.gate.to_do import TO_DO, ToDo
from regimens.rules.plan import Plan
from regimens.rules.reading import CaseError, Reader, boolean, mapping, number, read_fields, shown, whole

VARIANTS = ("US", "EU", "CH")
FIELDS = ("id", "regimen", "variant", "zero_local", "doses", "now_h", "state")
FARTHEST_H = 1_000_000  # more than a lifetime, and no calendar ends before
YEARS = range(1900, 2200)
HIGHEST_GRADE = 5
Plans = Callable[[str], Plan]  # KeyError for a regimen that is not in the library


def _hours(value: object, field: str) -> Decimal:
    hours = number(value, field)
    if abs(hours) > FARTHEST_H:
        raise CaseError("out_of_range", f"{field} is within {FARTHEST_H} hours", field)
    return hours


def _since(value: object, field: str) -> Decimal:
    hours = _hours(value, field)
    if hours < 0:
        raise CaseError("out_of_range", f"{field} is 0 or more", field)
    return hours


def _count(value: object, field: str) -> int:
    count = whole(value, field)
    if count < 0:
        raise CaseError("out_of_range", f"{field} is 0 or more", field)
    return count


def _grade(value: object, field: str) -> int:
    grade = whole(value, field)
    if not 0 <= grade <= HIGHEST_GRADE:
        raise CaseError("out_of_range", f"{field} is between 0 and {HIGHEST_GRADE}", field)
    return grade


STATE: dict[str, Reader] = {
    "crs_open": boolean,
    "hours_since_crs_resolved": _since,
    "last_crs_grade": _grade,
    "grade3_plus_crs_events": _count,
    "longest_grade3_plus_h": _since,
    "icans_open": boolean,
    "hours_since_icans_resolved": _since,
    "last_icans_grade": _grade,
    "ice_at_baseline": boolean,
    "window_complete": boolean,
    "indeterminate_sets": boolean,
    "hours_since_tocilizumab": _since,
    "hours_since_steroid_treatment": _since,
    "tocilizumab_on_site": _count,
    "active_infection": boolean,
    "hours_since_infusion_stopped": _since,  # ours: the contract has none, and leaves it out
}


def answer(case: object, plans: Plans) -> dict[str, object]:
    """One case to its answer. CaseError carries the case's id where it has one."""
    case_id: object = None
    try:
        whole_case = mapping(case, None)
        case_id = whole_case.get("id")
        if not isinstance(case_id, str):
            code = "missing_field" if case_id is None else "invalid_type"
            raise CaseError(code, "id is a string", "id")
        return {"id": case_id} | as_answer(_decided(whole_case, plans))
    except CaseError as error:
        error.id = case_id if isinstance(case_id, (str, int)) else None
        raise


def as_answer(decided: Answer) -> dict[str, object]:
    """The answer as the contract writes it, without the id; `to_do` is ours beside it, null where nothing holds."""
    return {
        "decision": decided.decision.value,
        "step": decided.step,
        "earliest_h": _written(decided.earliest_h),
        "inpatient_hours": _written(decided.inpatient_hours),
        "criteria": [
            {"code": one.code, "state": one.state.value, "text": one.text, "source": one.source}
            for one in decided.criteria
        ],
        "to_do": as_to_do(decided.to_do),
    }


def as_to_do(one: ToDo | None, say: Callable[[str], str] = str) -> dict[str, object] | None:
    """`say`: the reader's language, from the English words."""
    return None if one is None else {
        "code": one.code, "values": dict(one.values), "text": say(TO_DO[one.code]).format(**one.values)
    }  # fmt: skip


def as_case(case: Case, case_id: str) -> dict[str, object]:
    """The case as the contract writes it, so that the command gives the same answer."""
    state = {name: getattr(case.state, name) for name in STATE}
    return {
        "id": case_id,
        "regimen": case.plan.id,
        "variant": case.variant,
        "zero_local": case.zero_local.isoformat(),
        "doses": [{"step": dose.step, "t_hours": _written(dose.t_hours)} for dose in case.doses],
        "now_h": _written(case.now_h),
        "state": {name: _written(value) if isinstance(value, Decimal) else value for name, value in state.items()},
    }


def _written(hours: Decimal | None) -> int | float | None:
    if hours is None:
        return None
    return int(hours) if hours == hours.to_integral_value() else float(hours)


def _decided(case: Mapping[str, object], plans: Plans) -> Answer:
    for name in case:
        if name not in FIELDS:
            detail = "belongs inside state" if name in STATE else "is not a field of a case"
            raise CaseError("unknown_field", f"{shown(name)} {detail}", shown(name))
    for name in ("regimen", "doses", "now_h"):
        if case.get(name) is None:
            raise CaseError("missing_field", f"{name} is missing", name)
    plan, now_h = _plan(case["regimen"], plans), _hours(case["now_h"], "now_h")
    state = case.get("state")
    known: dict[str, Any] = {} if state is None else read_fields(mapping(state, "state"), STATE, within="state.")
    return decide(
        plan,
        variant=_variant(case.get("variant")),
        zero_local=_zero_local(case.get("zero_local")),
        doses=_doses(case["doses"], plan, now_h),
        now_h=now_h,
        state=State(**known),
    )


def _plan(name: object, plans: Plans) -> Plan:
    if not isinstance(name, str):
        raise CaseError("invalid_type", "regimen is the id of a library regimen", "regimen")
    try:
        return plans(name)
    except KeyError:
        raise CaseError("unknown_value", f"no regimen {shown(name)} in the library", "regimen") from None


def _variant(code: object) -> str | None:
    if code is None or (isinstance(code, str) and code in VARIANTS):
        return code
    kind = "unknown_value" if isinstance(code, str) else "invalid_type"
    raise CaseError(kind, f"variant is one of {', '.join(VARIANTS)}, or null", "variant")


def _zero_local(written: object) -> datetime:
    if written is None:
        return NINE
    if not isinstance(written, str):
        raise CaseError("invalid_type", "zero_local is a date and time in ISO 8601", "zero_local")
    try:
        local = datetime.fromisoformat(written)
    except ValueError:
        local = None
    if local is None or ":" not in written:
        raise CaseError("invalid_value", "zero_local is a date and time such as 2026-03-02T09:00", "zero_local")
    if local.year not in YEARS:
        raise CaseError("out_of_range", f"zero_local is between {YEARS[0]} and {YEARS[-1]}", "zero_local")
    return local


def _doses(listed: object, plan: Plan, now_h: Decimal) -> tuple[Given, ...]:
    if not isinstance(listed, list):
        raise CaseError("invalid_type", "doses is a list", "doses")
    labels = {step.label for step in plan.steps}
    given: dict[Decimal, Given] = {}
    for index, one in enumerate(listed):
        field = f"doses[{index}]"
        dose = mapping(one, field)
        for name in dose:
            if name not in ("step", "t_hours"):
                raise CaseError("unknown_field", f"{shown(name)} is not a field of a dose", f"{field}.{shown(name)}")
        for name in ("step", "t_hours"):
            if dose.get(name) is None:
                raise CaseError("missing_field", f"{field}.{name} is missing", f"{field}.{name}")
        step, t_hours = dose["step"], _hours(dose["t_hours"], f"{field}.t_hours")
        if not isinstance(step, str):
            raise CaseError("invalid_type", f"{field}.step is the label of a step", f"{field}.step")
        if step not in labels:
            raise CaseError("unknown_value", f"{shown(step)} is not a step of {plan.id}", f"{field}.step")
        if t_hours > now_h:
            raise CaseError("contradictory", f"{field} was given after now_h", f"{field}.t_hours")
        if t_hours in given:
            raise CaseError("contradictory", f"{field}: two doses at the same hour", f"{field}.t_hours")
        given[t_hours] = Given(step=step, t_hours=t_hours)
    return tuple(given.values())

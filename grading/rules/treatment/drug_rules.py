"""The drug rules of a policy: typed values, each with its source, read with the precise place of a mistake."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grading.rules.treatment.masking_hours import MaskingRule, read_masking_rule
from grading.rules.treatment.policy_numbers import BadPolicy, Bounds, number
from grading.rules.treatment.refractory import RefractoryCode, RefractoryRule
from grading.rules.treatment.steroids import DEXAMETHASONE_MG, SteroidStep
from grading.rules.treatment.tocilizumab import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugRules:
    """What a policy says of drugs. `tocilizumab` None: it gives no limits, and nothing is computed."""

    tocilizumab: Limits | None = None
    ladder: tuple[SteroidStep, ...] = ()
    refractory: tuple[RefractoryRule, ...] = ()
    masking: tuple[MaskingRule, ...] = ()


# Bounds against slips of the pen, far outside of anything published.
_LIMITS: Mapping[str, Bounds | None] = {
    "mg_per_kg": Bounds(1, 20),
    "cap_mg": Bounds(80, 2000),
    "low_weight_below_kg": Bounds(1, 100, empty=True),
    "low_weight_mg_per_kg": Bounds(1, 30, empty=True),
    "per_24_h": Bounds(1, 6, whole=True),
    "in_all": Bounds(1, 20, whole=True),
    "prophylaxis_counts": None,  # true or false
    "interval_h": Bounds(1, 72),
}
_STEP: Mapping[str, Bounds] = {
    "grade": Bounds(1, 4, whole=True),
    "dose": Bounds(0, 5000),
    "every_h": Bounds(1, 168, empty=True),
    "every_at_most_h": Bounds(1, 168, empty=True),
    "days": Bounds(1, 60, whole=True, empty=True),
    "until_grade": Bounds(0, 3, whole=True, empty=True),
}
_RULE: Mapping[RefractoryCode, Mapping[str, Bounds]] = {
    RefractoryCode.STEROID_AFTER_ANTI_IL6: {
        "after_doses": Bounds(1, 4, whole=True),
        "at_latest_after": Bounds(1, 4, whole=True, empty=True),
    },
    RefractoryCode.MANAGE_AS_NEXT_GRADE: {"hours": Bounds(1, 168)},
}
KINDS = ("crs", "icans")


def read_drugs(data: object, where: str = "drugs") -> DrugRules | None:
    """The drug rules of a policy, as stored or as read from a file. None: it has none. Raises BadPolicy."""
    if data is None:
        return None
    section = _object(data, where, {"tocilizumab", "steroid_ladder", "refractory", "masking"})
    limits = section.get("tocilizumab")
    return DrugRules(
        tocilizumab=None if limits is None else _read_limits(limits, f"{where}.tocilizumab"),
        ladder=tuple(_read_step(*one) for one in _listed(section, where, "steroid_ladder")),
        refractory=tuple(_read_rule(*one) for one in _listed(section, where, "refractory")),
        masking=_read_masking(section, where),
    )


def plain(rules: DrugRules) -> dict[str, Any]:
    """The same as JSON, which `read_drugs` reads again. Numbers as text, so that 8 stays 8."""
    limits = rules.tocilizumab
    return {
        "tocilizumab": None
        if limits is None
        else {
            name: {"value": _text(getattr(limits, name)), "source": limits.sources[name]} for name in _LIMITS
        },
        "steroid_ladder": [
            {name: _text(getattr(step, name)) for name in SteroidStep.__slots__} for step in rules.ladder
        ],
        "refractory": [
            {"code": rule.code.value, "kind": rule.kind, "source": rule.source}
            | {name: _text(getattr(rule, name)) for name in _RULE[rule.code]}
            for rule in rules.refractory
        ],
        "masking": [
            {"code": rule.code, "hours": _text(rule.hours), "source": rule.source} for rule in rules.masking
        ],
    }  # fmt: skip


def _read_limits(data: object, where: str) -> Limits:
    section = _object(data, where, set(_LIMITS))
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name, bounds in _LIMITS.items():
        place = f"{where}.{name}"
        if name not in section:
            raise BadPolicy(place, "policy_object_of_value")
        one = _object(section[name], place, {"value", "source"})
        if bounds is None:
            if type(one.get("value")) is not bool:
                raise BadPolicy(f"{place}.value", "policy_true_or_false")
            values[name] = one["value"]
        else:
            values[name] = number(one.get("value"), f"{place}.value", bounds)
        sources[name] = _source(one, place)
    if values["low_weight_mg_per_kg"] is not None and values["low_weight_below_kg"] is None:
        raise BadPolicy(f"{where}.low_weight_below_kg.value", "policy_low_weight_first")
    if values["per_24_h"] > values["in_all"]:
        raise BadPolicy(f"{where}.per_24_h.value", "policy_at_most_in_all")
    return Limits(**values, sources=sources)


def _read_step(data: object, where: str) -> SteroidStep:
    step = _object(data, where, set(SteroidStep.__slots__))
    numbers: dict[str, Any] = {
        name: number(step.get(name), f"{where}.{name}", bounds) for name, bounds in _STEP.items()
    }
    if step.get("drug") not in DEXAMETHASONE_MG:
        raise BadPolicy(f"{where}.drug", "policy_one_of", choices=", ".join(DEXAMETHASONE_MG))
    if step.get("unit") not in ("mg", "mg/kg"):
        raise BadPolicy(f"{where}.unit", "policy_mg_or_mg_per_kg")
    least, most = numbers["every_h"], numbers["every_at_most_h"]
    if most is not None and (least is None or most <= least):
        raise BadPolicy(f"{where}.every_at_most_h", "policy_longer_than_every_h")
    if numbers["dose"] == 0:
        raise BadPolicy(f"{where}.dose", "policy_above_0")
    return SteroidStep(
        kind=_kind(step, where), drug=str(step["drug"]), unit=str(step["unit"]), source=_source(step, where), **numbers
    )


def _read_rule(data: object, where: str) -> RefractoryRule:
    if not isinstance(data, Mapping):
        raise BadPolicy(where, "policy_object_of_rule")
    code = data.get("code")
    if not isinstance(code, str) or code not in set(RefractoryCode):
        raise BadPolicy(f"{where}.code", "policy_one_of", choices=", ".join(RefractoryCode))
    own = _RULE[RefractoryCode(code)]
    rule = _object(data, where, {"code", "kind", "source", *own})
    numbers = _numbers(rule, where, own)
    least, most = numbers.get("after_doses"), numbers.get("at_latest_after")
    if least is not None and most is not None and most < least:
        raise BadPolicy(f"{where}.at_latest_after", "policy_not_before_after_doses")
    return RefractoryRule(code=RefractoryCode(code), kind=_kind(rule, where), source=_source(rule, where), **numbers)


def _read_masking(section: Mapping[str, Any], where: str) -> tuple[MaskingRule, ...]:
    rules: list[MaskingRule] = []
    for data, place in _listed(section, where, "masking"):
        rule = _object(data, place, {"code", "hours", "source"})
        read = read_masking_rule(rule.get("code"), rule.get("hours"), _source(rule, place), place)
        if any(read.code == other.code for other in rules):
            raise BadPolicy(f"{place}.code", "policy_given_twice", name=read.code)
        rules.append(read)
    return tuple(rules)


def _object(data: object, where: str, names: set[str]) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise BadPolicy(where, "policy_object_needed", names=", ".join(sorted(names)))
    if unknown := {str(name) for name in data} - names:
        raise BadPolicy(f"{where}.{min(unknown)}", "policy_unknown_field")
    return data


def _listed(section: Mapping[str, Any], where: str, name: str) -> list[tuple[object, str]]:
    data = section.get(name) or []
    if not isinstance(data, Sequence) or isinstance(data, str):
        raise BadPolicy(f"{where}.{name}", "policy_list_needed")
    return [(one, f"{where}.{name}[{place}]") for place, one in enumerate(data)]


def _numbers(data: Mapping[str, Any], where: str, bounds: Mapping[str, Bounds]) -> dict[str, Any]:
    return {name: number(data.get(name), f"{where}.{name}", one) for name, one in bounds.items()}


def _kind(data: Mapping[str, Any], where: str) -> str:
    if data.get("kind") not in KINDS:
        raise BadPolicy(f"{where}.kind", "policy_crs_or_icans")
    return str(data["kind"])


def _source(data: Mapping[str, Any], where: str) -> str:
    source = data.get("source")
    if not isinstance(source, str) or not source.strip():
        raise BadPolicy(f"{where}.source", "policy_value_without_source")
    return source


def _text(value: object) -> object:
    return f"{value:f}" if isinstance(value, Decimal) else value

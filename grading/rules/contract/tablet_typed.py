"""What stands in the fields of an entry form, read on the tablet as the server reads it after Save.

`fields`: each with its texts, as the form would post them. What is at fault is said at its field and was not looked at.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from grading.rules.drugs.agents import names_in
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.cognition import CAPD_HIGHEST
from grading.rules.grades.crs_inputs import OxygenIndication, Position
from grading.rules.grades.entry.checks import Doubt
from grading.rules.grades.entry.limits import LIMITS
from grading.rules.grades.entry.numbers import Misread, exact, read_number
from grading.rules.grades.entry.typed_set import NONE, agents_typed, faults_of_set
from grading.rules.grades.icans_inputs import Consciousness, IceUnableReason, IcpSign, Motor, Oedema, Seizure

Fields = Mapping[str, Sequence[str]]
_NUMBERS = (*LIMITS, "fluid_bolus_ml")
_YES_NO = {"yes": True, "no": False}
_SET_MAY_BE_NOT_DONE = (
    "respiratory_rate", "spo2", "sbp", "dbp", "heart_rate", "temperature_c", "oxygen_device", "hypotension",
    "fluid_bolus", "vasopressors",
)  # fmt: skip
_LONGEST_OTHER = 120  # characters of the box beside the agents
_ICE = ("year", "month", "city", "hospital", "command", "writing", "attention")
_NAMING = {"0": 0, "1": 1, "2": 2, "3": 3}
_BESIDE = ("heart_rate", "respiratory_rate")  # measured, and no input of a grade
_EXAMINED = ("consciousness", "seizure", "motor", "icp_signs")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLook:
    """`seen` and `beside` as tablet_facts.py reads them; `measured`: the values that can be doubted, None: none.

    `retyped`: fields whose second typing agrees with the first.
    """

    seen: dict[str, Any]
    beside: dict[str, Any] = field(default_factory=dict)
    measured: dict[str, Decimal | None] = field(default_factory=dict)
    faults: list[Doubt] = field(default_factory=list)
    retyped: list[str] = field(default_factory=list)


def typed_set(fields: Fields) -> TypedLook:
    """A set of vital signs."""
    values: dict[str, Any] = {}
    faults: list[Doubt] = []
    for name in _NUMBERS:
        values[name] = _number(name, fields, faults)
    values["oxygen_device"] = _one_of(OxygenDevice, fields, "oxygen_device")
    for name in ("hypotension", "fluid_bolus"):
        values[name] = _YES_NO.get(_last(fields, name))
    values["pressure_unrecordable"] = _last(fields, "pressure_unrecordable") != ""
    picked = list(fields.get("vasopressors", ()))
    typed_other = _last(fields, "vasopressor_other").strip()
    typed_other = "" if len(typed_other) > _LONGEST_OTHER else typed_other
    for name in _SET_MAY_BE_NOT_DONE:
        done = bool(picked or typed_other) if name == "vasopressors" else values[name] is not None
        if done and _last(fields, f"not_done_{name}") != "":
            faults.append(Doubt(field=name, code="done_and_not_done", values={}))
            picked = [] if name == "vasopressors" else picked
            values[name] = None
    other = list(names_in(typed_other))
    of_values = faults_of_set(values, picked=picked, other=other)
    _leave_out(values, of_values)
    differing, retyped = _typed_again(values, fields)
    _leave_out(values, differing)
    seen: dict[str, Any] = {
        name: _plain(values[name]) for name in _NUMBERS if name not in _BESIDE and name != "fluid_bolus_ml"
    }
    seen |= {name: values[name] for name in ("oxygen_device", "hypotension", "fluid_bolus", "pressure_unrecordable")}
    seen |= {
        "vasopressors": agents_typed(picked, other),
        "position": _one_of(Position, fields, "position"),
        "oxygen_indication": _one_of(OxygenIndication, fields, "oxygen_indication"),
    }
    return TypedLook(
        seen=seen,
        beside={name: _plain(values[name]) for name in _BESIDE},
        measured={name: exact(values[name]) for name in LIMITS},
        faults=[*faults, *of_values, *differing],
        retyped=retyped,
    )


def typed_examination(fields: Fields, *, pediatric: bool) -> TypedLook:
    """A neuro assessment: the ICE, or the CAPD of a child."""
    faults: list[Doubt] = []
    items = {name: _YES_NO.get(_last(fields, f"ice_{name}")) for name in _ICE}
    naming = _NAMING.get(_last(fields, "ice_naming"))
    tried = not pediatric and (naming is not None or any(one is not None for one in items.values()))
    capd = _capd(fields, faults) if pediatric else None
    seen: dict[str, Any] = {
        "pediatric": pediatric,
        "ice": items | {"naming": naming} if tried else None,
        "ice_unable_reason": _one_of(IceUnableReason, fields, "ice_unable_reason"),
        "capd_score": capd,
        "consciousness": _one_of(Consciousness, fields, "consciousness"),
        "seizure": _one_of(Seizure, fields, "seizure"),
        "motor": _one_of(Motor, fields, "motor"),
        "oedema": _one_of(Oedema, fields, "oedema") or Oedema.NONE.value,
        "icp_signs": None,
        "intracranial_haemorrhage": _last(fields, "intracranial_haemorrhage") != "",
    }
    picked = list(fields.get("icp_signs", ()))
    for name in _EXAMINED:
        done = bool(picked) if name == "icp_signs" else seen[name] is not None
        if done and _last(fields, f"not_done_{name}") != "":
            faults.append(Doubt(field=name, code="done_and_not_done", values={}))
            picked = [] if name == "icp_signs" else picked
            seen[name] = None
    whole = capd is not None if pediatric else naming is not None and all(one is not None for one in items.values())
    if whole and _last(fields, "not_done_ice") != "":
        faults.append(Doubt(field="not_done_ice", code="done_and_not_done", values={}))
    if NONE in picked and len(picked) > 1:
        faults.append(Doubt(field="icp_signs", code="none_and_sign", values={}))
        picked = []
    if picked:
        seen["icp_signs"] = [IcpSign(sign).value for sign in picked if sign != NONE]
    return TypedLook(seen=seen, faults=faults)


def _last(fields: Fields, name: str) -> str:
    """What a field holds. Empty: nothing, or there is none."""
    texts = fields.get(name, ())
    return texts[len(texts) - 1] if texts else ""


def _one_of(kind: Any, fields: Fields, name: str) -> str | None:
    text = _last(fields, name)
    return text if text in [str(one) for one in kind] else None


def _number(name: str, fields: Fields, faults: list[Doubt], *, places: int = 3, digits: int = 7) -> Decimal | None:
    read = read_number(_last(fields, name), places=places, digits=digits)
    if isinstance(read, Misread):
        faults.append(Doubt(field=name, code=read.code, values=read.values))
        return None
    return read


def _capd(fields: Fields, faults: list[Doubt]) -> int | None:
    score = _number("capd_score", fields, faults, places=0, digits=2)
    if score is not None and score > CAPD_HIGHEST:
        faults.append(Doubt(field="capd_score", code="capd_not_possible", values={"top": str(CAPD_HIGHEST)}))
        return None
    return None if score is None else int(f"{score:f}")


def _typed_again(values: Mapping[str, Any], fields: Fields) -> tuple[list[Doubt], list[str]]:
    """The fields whose second typing differs from the first, and those where the two agree."""
    differing, agreeing = [], []
    for name in LIMITS:
        again = _last(fields, f"again_{name}")
        if again.strip() == "":
            continue
        read = read_number(again, places=4, digits=12)
        if values[name] is not None and not isinstance(read, Misread) and read == values[name]:
            agreeing.append(name)
        else:
            differing.append(Doubt(field=name, code="typed_differs", values={}))
    return differing, sorted(agreeing)


def _leave_out(values: dict[str, Any], faults: Collection[Doubt]) -> None:
    for fault in faults:
        if fault.field in values:
            values[fault.field] = None


def _plain(value: Decimal | None) -> str | None:
    short = exact(value)
    return None if short is None else f"{short:f}"

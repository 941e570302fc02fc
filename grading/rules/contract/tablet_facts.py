"""Facts as a tablet holds them, in JSON: measured values as text, as they were typed, and moments in ISO 8601.

A value that is null or absent is what nobody looked at. ValueError or InvalidOperation: no such value; TypeError: no
such field. A tablet writes what it read before, so that none of them is a person's mistake.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from grading.rules.course.events import (
    CRS,
    ICANS,
    Attributed,
    Died,
    DoseGiven,
    Event,
    Observation,
    Parameters,
    RunBegan,
    RunEnded,
    Treated,
)
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.crs_inputs import CrsInputs, OxygenIndication, Position
from grading.rules.grades.danger import DANGER, danger
from grading.rules.grades.icans_inputs import (
    Consciousness,
    IcansInputs,
    IceItems,
    IceUnableReason,
    IcpSign,
    Motor,
    Oedema,
    Seizure,
)
from grading.rules.treatment.masking_hours import Masking
from grading.rules.treatment.support import read_support


def _names(value: Any) -> tuple[str, ...]:
    return tuple(value)


def _signs(value: Any) -> frozenset[IcpSign]:
    return frozenset([IcpSign(one) for one in value])


def _items(value: Any) -> IceItems:
    return IceItems(**value)


# The fields that are not a number of JSON, true, false or null.
READERS: Mapping[str, Callable[[Any], Any]] = {
    "temperature_c": Decimal,
    "sbp": Decimal,
    "dbp": Decimal,
    "baseline_sbp": Decimal,
    "sbp_prompt_below": Decimal,
    "mean_pressure": Decimal,
    "position": Position,
    "vasopressors": _names,
    "vasopressors_at_baseline": _names,
    "spo2": Decimal,
    "oxygen_device": OxygenDevice,
    "oxygen_flow_l_min": Decimal,
    "fio2_percent": Decimal,
    "oxygen_indication": OxygenIndication,
    "baseline_oxygen_device": OxygenDevice,
    "baseline_oxygen_flow_l_min": Decimal,
    "running_vasopressors": _names,
    "running_oxygen_device": OxygenDevice,
    "running_oxygen_flow_l_min": Decimal,
    "ice": _items,
    "ice_unable_reason": IceUnableReason,
    "consciousness": Consciousness,
    "seizure": Seizure,
    "motor": Motor,
    "oedema": Oedema,
    "icp_signs": _signs,
    "heart_rate": Decimal,
    "respiratory_rate": Decimal,
}


def values_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Each field as the rules read it."""
    return {
        name: READERS[name](value) if value is not None and name in READERS else value for name, value in data.items()
    }


def look_of(kind: str, data: Mapping[str, Any]) -> CrsInputs | IcansInputs:
    """What was seen in one set, or one examination."""
    return CrsInputs(**values_of(data)) if kind == CRS else IcansInputs(**values_of(data))


def parameters_of(data: Mapping[str, Any]) -> Parameters:
    return Parameters(resolution=timedelta(minutes=data["resolution_minutes"]), awaits_dose=data["awaits_dose"])


def values_written(values: Mapping[str, Any]) -> dict[str, Any]:
    """The way back of `values_of`."""
    return {name: _plain(value) for name, value in values.items()}


def look_written(look: CrsInputs) -> dict[str, Any]:
    """The way back of `look_of`; what nobody looked at, and judgements not made, are left out."""
    kept = [field.name for field in fields(look) if getattr(look, field.name) != field.default]
    return values_written({name: getattr(look, name) for name in kept})


def parameters_written(parameters: Parameters) -> dict[str, Any]:
    """The way back of `parameters_of`. What masks for how long stands in each drug."""
    minutes = parameters.resolution // timedelta(minutes=1)
    return {"resolution_minutes": minutes, "awaits_dose": parameters.awaits_dose}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return list(value) if isinstance(value, tuple) else value


def event_of(data: Mapping[str, Any]) -> Event:
    """`data["event"]` names the kind: crs, icans, or one of the others below."""
    return _EVENTS[data["event"]](data, _at(data["at"]))


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _dose(data: Mapping[str, Any], at: datetime) -> Event:
    return DoseGiven(at=at, root=data["root"])


def _treated(data: Mapping[str, Any], at: datetime) -> Event:
    minutes = data.get("lasts_minutes")
    lasts = None if minutes is None else timedelta(minutes=minutes)
    return Treated(at=at, masking=Masking(data["masking"]), treats=data["treats"], lasts=lasts)


def _began(data: Mapping[str, Any], at: datetime) -> Event:
    return RunBegan(
        at=at,
        root=data["root"],
        support=read_support(data["support"]),
        indication=data["indication"],
        at_baseline=tuple(data.get("at_baseline", ())),
    )


def _ended(data: Mapping[str, Any], at: datetime) -> Event:
    return RunEnded(at=at, root=data["root"])


def _attributed(data: Mapping[str, Any], at: datetime) -> Event:
    until = data.get("until")
    return Attributed(at=at, until=None if until is None else _at(until), sign=data["sign"])


def _died(data: Mapping[str, Any], at: datetime) -> Event:
    return Died(at=at, root=data["root"], cause=data["cause"])


def _set(data: Mapping[str, Any], at: datetime) -> Event:
    """`beside`: what was measured and is no input of a grade (pulse, breaths)."""
    seen = look_of(CRS, data["seen"])
    assert isinstance(seen, CrsInputs)
    measured = values_of(data.get("beside", {})) | {"sbp": seen.sbp, "spo2": seen.spo2}
    dangers = danger({name: measured.get(name) for name in DANGER}, pressure_unrecordable=seen.pressure_unrecordable)
    return Observation(at=at, id=data["id"], root=data["root"], seen=seen, danger=dangers)


def _examination(data: Mapping[str, Any], at: datetime) -> Event:
    return Observation(at=at, id=data["id"], root=data["root"], seen=look_of(ICANS, data["seen"]))


_EVENTS: Mapping[str, Callable[[Mapping[str, Any], datetime], Event]] = {
    CRS: _set,
    ICANS: _examination,
    "dose": _dose,
    "treated": _treated,
    "began": _began,
    "ended": _ended,
    "attributed": _attributed,
    "died": _died,
}

"""What was seen, as it comes from outside: every field of a case, how it is read, and what it becomes.

`null` is the same as absent: nobody looked, or, for a judgement, none was made. The one exception are the two
history fields, where null is "not known" and both answers are tried.
"""

from collections.abc import Callable, Mapping
from dataclasses import field, fields, make_dataclass
from decimal import Decimal
from typing import Any

from grading.rules.contract.fields import choice, choices_of, drugs, is_kept_otherwise, measured_as
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.crs_inputs import CrsInputs, OxygenIndication, Position
from grading.rules.grades.entry.limits import pressures_contradict
from grading.rules.grades.graded import Kind
from grading.rules.grades.icans_inputs import (
    NAMING_POINTS,
    Consciousness,
    IcansInputs,
    IceItems,
    IceUnableReason,
    IcpSign,
    Motor,
    Oedema,
    Seizure,
)
from regimens.rules.reading import CaseError, Reader, boolean, mapping, read_fields, whole

HISTORY = ("antipyretic_or_anticytokine_since_onset", "prior_crs_fever_this_episode")
ROUNDED = "value_rounded"  # said of an answer, not of a grade: the values are graded as they are kept
RUNNING = "running"  # one object of the contract, of which each field is an input of its own
RUNNING_FIELDS: dict[str, Reader] = {
    "vasopressors": drugs,
    "oxygen": boolean,
    "oxygen_device": choice(OxygenDevice),
    "oxygen_flow_l_min": measured_as("oxygen_flow_l_min"),
    "fluid_bolus": boolean,
}


def _running(value: object, field: str) -> Mapping[str, object]:
    return read_fields(mapping(value, field), RUNNING_FIELDS, within=f"{field}.")


CRS_FIELDS: dict[str, Reader] = {
    "temperature_c": measured_as("temperature_c"),
    "antipyretic_or_anticytokine_since_onset": boolean,
    "prior_crs_fever_this_episode": boolean,
    "sbp": measured_as("sbp"),
    "dbp": measured_as("dbp"),
    "baseline_sbp": measured_as("sbp"),
    "sbp_prompt_below": measured_as("sbp"),
    "mean_pressure": measured_as("mean_pressure"),
    "position": choice(Position),
    "pressure_unrecordable": boolean,
    "hypotension": boolean,
    "fluid_bolus": boolean,
    "vasopressors": drugs,
    "vasopressors_at_baseline": drugs,
    "spo2": measured_as("spo2"),
    "oxygen_device": choice(OxygenDevice),
    "oxygen_flow_l_min": measured_as("oxygen_flow_l_min"),
    "fio2_percent": measured_as("fio2_percent"),
    "oxygen_indication": choice(OxygenIndication),
    "baseline_oxygen_device": choice(OxygenDevice),
    "baseline_oxygen_flow_l_min": measured_as("oxygen_flow_l_min"),
    RUNNING: _running,
    "fever_attributed_to_other_cause": boolean,
    "hypotension_attributed_to_other_cause": boolean,
    "hypoxia_attributed_to_other_cause": boolean,
    "died_of_crs": boolean,
}
CRS_FIELDS_OF_A_SERIES = {name: read for name, read in CRS_FIELDS.items() if name not in HISTORY}


def _naming(value: object, field: str) -> int:
    points = whole(value, field)
    if not 0 <= points <= NAMING_POINTS:
        raise CaseError("out_of_range", f"{field} is between 0 and {NAMING_POINTS}", field)
    return points


def _capd(value: object, field: str) -> int:
    """Above 32 is kept: the grader takes it as not done (K4)."""
    score = whole(value, field)
    if score < 0:
        raise CaseError("out_of_range", f"{field} is between 0 and 32", field)
    return score


ICE_FIELDS: dict[str, Reader] = dict.fromkeys(IceItems.__slots__, boolean) | {"naming": _naming}


def _ice(value: object, field: str) -> IceItems:
    items: dict[str, Any] = read_fields(mapping(value, field), ICE_FIELDS, within=f"{field}.")
    return IceItems(**items)


ICANS_FIELDS: dict[str, Reader] = {
    "ice": _ice,
    "ice_unable_reason": choice(IceUnableReason),
    "consciousness": choice(Consciousness),
    "seizure": choice(Seizure),
    "motor": choice(Motor),
    "oedema": choice(Oedema),
    "icp_signs": choices_of(IcpSign),
    "intracranial_haemorrhage": boolean,
    "consciousness_attributed_to_other_cause": boolean,
    "seizure_attributed_to_other_cause": boolean,
    "motor_attributed_to_other_cause": boolean,
    "oedema_attributed_to_other_cause": boolean,
    "died_of_icans": boolean,
}
ICANS_PED_FIELDS: dict[str, Reader] = ICANS_FIELDS | {"capd_score": _capd}
FIELDS: dict[str, Mapping[str, Reader]] = {
    Kind.CRS: CRS_FIELDS,
    Kind.ICANS: ICANS_FIELDS,
    Kind.ICANS_PED: ICANS_PED_FIELDS,
}


def _passing(frozen: type[Any]) -> Callable[..., Any]:
    """A class of the same fields for what is graded and forgotten: made in a quarter of the time, since nothing guards
    them.
    """
    listed = [(one.name, one.type, field(default=one.default)) for one in fields(frozen)]
    shown = {name: value for name, value in vars(frozen).items() if isinstance(value, property)}
    return make_dataclass(f"Passing{frozen.__name__}", listed, kw_only=True, slots=True, namespace=shown)


PassingCrs, PassingIcans, PassingIce = _passing(CrsInputs), _passing(IcansInputs), _passing(IceItems)


def _passing_ice(value: object, field: str) -> IceItems:
    passing: IceItems = PassingIce(**read_fields(mapping(value, field), ICE_FIELDS, within=f"{field}."))
    return passing


PASSING_ICANS = ICANS_FIELDS | {"ice": _passing_ice}
PASSING_ICANS_PED = ICANS_PED_FIELDS | {"ice": _passing_ice}


def passing_crs(inputs: Mapping[str, object]) -> CrsInputs:
    """As `parse_crs`, for who grades it and keeps nothing of it."""
    passing: CrsInputs = PassingCrs(**_read_crs(inputs, CRS_FIELDS, ""))
    return passing


def passing_icans(inputs: Mapping[str, object], *, pediatric: bool) -> IcansInputs:
    """As `parse_icans`, likewise."""
    read = read_fields(inputs, PASSING_ICANS_PED if pediatric else PASSING_ICANS)
    passing: IcansInputs = PassingIcans(pediatric=pediatric, **read)
    return passing


def parse_crs(inputs: Mapping[str, object], *, within: str = "", history: bool = True) -> CrsInputs:
    """CaseError, with its field, where a value is not one a person can have or the contract knows.

    `within` is told before a field's name; `history`: whether the two history fields are inputs here.
    """
    return CrsInputs(**_read_crs(inputs, CRS_FIELDS if history else CRS_FIELDS_OF_A_SERIES, within))


def _read_crs(inputs: Mapping[str, object], known: Mapping[str, Reader], within: str) -> dict[str, Any]:
    read: dict[str, Any] = read_fields(inputs, known, within=within)
    for name in HISTORY:
        if name in inputs and inputs[name] is None:
            read[name] = None
    sbp: Decimal | None = read.get("sbp")
    dbp: Decimal | None = read.get("dbp")
    if sbp is not None and dbp is not None and pressures_contradict(sbp, dbp):
        raise CaseError("contradictory", f"{within}sbp is above dbp", f"{within}sbp")
    if RUNNING in read:
        for name, value in read.pop(RUNNING).items():
            read[f"{RUNNING}_{name}"] = value
    return read


def parse_icans(inputs: Mapping[str, object], *, pediatric: bool, within: str = "") -> IcansInputs:
    """CaseError, with its field, where a value is not one the contract knows."""
    read: dict[str, Any] = read_fields(inputs, ICANS_PED_FIELDS if pediatric else ICANS_FIELDS, within=within)
    return IcansInputs(pediatric=pediatric, **read)


def is_rounded(inputs: Mapping[str, object]) -> bool:
    """Whether a measured value of these CRS inputs is kept otherwise than it came."""
    for value in inputs.values():
        kind = type(value)
        if kind is Decimal or kind is float:
            if is_kept_otherwise(str(value)):  # of a float its shortest form, as JSON shows it
                return True
        elif isinstance(value, dict) and is_rounded(value):
            return True
    return False

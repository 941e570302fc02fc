"""Why this grade, in one line: what decides it, and what one change would lower or raise it.

Found by trying: the same rules grade the same look with one element changed.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.crs import grade_crs
from grading.rules.grades.crs_inputs import CrsInputs, OxygenIndication
from grading.rules.grades.graded import DEATH, REMEMBERED, Graded
from grading.rules.grades.icans import grade_icans
from grading.rules.grades.icans_inputs import (
    Consciousness,
    IcansInputs,
    IceItems,
    IceUnableReason,
    Motor,
    Oedema,
    Seizure,
)

_ICE_10 = IceItems(
    year=True, month=True, city=True, hospital=True, naming=3, command=True, writing=True, attention=True
)


@dataclass(frozen=True, slots=True)
class ElementChange:
    """One element changed (`code`), and the grade it would then be at least."""

    code: str
    grade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestChanges:
    """`lower` and `higher`: the nearest such change of each element. Empty: no single change does it."""

    lower: tuple[ElementChange, ...]
    higher: tuple[ElementChange, ...]


@lru_cache(maxsize=REMEMBERED)  # a board asks for the same newest sets every half minute
def why_crs(seen: CrsInputs) -> NearestChanges:
    """What one change would make of this look; its history must be in it."""
    return _tried(seen, grade_crs, _CRS)


@lru_cache(maxsize=REMEMBERED)
def why_icans(seen: IcansInputs) -> NearestChanges:
    cognition: tuple[tuple[str, Any], ...] = _CAPD if seen.pediatric else _ICE
    if seen.unable_reason is IceUnableReason.INTUBATED_SEDATED:
        cognition = ()  # a score would be one after the sedation, which ends for the consciousness too
    return _tried(seen, grade_icans, {**_ICANS, "cognition": cognition})


# What the reasons of a grade say of the history behind it: the fold adds it, and the set does not keep it.
_EARLIER = frozenset({"nothing_abnormal_now", "fever_not_required_after_treatment", "fever_earlier_in_episode"})
_NO_EARLIER = frozenset({"no_fever", "fever_may_be_masked"})


def crs_with_history(seen: CrsInputs, codes: Collection[str], *, in_episode: bool, masked: bool) -> CrsInputs:
    """The look as it was graded. `in_episode` and `masked` decide only where its reasons leave that open."""
    earlier = bool(_EARLIER & set(codes)) or (in_episode and not _NO_EARLIER & set(codes))
    treated = "fever_not_required_after_treatment" in codes or (masked and "fever_earlier_in_episode" not in codes)
    return replace(
        seen,
        prior_crs_fever_this_episode=earlier,
        antipyretic_or_anticytokine_since_onset=treated,
        fever_attributed_to_other_cause="fever_attributed" in codes,
        hypotension_attributed_to_other_cause="hypotension_attributed" in codes,
        hypoxia_attributed_to_other_cause="hypoxia_attributed" in codes,
    )


def icans_with_history(seen: IcansInputs, codes: Collection[str]) -> IcansInputs:
    """The same: attributions are all the history there is."""
    return replace(
        seen,
        consciousness_attributed_to_other_cause="consciousness_attributed" in codes,
        seizure_attributed_to_other_cause="seizure_attributed" in codes,
        motor_attributed_to_other_cause="motor_attributed" in codes,
        oedema_attributed_to_other_cause="oedema_attributed" in codes,
    )


def graded_as(graded: Graded, *, grade: int, at_least: int, at_most: int) -> bool:
    """Whether a stored grade is what these inputs give: only then may their changes be told."""
    return (graded.grade, graded.at_least, graded.at_most) == (grade, at_least, at_most)


def _tried(
    seen: Any, grader: Callable[[Any], Graded], elements: Mapping[str, Iterable[tuple[str, Any]]]
) -> NearestChanges:
    now = grader(seen).at_least
    if now == DEATH:
        return NearestChanges(lower=(), higher=())
    lower, higher = [], []
    for steps in elements.values():
        tried = [ElementChange(code, grader(replace(seen, **change)).at_least) for code, change in steps]
        below = [change for change in tried if change.grade < now]
        above = [change for change in tried if change.grade > now]
        if below:
            lower.append(max(below, key=lambda change: change.grade))
        if above:
            higher.append(min(above, key=lambda change: change.grade))
    return NearestChanges(lower=tuple(lower), higher=tuple(higher))


# --- The steps of each element, from well to worst -----------------------------------------------------------

_NORMAL_PRESSURE = {
    "hypotension": False, "fluid_bolus": False, "vasopressors": (), "sbp": Decimal(120), "pressure_unrecordable": False,
    "mean_pressure": None, "running_vasopressors": None, "running_fluid_bolus": None,
}  # fmt: skip
_LOW = _NORMAL_PRESSURE | {"hypotension": True, "hypotension_attributed_to_other_cause": False}
_NOT_RUNNING = {"running_oxygen": None, "running_oxygen_device": None, "running_oxygen_flow_l_min": None}
_AIR = _NOT_RUNNING | {
    "oxygen_device": OxygenDevice.ROOM_AIR, "oxygen_flow_l_min": None, "spo2": Decimal(97), "oxygen_indication": None,
    "fio2_percent": None,
}  # fmt: skip
_NEEDED = _NOT_RUNNING | {
    "oxygen_indication": OxygenIndication.HYPOXIA, "hypoxia_attributed_to_other_cause": False,
}  # fmt: skip
_MASK = {"oxygen_device": OxygenDevice.FACE_MASK, "oxygen_flow_l_min": Decimal(8)}
_CRS: dict[str, tuple[tuple[str, Any], ...]] = {
    "fever": (
        ("no_fever", {"temperature_c": Decimal("36.8")}),
        ("fever", {"temperature_c": Decimal("38.0"), "fever_attributed_to_other_cause": False}),
    ),
    "pressure": (
        ("pressure_held", _NORMAL_PRESSURE),
        ("hypotension", _LOW),
        ("one_vasopressor", _LOW | {"vasopressors": ("norepinephrine",)}),
        ("two_vasopressors", _LOW | {"vasopressors": ("norepinephrine", "epinephrine")}),
    ),
    "oxygen": (
        ("room_air", _AIR),
        ("low_flow", {"oxygen_device": OxygenDevice.NASAL_CANNULA, "oxygen_flow_l_min": Decimal(2)} | _NEEDED),
        ("high_flow", _MASK | _NEEDED),
        ("positive_pressure", {"oxygen_device": OxygenDevice.CPAP, "oxygen_flow_l_min": None} | _NEEDED),
    ),
}


def _ice(**failed: Any) -> dict[str, Any]:
    return {"ice": replace(_ICE_10, **failed), "ice_unable_reason": None}


_ICE: tuple[tuple[str, Any], ...] = (
    ("ice_10", _ice()),
    ("ice_9", _ice(writing=False)),
    ("ice_6", _ice(writing=False, attention=False, command=False, year=False)),
    ("ice_2", _ice(writing=False, attention=False, command=False, year=False, month=False, naming=0, city=True)),
)
_CAPD: tuple[tuple[str, Any], ...] = (
    ("capd_0", {"capd_score": 0, "ice_unable_reason": None}),
    ("capd_8", {"capd_score": 8, "ice_unable_reason": None}),
    ("capd_9", {"capd_score": 9, "ice_unable_reason": None}),
)
_AWAKE = {"consciousness_attributed_to_other_cause": False}
_ICANS: dict[str, tuple[tuple[str, Any], ...]] = {
    "cognition": (),
    "consciousness": (
        ("awake", {"consciousness": Consciousness.AWAKE}),
        ("drowsy", {"consciousness": Consciousness.SPONTANEOUS} | _AWAKE),
        ("voice", {"consciousness": Consciousness.VOICE} | _AWAKE),
        ("touch", {"consciousness": Consciousness.TACTILE} | _AWAKE),
        ("unarousable", {"consciousness": Consciousness.UNAROUSABLE} | _AWAKE),
    ),
    "seizure": (
        ("no_seizure", {"seizure": Seizure.NONE}),
        ("seizure", {"seizure": Seizure.BRIEF_RESOLVED, "seizure_attributed_to_other_cause": False}),
        ("long_seizure", {"seizure": Seizure.PROLONGED_OVER_5_MIN, "seizure_attributed_to_other_cause": False}),
    ),
    "motor": (
        ("no_weakness", {"motor": Motor.NONE}),
        ("weakness", {"motor": Motor.DEEP_FOCAL_WEAKNESS, "motor_attributed_to_other_cause": False}),
    ),
    "oedema": (("no_oedema", {"oedema": Oedema.NONE}),),
    "icp": (("no_icp_sign", {"icp_signs": ()}),),
}

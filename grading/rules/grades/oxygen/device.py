"""The hypoxia axis of CRS: 0, 2 (low flow), 3 (high flow or mask) or 4 (positive pressure), C5.

What is required counts, not the saturation reached on it. What oxygen is given for: oxygen/indication.py; what the
record of treatments has running: oxygen/running.py.
"""

from functools import cache, lru_cache

from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.graded import ABSENT, REMEMBERED, Element, reason
from grading.rules.grades.oxygen.indication import CONTRADICTORY, NOT_FOR_HYPOXIA, for_another_reason, for_no_device
from grading.rules.grades.oxygen.required import SPO2_LOW_BELOW, required
from grading.rules.grades.oxygen.running import oxygen_running, with_running

ROOM_AIR = OxygenDevice.ROOM_AIR  # once: a member is looked up slowly
ROOM_AIR_PERCENT = 21  # of oxygen in air: an FiO2 above it is oxygen (Rulings 2)

ATTRIBUTED = Element(frozenset({0}), notes=(reason("hypoxia_attributed"),))
SATURATION_UNKNOWN = Element(frozenset({0, 2}), (reason("spo2_unknown"),), ("spo2",))


def oxygen_axis(seen: CrsInputs) -> Element:
    """The grades hypoxia can stand for."""
    if seen.hypoxia_attributed_to_other_cause:
        return ATTRIBUTED
    device = seen.oxygen_device
    if device is None:
        axis = _device_unknown(seen)
    elif device is ROOM_AIR:
        axis = _on_room_air(seen)
    else:
        axis = required(device, seen.oxygen_flow_l_min)
        if seen.oxygen_indication in NOT_FOR_HYPOXIA:
            axis = for_another_reason(seen, device, seen.oxygen_indication, axis)
    running = oxygen_running(seen)
    return axis if running is None else with_running(axis, running, seen)


def _has_flow(seen: CrsInputs) -> bool:
    return seen.oxygen_flow_l_min is not None and seen.oxygen_flow_l_min > 0


def _has_fio2(seen: CrsInputs) -> bool:
    return seen.fio2_percent is not None and seen.fio2_percent > ROOM_AIR_PERCENT


def _on_room_air(seen: CrsInputs) -> Element:
    if seen.spo2 is None:
        on_air = SATURATION_UNKNOWN
    elif seen.spo2 < SPO2_LOW_BELOW:
        on_air = _low_on_air(str(seen.spo2))
    else:
        on_air = ABSENT
    flow, fio2 = _has_flow(seen), _has_fio2(seen)
    if not flow and not fio2:
        return on_air
    return _oxygen_on_air(
        on_air, str(seen.oxygen_flow_l_min) if flow else None, str(seen.fio2_percent) if fio2 else None
    )


@lru_cache(maxsize=REMEMBERED)
def _low_on_air(spo2: str) -> Element:
    return Element(frozenset({2}), (reason("hypoxia_on_room_air", spo2=spo2),))


@lru_cache(maxsize=REMEMBERED)
def _oxygen_on_air(on_air: Element, flow: str | None, fio2: str | None) -> Element:
    """A flow says oxygen is given, low or high; an FiO2 above that of air, that it may be under pressure too."""
    grades, reasons = on_air.grades, on_air.reasons
    if flow is not None:
        grades, reasons = grades | {2, 3}, (reason("oxygen_flow_on_room_air", flow=flow), *reasons)
    if fio2 is not None:
        grades, reasons = grades | {2, 3, 4}, (reason("fio2_on_room_air", fio2=fio2), *reasons)
    return Element(grades, reasons, (*on_air.missing, "oxygen_device"), (CONTRADICTORY,))


def _device_unknown(seen: CrsInputs) -> Element:
    """Nobody said how oxygen is given. A flow, an FiO2 or a low saturation still excludes "none needed", unless it is
    said to be for another reason: of which device that is believed, nobody knows either.
    """
    hypoxic = seen.spo2 is not None and seen.spo2 < SPO2_LOW_BELOW
    given, fio2 = _has_flow(seen), str(seen.fio2_percent) if _has_fio2(seen) else None
    unknown = _unknown(needed=given or hypoxic, fio2=fio2, saturation=seen.spo2 is not None)
    if (given or fio2) and seen.oxygen_indication in NOT_FOR_HYPOXIA:
        return for_no_device(unknown, seen, seen.oxygen_indication)
    return unknown


@lru_cache(maxsize=REMEMBERED)
def _unknown(*, needed: bool, fio2: str | None, saturation: bool) -> Element:
    missing = ("oxygen_device",) if saturation else ("oxygen_device", "spo2")
    if fio2 is None:
        return Element(_open(needed=needed), (reason("oxygen_device_unknown"),), missing)
    return Element(_open(needed=True), (reason("fio2_above_air", fio2=fio2), reason("oxygen_device_unknown")), missing)


@cache
def _open(*, needed: bool) -> frozenset[int]:
    return frozenset({2, 3, 4} if needed else {0, 2, 3, 4})

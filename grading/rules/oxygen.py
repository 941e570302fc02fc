"""The hypoxia axis of CRS: 0, 2 (low flow), 3 (high flow or mask) or 4 (positive pressure), C5.

What is required counts, not the saturation reached on it.
"""

from decimal import Decimal
from functools import cache, lru_cache

from grading.rules.crs_seen import CrsInputs, OxygenDevice, OxygenIndication
from grading.rules.grades import ABSENT, REMEMBERED, Element, reason

LOW_FLOW_TO_L_MIN = Decimal(6)  # inclusive, nasal cannulae only (C5, C5a)
SPO2_LOW_BELOW = Decimal(90)
BY_DEVICE = {  # the devices whose grade no flow changes
    OxygenDevice.BLOW_BY: (2, "blow_by_oxygen"),
    OxygenDevice.FACE_MASK: (3, "mask_oxygen"),
    OxygenDevice.VENTURI_MASK: (3, "mask_oxygen"),
    OxygenDevice.NON_REBREATHER: (3, "mask_oxygen"),
    OxygenDevice.CPAP: (4, "positive_pressure"),
    OxygenDevice.BIPAP: (4, "positive_pressure"),
    OxygenDevice.MECHANICAL_VENTILATION: (4, "positive_pressure"),
}
NOT_FOR_HYPOXIA = {
    OxygenIndication.COMFORT: "oxygen_for_comfort",
    OxygenIndication.BASELINE: "oxygen_as_at_baseline",
}


ATTRIBUTED = Element(frozenset({0}), notes=(reason("hypoxia_attributed"),))
SATURATION_UNKNOWN = Element(frozenset({0, 2}), (reason("spo2_unknown"),), ("spo2",))


def oxygen_axis(seen: CrsInputs) -> Element:
    """The grades hypoxia can stand for."""
    device = seen.oxygen_device
    if seen.hypoxia_attributed_to_other_cause:
        return ATTRIBUTED
    if device is None:
        return _device_unknown(seen)
    if device is OxygenDevice.ROOM_AIR:
        return _on_room_air(seen)
    if seen.oxygen_indication in NOT_FOR_HYPOXIA:
        return _not_for_hypoxia(device, seen.oxygen_indication, seen.spo2)
    flow = seen.oxygen_flow_l_min
    if flow is None:
        return _required(device, None, high=False)
    return _required(device, str(flow), high=flow > LOW_FLOW_TO_L_MIN)


@lru_cache(maxsize=REMEMBERED)
def _required(device: OxygenDevice, flow: str | None, *, high: bool) -> Element:
    """`flow` as it was typed; `high` where that is above the limit of low flow."""
    if device in BY_DEVICE:
        grade, code = BY_DEVICE[device]
        return Element(frozenset({grade}), (reason(code, device=device),))
    high_flow_device = device is OxygenDevice.HIGH_FLOW_NASAL_CANNULA
    if flow is None:
        if high_flow_device:
            return Element(frozenset({3}), (reason("high_flow_device_flow_unknown"),))
        return Element(frozenset({2, 3}), (reason("cannula_flow_unknown"),), ("oxygen_flow_l_min",))
    if high:
        return Element(frozenset({3}), (reason("high_flow_oxygen", device=device, flow=flow),))
    if high_flow_device:
        why = reason("high_flow_device_at_low_flow", flow=flow)
        return Element(frozenset({2}), (why,), flags=("high_flow_at_low_rate",))
    return Element(frozenset({2}), (reason("low_flow_oxygen", device=device, flow=flow),))


def _on_room_air(seen: CrsInputs) -> Element:
    spo2, flow = seen.spo2, seen.oxygen_flow_l_min
    if spo2 is None:
        on_air = SATURATION_UNKNOWN
    elif spo2 < SPO2_LOW_BELOW:
        on_air = _low_on_air(str(spo2))
    else:
        on_air = ABSENT
    if flow is None or flow <= 0:
        return on_air
    return _flow_on_air(on_air, str(flow))


@lru_cache(maxsize=REMEMBERED)
def _low_on_air(spo2: str) -> Element:
    return Element(frozenset({2}), (reason("hypoxia_on_room_air", spo2=spo2),))


@lru_cache(maxsize=REMEMBERED)
def _flow_on_air(on_air: Element, flow: str) -> Element:
    """A flow says oxygen is given: low or high cannot be told without the device."""
    return Element(
        on_air.grades | {2, 3},
        (reason("oxygen_flow_on_room_air", flow=flow), *on_air.reasons),
        (*on_air.missing, "oxygen_device"),
        ("contradictory_oxygen",),
    )


def _device_unknown(seen: CrsInputs) -> Element:
    """Nobody said how oxygen is given. A flow or a low saturation still excludes "none needed"."""
    given = seen.oxygen_flow_l_min is not None and seen.oxygen_flow_l_min > 0
    hypoxic = seen.spo2 is not None and seen.spo2 < SPO2_LOW_BELOW
    return _unknown(needed=given or hypoxic, saturation=seen.spo2 is not None)


@cache
def _unknown(*, needed: bool, saturation: bool) -> Element:
    missing = ("oxygen_device",) if saturation else ("oxygen_device", "spo2")
    return Element(frozenset({2, 3, 4} if needed else {0, 2, 3, 4}), (reason("oxygen_device_unknown"),), missing)


def _not_for_hypoxia(device: OxygenDevice, indication: OxygenIndication, spo2: Decimal | None) -> Element:
    """Comfort and unchanged baseline use count nothing; a low saturation on it asks whether that still holds."""
    note = reason(NOT_FOR_HYPOXIA[indication], device=device)
    if spo2 is None or spo2 >= SPO2_LOW_BELOW:
        return Element(frozenset({0}), notes=(note,))
    why = reason("hypoxia_despite_indication", spo2=spo2, indication=indication)
    return Element(frozenset({0, 2}), (why,), flags=("contradictory_oxygen",), notes=(note,))

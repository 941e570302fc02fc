"""What a device at its flow stands for on the hypoxia axis (C5), whatever it is given for."""

from decimal import Decimal
from functools import lru_cache

from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.graded import REMEMBERED, Element, reason

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
POSITIVE_PRESSURE = frozenset(device for device, (grade, _) in BY_DEVICE.items() if grade == 4)


def required(device: OxygenDevice, flow_l_min: Decimal | None) -> Element:
    """Of any device but room air. Flow None: not charted."""
    if flow_l_min is None:
        return _required(device, None, False)
    return _required(device, str(flow_l_min), flow_l_min > LOW_FLOW_TO_L_MIN)


@lru_cache(maxsize=REMEMBERED)
def _required(device: OxygenDevice, flow: str | None, high: bool) -> Element:
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

"""What an indication may silence (Rulings 2): comfort and unchanged baseline use count nothing where they can be
believed. Otherwise the axis is 0 or what the device requires, and somebody is asked.

Comfort: nasal cannula or blow-by at up to 6 L/min with a saturation measured at 90 % or above. Baseline: the recorded
device at no more than the recorded flow, with such a saturation. What is not charted is never fine.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.crs_inputs import CrsInputs, OxygenIndication
from grading.rules.grades.graded import REMEMBERED, Element, Reason, reason
from grading.rules.grades.oxygen.required import LOW_FLOW_TO_L_MIN, POSITIVE_PRESSURE, SPO2_LOW_BELOW

NOT_FOR_HYPOXIA = {
    OxygenIndication.COMFORT: "oxygen_for_comfort",
    OxygenIndication.BASELINE: "oxygen_as_at_baseline",
}
COMFORT_DEVICES = frozenset({OxygenDevice.NASAL_CANNULA, OxygenDevice.BLOW_BY})
CONTRADICTORY, NO_BASELINE = "contradictory_oxygen", "no_baseline_on_record"
TO_BE_CONFIRMED = "oxygen_indication_to_be_confirmed"


def for_another_reason(seen: CrsInputs, device: OxygenDevice, indication: OxygenIndication, needed: Element) -> Element:
    """`needed`: what the device requires, were it for hypoxia."""
    against = tuple(_against(seen, device, indication))
    missing = tuple(_not_charted(seen, device, indication))
    if not against and not missing:
        return _believed(device, indication)
    unrecorded = indication is OxygenIndication.BASELINE and seen.baseline_oxygen_device is None
    return _doubted(needed, indication, against, missing, unrecorded)


def _against(seen: CrsInputs, device: OxygenDevice, indication: OxygenIndication) -> Iterator[Reason]:
    """What speaks against the indication."""
    flow = seen.oxygen_flow_l_min
    if indication is OxygenIndication.COMFORT:
        if device not in COMFORT_DEVICES or (flow is not None and flow > LOW_FLOW_TO_L_MIN):
            yield reason("not_for_comfort", device=device)
    elif seen.baseline_oxygen_device is None:
        yield reason("no_baseline_oxygen")
    elif device is not seen.baseline_oxygen_device or _is_above(flow, seen.baseline_oxygen_flow_l_min):
        yield reason("oxygen_above_baseline", device=device)
    if seen.spo2 is not None and seen.spo2 < SPO2_LOW_BELOW:
        yield reason("hypoxia_despite_indication", spo2=seen.spo2, indication=indication)


def _is_above(flow: Decimal | None, baseline: Decimal | None) -> bool:
    """A baseline without a flow is one of 0: what was not recorded covers nothing."""
    return flow is not None and flow > (baseline or 0)


def _not_charted(seen: CrsInputs, device: OxygenDevice, indication: OxygenIndication) -> Iterator[str]:
    """What must be known to believe it. Of positive pressure without a flow at baseline none is expected."""
    baseline = indication is OxygenIndication.BASELINE
    none_expected = baseline and device in POSITIVE_PRESSURE and not seen.baseline_oxygen_flow_l_min
    if seen.oxygen_flow_l_min is None and not none_expected:
        yield "oxygen_flow_l_min"
    if seen.spo2 is None:
        yield "spo2"
    if baseline and seen.baseline_oxygen_device is None:
        yield "baseline_oxygen_device"


@lru_cache(maxsize=REMEMBERED)
def _believed(device: OxygenDevice, indication: OxygenIndication) -> Element:
    return Element(frozenset({0}), notes=(reason(NOT_FOR_HYPOXIA[indication], device=device),))


@lru_cache(maxsize=REMEMBERED)
def _doubted(
    needed: Element,
    indication: OxygenIndication,
    against: tuple[Reason, ...],
    missing: tuple[str, ...],
    unrecorded: bool,
) -> Element:
    flag = CONTRADICTORY if against else TO_BE_CONFIRMED
    return Element(
        needed.grades | {0},
        (*(against or (reason("indication_not_charted", indication=indication),)), *needed.reasons),
        missing,
        (flag, *((NO_BASELINE,) if unrecorded else ()), *needed.flags),
    )


def for_no_device(unknown: Element, seen: CrsInputs, indication: OxygenIndication) -> Element:
    """Oxygen runs and is said to be for another reason, by a device that nobody charted."""
    low = None if seen.spo2 is None or seen.spo2 >= SPO2_LOW_BELOW else str(seen.spo2)
    return _of_no_device(unknown, indication, low)


@lru_cache(maxsize=REMEMBERED)
def _of_no_device(unknown: Element, indication: OxygenIndication, low_spo2: str | None) -> Element:
    """A saturation below 90 contradicts it, and excludes "none needed" whatever the oxygen is said to be for."""
    if low_spo2 is None:
        grades, flag = unknown.grades | {0}, TO_BE_CONFIRMED
        why = reason("indication_not_charted", indication=indication)
    else:
        grades, flag = unknown.grades, CONTRADICTORY
        why = reason("hypoxia_despite_indication", spo2=low_spo2, indication=indication)
    reasons = unknown.reasons if why in unknown.reasons else (why, *unknown.reasons)
    return Element(grades, reasons, unknown.missing, (flag,), unknown.notes)

"""Oxygen that the record of treatments has running joins what the set says (Rulings 2).

A set that does not say how oxygen is given has the record as its lower bound, unless it says that it is for another
reason; one that denies it, or says less, is contradictory: bounds up to the record's grade. Recording oxygen never
lowers a grade.
"""

from functools import lru_cache

from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.graded import REMEMBERED, Element, Reason, reason
from grading.rules.grades.oxygen.indication import CONTRADICTORY, NOT_FOR_HYPOXIA, for_no_device
from grading.rules.grades.oxygen.required import required

AIR = frozenset({0})
NO_DEVICE = frozenset({2, 3})  # a flow alone: low or high
RUNS = Element(NO_DEVICE, (reason("oxygen_running_somehow"),))


def oxygen_running(seen: CrsInputs) -> Element | None:
    """What the record stands for. None: it says nothing of oxygen that runs."""
    device, flow = seen.running_oxygen_device, seen.running_oxygen_flow_l_min
    if device is OxygenDevice.ROOM_AIR:
        return None
    if device is not None:
        return _by(device, required(device, flow).grades)
    if flow is not None:
        return None if flow <= 0 else _at(str(flow))
    return RUNS if seen.running_oxygen else None


@lru_cache(maxsize=REMEMBERED)
def _by(device: OxygenDevice, grades: frozenset[int]) -> Element:
    return Element(grades, (reason("oxygen_running", device=device),))


@lru_cache(maxsize=REMEMBERED)
def _at(flow: str) -> Element:
    return Element(NO_DEVICE, (reason("oxygen_flow_running", flow=flow),))


def with_running(axis: Element, running: Element, seen: CrsInputs) -> Element:
    """`told`: what the set by itself stands for."""
    device = seen.oxygen_device
    if device is None:
        unsaid = _unsaid(axis, running.grades, running.reasons)
        indication = seen.oxygen_indication
        return for_no_device(unsaid, seen, indication) if indication in NOT_FOR_HYPOXIA else unsaid
    by_the_set = AIR if device is OxygenDevice.ROOM_AIR else required(device, seen.oxygen_flow_l_min).grades
    if min(running.grades) <= min(by_the_set):  # as much or more by the set: an indication speaks of it
        return axis
    return _denied(axis, running.grades, running.reasons)


@lru_cache(maxsize=REMEMBERED)
def _unsaid(axis: Element, running: frozenset[int], why: tuple[Reason, ...]) -> Element:
    grades = running | {grade for grade in axis.grades if grade >= min(running)}
    return Element(grades, (*why, *axis.reasons), axis.missing, axis.flags, axis.notes)


@lru_cache(maxsize=REMEMBERED)
def _denied(axis: Element, running: frozenset[int], why: tuple[Reason, ...]) -> Element:
    flags = axis.flags if CONTRADICTORY in axis.flags else (*axis.flags, CONTRADICTORY)
    missing = axis.missing if "oxygen_device" in axis.missing else (*axis.missing, "oxygen_device")
    return Element(axis.grades | running, (*why, *axis.reasons), missing, flags, axis.notes)

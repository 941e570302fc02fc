"""What the record of treatments has running at a moment: how a set sees it, and what it amounts to by itself. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from grading.rules.drugs.content import content_of
from grading.rules.drugs.devices import OxygenDevice, device_of, flow_of
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.graded import worse_of
from grading.rules.grades.oxygen.running import oxygen_running
from grading.rules.grades.pressure import grades_on
from grading.rules.treatment.indication import holds_pressure

NOTHING = frozenset({0})


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """One treatment that runs until a stop is recorded. Each field as a set would say it; empty: it is none of that."""

    vasopressor: str = ""
    oxygen: bool = False
    oxygen_device: OxygenDevice | None = None
    oxygen_flow_l_min: Decimal | None = None
    fluid: bool = False


def support_of(
    drug: str, acts_as: str, *, indication: str, dose: Decimal | None = None, unit: str = "", route: str = ""
) -> Support | None:
    """None: it holds up neither pressure nor oxygen. Whatever a vasopressor or oxygen is given for, it runs."""
    if acts_as == "vasopressor":
        return Support(vasopressor=drug)
    if acts_as == "oxygen":
        typed = f"{drug} {route}"
        flow = flow_of(drug, dose, unit)
        return Support(oxygen=True, oxygen_device=device_of(typed), oxygen_flow_l_min=flow)
    if acts_as == "fluid" and holds_pressure(indication):
        return Support(fluid=True)
    return None


def joined(seen: CrsInputs, running: Iterable[Support]) -> CrsInputs:
    """The set beside what runs. Of several oxygens that nobody stopped the greatest counts."""
    runs = list(running)
    if not runs:
        return seen
    vasopressors = tuple(sorted(one.vasopressor for one in runs if one.vasopressor))
    oxygen = max((one for one in runs if one.oxygen), key=_by_oxygen, default=None)
    seen = replace(
        seen,
        running_vasopressors=(*(seen.running_vasopressors or ()), *vasopressors) or None,
        running_fluid_bolus=any(one.fluid for one in runs) or seen.running_fluid_bolus,
    )
    return seen if oxygen is None else _beside_oxygen(seen, oxygen)


def _beside_oxygen(seen: CrsInputs, running: Support) -> CrsInputs:
    return replace(
        seen,
        running_oxygen=True,
        running_oxygen_device=running.oxygen_device,
        running_oxygen_flow_l_min=running.oxygen_flow_l_min,
    )


def amounts_to(running: Iterable[Support]) -> frozenset[int]:
    """The grades for which what runs stands by itself, by the worse of hypotension and hypoxia: {0} for nothing,
    {3} for one vasopressor, {4} for positive pressure. More than one: it leaves that open.
    """
    seen = joined(CrsInputs(), running)
    pressure = grades_on(seen.running_vasopressors) if seen.running_vasopressors else NOTHING
    if seen.running_fluid_bolus:
        pressure = worse_of(pressure, frozenset({2}))
    oxygen = oxygen_running(seen)
    return pressure if oxygen is None else worse_of(pressure, oxygen.grades)


def _by_oxygen(one: Support) -> tuple[int, int, str]:
    """By what it stands for; equal ones by what they say, so that none depends on the order of the record."""
    element = oxygen_running(_beside_oxygen(CrsInputs(), one))
    grades = NOTHING if element is None else element.grades
    return min(grades), max(grades), content_of(one)


# --- Written down with the course -------------------------------------------------------------------------------


def write_support(support: Support) -> dict[str, Any]:
    """As JSON, without what it is not. `read_support` gives back the same."""
    device, flow = support.oxygen_device, support.oxygen_flow_l_min
    values = {
        "vasopressor": support.vasopressor,
        "oxygen": support.oxygen,
        "oxygen_device": None if device is None else device.value,
        "oxygen_flow_l_min": None if flow is None else str(flow),
        "fluid": support.fluid,
    }
    return {name: value for name, value in values.items() if value}


def read_support(data: Mapping[str, Any]) -> Support:
    device, flow = data.get("oxygen_device"), data.get("oxygen_flow_l_min")
    return Support(
        vasopressor=data.get("vasopressor", ""),
        oxygen=data.get("oxygen", False),
        oxygen_device=None if device is None else OxygenDevice(device),
        oxygen_flow_l_min=None if flow is None else Decimal(flow),
        fluid=data.get("fluid", False),
    )

"""Whether a look shows a sign of CRS, shows that there is none, or cannot tell: what episodes are made of."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from grading.rules.drugs.agents import agents_of
from grading.rules.grades.crs import has_fever
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.oxygen.device import oxygen_axis
from grading.rules.grades.pressure import pressure_axis

AXES = ("hypotension", "hypoxia")


@dataclass(frozen=True, slots=True)
class CrsSigns:
    """`present`: at least one sign for certain. `free`: a complete look without any. Neither: it cannot tell.

    `explained`: hypotension or hypoxia, and a person holds another cause responsible for all there is of it.
    `axes`: which of hypotension and hypoxia are there for certain, and of no other cause. `axis_grade`: the least
    grade that the worse of them stands for, were it CRS; 0 without any. `axis_most`: the most that it could be.
    """

    present: bool
    free: bool
    explained: bool = False
    axes: frozenset[str] = frozenset()
    axis_grade: int = 0
    axis_most: int = 0


def crs_signs(seen: CrsInputs) -> CrsSigns:
    """Fever, hypotension and hypoxia; a sign attributed to another cause does not count.

    Attributing what nobody measured does not replace measuring: such a look is not free.
    """
    febrile = has_fever(seen.temperature_c)
    fever = bool(febrile) and not seen.fever_attributed_to_other_cause
    axes = (pressure_axis(seen), oxygen_axis(seen))
    certain = frozenset(name for name, axis in zip(AXES, axes, strict=True) if min(axis.grades) > 0)
    present = fever or bool(certain)
    free = febrile is not None and not fever and all(max(axis.grades) == 0 for axis in axes)
    if not (free and (seen.hypotension_attributed_to_other_cause or seen.hypoxia_attributed_to_other_cause)):
        least, most = (max(bound(axis.grades) for axis in axes) for bound in (min, max))
        return CrsSigns(present=present, free=free, axes=certain, axis_grade=least, axis_most=most)
    bare = replace(seen, hypotension_attributed_to_other_cause=False, hypoxia_attributed_to_other_cause=False)
    axes = (pressure_axis(bare), oxygen_axis(bare))
    measured = not any(axis.missing for axis in axes)
    return CrsSigns(present=present, free=measured, explained=measured and any(min(axis.grades) > 0 for axis in axes))


@dataclass(frozen=True, slots=True)
class VasopressorCount:
    besides_vasopressin: int  # distinct agents; inotropes do not count
    vasopressin: bool


def count_vasopressors(agents: Collection[str]) -> VasopressorCount:
    """Distinct agents running at once, as the export counts them (ASTCT: vasopressin apart)."""
    running = agents_of(agents)
    return VasopressorCount(running.counted, running.vasopressin)

"""Whether a set shows more of CRS than the one before: no question holds it back (decisions, Rulings 2). Pure."""

from grading.rules.grades.crs import has_fever
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.oxygen.device import oxygen_axis
from grading.rules.grades.pressure import pressure_axis


def worsens(now: CrsInputs, before: CrsInputs | None) -> bool:
    """A fever, or a certain grade of hypotension or hypoxia, that the set before did not show.

    `before` None: there is none to compare with, and every sign counts. Looks at one set beside another and at no
    course: what it cannot tell it holds to be a worsening rather than not.
    """
    if has_fever(now.temperature_c) and not (before is not None and has_fever(before.temperature_c)):
        return True
    return any(min(axis(now).grades) > (0 if before is None else min(axis(before).grades)) for axis in _AXES)


_AXES = (pressure_axis, oxygen_axis)

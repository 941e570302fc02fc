"""Which doses were given without a release: a deviation, derived and never entered. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Deviation(StrEnum):
    """What was not as it should be when a dose began."""

    NOT_RELEASED = "not_released"  # no release stood since the dose before
    OTHER_STEP = "other_step"  # the newest release was of another step


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenDose:
    """A dose that was given, by its root."""

    root: str
    at: datetime
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A standing release of a step."""

    at: datetime
    step: str


def deviations(doses: Iterable[GivenDose], releases: Iterable[Release]) -> dict[str, Deviation]:
    """Root -> deviation, of the doses that have one. A release holds until the next dose begins."""
    found: dict[str, Deviation] = {}
    before: datetime | None = None
    made = sorted(releases, key=lambda release: release.at)
    for dose in sorted(doses, key=lambda dose: (dose.at, dose.root)):
        standing = [r for r in made if r.at <= dose.at and (before is None or r.at > before)]
        if not standing:
            found[dose.root] = Deviation.NOT_RELEASED
        elif standing[-1].step != dose.step:
            found[dose.root] = Deviation.OTHER_STEP
        before = dose.at
    return found

"""Which doses were given without a release that held: a deviation, derived and never entered. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Conventions (docs/conventions.md, G13): how far from the time that the gate was asked about a release still holds.
EARLY = timedelta(hours=1)
LATE = timedelta(hours=24)


class Deviation(StrEnum):
    """What was not as it should be when a dose began."""

    NOT_RELEASED = "not_released"  # no release stood since the dose before
    OTHER_STEP = "other_step"  # the newest release was of another step
    OTHER_TIME = "other_time"  # it was given at a time that the gate was not asked about
    EVENT_SINCE = "event_since"  # CRS or ICANS began or got worse after the release
    OTHER_COHORT = "other_cohort"  # the participant was put into another cohort after the release


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenDose:
    """A dose that was given, by its root."""

    root: str
    at: datetime
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A standing release of a step. `for_at`: when the dose was to be given, as the gate was asked.

    `replanned_at`: when the cohort was changed first after it, and with it the dose. None: it was not.
    """

    at: datetime
    step: str
    for_at: datetime
    replanned_at: datetime | None = None

    def void_by(self, events: Iterable[datetime], *, until: datetime) -> bool:
        """Whether an event began or got worse since it was made: the gate has to be asked again."""
        return any(self.at < event <= until for event in events)

    def is_of_another_plan(self, *, at: datetime) -> bool:
        """Whether the cohort was another one when it was made than at this instant."""
        return self.replanned_at is not None and self.replanned_at <= at


def deviations(
    doses: Iterable[GivenDose], releases: Iterable[Release], events: Sequence[datetime] = ()
) -> dict[str, Deviation]:
    """Root -> deviation, of the doses that have one. A release holds for its dose and time, until that dose begins.

    `events`: when CRS or ICANS, provisional episodes too, began and when they were worst.
    """
    by_root: dict[str, Deviation] = {}
    before: datetime | None = None
    made = sorted(releases, key=lambda release: release.at)
    for dose in sorted(doses, key=lambda dose: (dose.at, dose.root)):
        standing = [r for r in made if r.at <= dose.at and (before is None or r.at > before)]
        deviation = _of(dose, standing[-1], events) if standing else Deviation.NOT_RELEASED
        if deviation is not None:
            by_root[dose.root] = deviation
        before = dose.at
    return by_root


def _of(dose: GivenDose, release: Release, events: Sequence[datetime]) -> Deviation | None:
    if release.step != dose.step:
        return Deviation.OTHER_STEP
    if release.is_of_another_plan(at=dose.at):
        return Deviation.OTHER_COHORT
    if release.void_by(events, until=dose.at):
        return Deviation.EVENT_SINCE
    if not release.for_at - EARLY <= dose.at <= release.for_at + LATE:
        return Deviation.OTHER_TIME
    return None

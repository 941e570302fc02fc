"""A course that is under observation, as its record stands: what the conditions of a policy are held against. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedSet:
    """A set and the bounds of its grade."""

    at: datetime
    root: str
    at_least: int
    at_most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEpisode:
    """An episode that is open: its standing grade, and its sets since the onset, in order of time.

    Of sets one after the other that say the same bounds the first is enough, and the newest of all: what is asked of
    them is since when something lasts, and what stood at an instant and stands now.
    """

    kind: str
    root: str
    started_at: datetime
    standing: int
    sets: tuple[GradedSet, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeuroSet:
    """`alarming`: the seizure and postures that were seen. `looked`: for all of these. `ice` None: not scored."""

    at: datetime
    root: str
    alarming: tuple[str, ...]
    looked: bool
    ice: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugGiven:
    at: datetime
    root: str
    is_tocilizumab: bool
    is_steroid: bool
    indication: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DueObservation:
    """The first slot after the last look of its kind (vitals or neuro)."""

    kind: str
    due_at: datetime
    late_from: datetime
    over_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The dose period that runs. `missed`: when each slot that nobody looked at or excused is over."""

    dose_root: str
    window_ends_at: datetime | None
    due: tuple[DueObservation, ...] = ()
    missed: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseNow:
    """A course that is under observation, as its record stands; lists in order of time.

    `last_at`: of the newest set. `icans_standing`: the standing grade, also without an episode. `ice_baseline` None:
    not known.
    """

    last_at: datetime | None = None
    episodes: tuple[OpenEpisode, ...] = ()
    neuro: tuple[NeuroSet, ...] = ()
    icans_standing: int = 0
    ice_baseline: int | None = None
    drugs: tuple[DrugGiven, ...] = ()
    running: Running | None = None

    def episode(self, kind: str) -> OpenEpisode | None:
        return next((one for one in self.episodes if one.kind == kind), None)

"""What a course is folded from: doses, treatments, attributions, looks and death, and what a study fixes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from grading.rules.drugs.content import content_of
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.danger import NOTHING_MEASURED, Danger
from grading.rules.grades.icans_inputs import IcansInputs
from grading.rules.treatment.masking_hours import MASKING_HOURS, Masking
from grading.rules.treatment.support import Support

CRS, ICANS = "crs", "icans"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What a study fixes. `resolution`: how long all signs must be observed absent before an episode is over.

    `awaits_dose`: the record has a dose or is to have one, so that no CRS begins before the first. False: a series
    without any, which is graded from its first set on.
    """

    resolution: timedelta = timedelta(hours=24)
    awaits_dose: bool = False
    masking: dict[Masking, timedelta] = field(
        default_factory=lambda: {drug: timedelta(hours=hours) for drug, hours in MASKING_HOURS.items()}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseGiven:
    at: datetime
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Treated:
    """A drug that can hide a fever was given. `treats` is False for premedication and prophylaxis."""

    at: datetime
    masking: Masking
    treats: bool
    lasts: timedelta | None = None  # how long it hides a fever by the study's policy; None: as its class does


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBegan:
    """A vasopressor, oxygen or fluid runs from now on, until a RunEnded of the same root. `indication`: for what.

    `at_baseline`: vasopressors that were taken before the first dose already, which mean nothing.
    """

    at: datetime
    root: str
    support: Support
    indication: str
    at_baseline: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded:
    """`root`: of what began. The first end counts, and one of nothing that runs is none."""

    at: datetime
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributed:
    """From `at` until `until` (None: still) an investigator holds another cause responsible for `sign`."""

    at: datetime
    until: datetime | None
    sign: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One set: what was seen at `at`. `seen` has no history in it: the fold adds it. `danger`: graded or not."""

    at: datetime
    id: str
    root: str
    seen: CrsInputs | IcansInputs
    danger: Danger = NOTHING_MEASURED

    @property
    def kind(self) -> str:
        return CRS if isinstance(self.seen, CrsInputs) else ICANS


@dataclass(frozen=True, slots=True, kw_only=True)
class Died:
    """Death, with the syndrome that a person named as its cause: "crs", "icans" or any other text."""

    at: datetime
    root: str
    cause: str


Event = DoseGiven | Treated | RunBegan | RunEnded | Attributed | Observation | Died
# Facts of the same instant, in this order: decisions on ties.
_ORDER: dict[type, int] = {DoseGiven: 0, Treated: 1, RunBegan: 1, RunEnded: 1, Attributed: 2, Observation: 3, Died: 4}


def in_order(events: Iterable[Event]) -> list[Event]:
    """By time, then kind, then content; never by when or under what key a fact came in."""
    return sorted(events, key=place_of)


def place_of(event: Event) -> tuple[datetime, int, str]:
    return event.at, _ORDER[type(event)], _content(event)


def follows(event: Event, place: tuple[datetime, int, str]) -> bool:
    """Whether its place is after this one. What it says is written out only where time and kind are the same."""
    at, order, content = place
    own = _ORDER[type(event)]
    if event.at != at or own != order:
        return event.at > at or (event.at == at and own > order)
    return _content(event) > content


def _content(event: Event) -> str:
    if isinstance(event, Observation):
        return content_of(event.seen) + (content_of(event.danger.values) if event.danger else "")
    if isinstance(event, DoseGiven | Died):
        return event.root
    if isinstance(event, RunBegan | RunEnded):  # what begins and ends at one instant begins first
        return f"run {isinstance(event, RunEnded):d} {content_of(event)}"
    return content_of(event)

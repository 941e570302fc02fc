"""What a study's dose periods say by place: counts with what is not known beside them, onset, and what was given.

A place is the first, second ... dose of a participant that opens a dose period: everybody counts once in it. Pure.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grading.evidence.outcomes import OutcomePeriod
from grading.rules.evidence.dose_outcomes import DoseOutcome
from grading.rules.evidence.hours import HoursSummary, summary_of
from regimens.design.onset import OnsetStep, median_h, onset_curve
from regimens.rules.proportions.intervals import Proportion, proportion


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCount:
    """Participants at a place by what is known of them; open and undeterminable ones are in no share."""

    event: int
    clear: int
    open: int
    undeterminable: int

    @property
    def known(self) -> int:
        return self.event + self.clear

    @property
    def given(self) -> int:
        return self.known + self.not_known

    @property
    def not_known(self) -> int:
        return self.open + self.undeterminable

    @property
    def proportion(self) -> Proportion | None:
        """Of those whose outcome is known. None: it is of nobody."""
        return proportion(self.event, self.known)

    @property
    def least(self) -> float:
        """Of all who were given the dose, if nobody of whom it is not known has an event."""
        return self.event / self.given

    @property
    def most(self) -> float:
        """The same if all of them have."""
        return (self.event + self.not_known) / self.given


@dataclass(frozen=True, slots=True, kw_only=True)
class Onset:
    """`with_crs`: hours to onset of those with CRS alone. `left_out`: not known whether, or when, or before the dose.

    `curve` is of all others, `people` of them, watched for up to `until_h`; its median is not reached while more than
    half are free.
    """

    with_crs: HoursSummary | None
    people: int
    left_out: int
    until_h: float
    curve: tuple[OnsetStep, ...]

    @property
    def median_h(self) -> float | None:
        return median_h(self.curve)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugNeed:
    """Periods in which it was needed. `not_known`: nothing was recorded of what was given."""

    needed: int
    not_known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """`steps`: what was given at this place, and to how many. Empty: it is not told."""

    place: int
    steps: tuple[tuple[str, int], ...]
    any: PlaceCount
    grade2: PlaceCount
    onset: Onset
    tocilizumab: DrugNeed
    steroid: DrugNeed


def rows_of(periods: Iterable[OutcomePeriod], *, by_label: bool) -> tuple[EvidenceRow, ...]:
    """A row for each place, in order."""
    places: dict[int, list[OutcomePeriod]] = {}
    for one in periods:
        places.setdefault(one.place, []).append(one)
    return tuple(_row(place, places[place], by_label=by_label) for place in sorted(places))


def _row(place: int, periods: Sequence[OutcomePeriod], *, by_label: bool) -> EvidenceRow:
    steps = Counter(one.step for one in periods).most_common() if by_label else []
    return EvidenceRow(
        place=place, steps=tuple(sorted(steps, key=lambda item: (-item[1], item[0]))),
        any=_count(one.crs_any for one in periods), grade2=_count(one.crs_grade2 for one in periods),
        onset=_onset(periods), tocilizumab=_need([one.tocilizumab for one in periods]),
        steroid=_need([one.steroid for one in periods]),
    )  # fmt: skip


def _count(outcomes: Iterable[DoseOutcome]) -> PlaceCount:
    counts = Counter(outcomes)
    return PlaceCount(**{str(one): counts[one] for one in DoseOutcome})


def _need(flags: Sequence[bool | None]) -> DrugNeed:
    return DrugNeed(needed=flags.count(True), not_known=flags.count(None))


def _onset(periods: Sequence[OutcomePeriod]) -> Onset:
    with_crs = [one for one in periods if one.crs_any is DoseOutcome.EVENT]
    without = [one for one in periods if one.crs_any in (DoseOutcome.CLEAR, DoseOutcome.OPEN)]
    hours = [one.onset_h for one in with_crs if one.onset_h is not None and one.onset_h >= 0]
    watched = [float(one.observed_h) for one in without if one.observed_h is not None]
    times = [*((float(one), True) for one in hours), *((one, False) for one in watched)]
    return Onset(
        with_crs=summary_of(hours), people=len(times), left_out=len(periods) - len(times),
        until_h=max((t for t, _event in times), default=0.0), curve=tuple(onset_curve(times)),
    )  # fmt: skip

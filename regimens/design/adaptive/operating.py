"""Operating characteristics: what designs do in trials whose truth is known, all of them to the same simulated people.

A person of a trial has chances of their own for each dose period, whatever the design and the rung: two designs that
give the same rung see the same events.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, Protocol

from regimens.design.adaptive.comparators import (
    THREE,
    Boin,
    CohortMove,
    three_plus_three,
    three_plus_three_mtd,
)
from regimens.design.adaptive.decisions import Decided, Rung
from regimens.design.adaptive.surface import Array
from regimens.design.randomness import uniforms

PERIODS = 24  # chances of a person, so that a longer regimen among others changes nobody's
QUANTILES = (10, 50, 90)  # per cent of the trials
Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Truth:
    """`p`: of each rung, of each dose period, the probability of an event. `grade3_share`: of events."""

    p: Sequence[Array]
    grade3_share: float


class SimulatedTrial:
    """A trial so far. Of each rung: participants, those with any event, and events by dose period."""

    def __init__(self, truth: Truth, seed: int, trial: int, most: int) -> None:
        self.truth = truth
        shape = (most, PERIODS)
        self.chances = uniforms(seed, f"trials/{trial}/events", 0, most * PERIODS).reshape(shape)
        self.of_grade3 = uniforms(seed, f"trials/{trial}/grade3", 0, most * PERIODS).reshape(shape) < truth.grade3_share
        self.n = [0] * len(truth.p)
        self.with_event = [0] * len(truth.p)
        self.events = [[0] * len(p) for p in truth.p]
        self.grade3 = 0

    @property
    def participants(self) -> int:
        return sum(self.n)

    @property
    def all_events(self) -> int:
        return sum(map(sum, self.events))

    @property
    def by_participant(self) -> list[tuple[int, int]]:
        """(with any event, participants) of each rung, as designs of one event a participant see it."""
        return list(zip(self.with_event, self.n, strict=True))

    def treat(self, rung: int, count: int) -> None:
        """The next so many participants."""
        first, p = self.participants, self.truth.p[rung]
        had = self.chances[first : first + count, : len(p)] < p
        self.n[rung] += count
        self.with_event[rung] += int(had.any(axis=1).sum())
        self.grade3 += int((had & self.of_grade3[first : first + count, : len(p)]).sum())
        by_period = had.sum(axis=0).tolist()
        self.events[rung] = [before + more for before, more in zip(self.events[rung], by_period, strict=True)]


class TrialEnd(Enum):
    """Why a trial ended."""

    LOWEST = "lowest_too_toxic"
    NONE_ALLOWED = "none_allowed"  # after as many as the rule asks
    MTD = "mtd_found"
    USED = "participants_used"


class NextCohort(NamedTuple):
    """To the rung for the next cohort; or an `end`, with the rung selected. None: no rung."""

    rung: int | None
    end: TrialEnd | None = None


class TrialDesign(Protocol):
    """`whole`: it gives only whole cohorts, of its own size."""

    @property
    def cohort(self) -> int: ...
    @property
    def whole(self) -> bool: ...

    def step(self, course: SimulatedTrial, rung: int) -> NextCohort:
        """After a cohort at this rung."""

    def selected(self, course: SimulatedTrial, rung: int) -> int | None:
        """Where there are no more participants."""


@dataclass(frozen=True, kw_only=True)
class ModelDesign:
    """The escalation rule after each cohort. `decide`: what it says of the course at this rung."""

    rungs: Sequence[Rung]
    decide: Callable[[SimulatedTrial, int], Decided]
    cohort: int
    whole: bool = False

    def step(self, course: SimulatedTrial, rung: int) -> NextCohort:
        decided = self.decide(course, rung)
        if decided.recommended is not None:
            return NextCohort(decided.recommended)
        return NextCohort(None, TrialEnd.LOWEST if decided.lowest_too_toxic else TrialEnd.NONE_ALLOWED)

    def selected(self, course: SimulatedTrial, rung: int) -> int | None:
        """The allowed rung of highest value that somebody was given."""
        decided = self.decide(course, rung)
        fit = [at for at, reasons in enumerate(decided.because) if not reasons and course.n[at]]
        return max(fit, key=lambda at: (self.rungs[at].value_ug_d_ml, -at), default=None)


@dataclass(frozen=True, kw_only=True)
class BoinDesign:
    boin: Boin
    cohort: int
    whole: bool = False

    def step(self, course: SimulatedTrial, rung: int) -> NextCohort:
        counts = course.by_participant
        out = next((at for at, one in enumerate(counts) if self.boin.eliminates(*one)), len(counts))
        if out == 0:
            return NextCohort(None, TrialEnd.LOWEST)
        move = self.boin.move(*counts[rung])
        wanted = rung + {CohortMove.UP: 1, CohortMove.DOWN: -1}.get(move, 0)
        return NextCohort(max(0, min(wanted, out - 1)))

    def selected(self, course: SimulatedTrial, rung: int) -> int | None:
        return self.boin.mtd(course.by_participant)


@dataclass(frozen=True, kw_only=True)
class ThreePlusThree:
    cohort: int = THREE
    whole: bool = True

    def step(self, course: SimulatedTrial, rung: int) -> NextCohort:
        counts = course.by_participant
        move = three_plus_three(counts, rung)
        while move is CohortMove.DOWN:
            rung -= 1
            move = three_plus_three(counts, rung)
        if move is CohortMove.MTD:
            return NextCohort(rung, TrialEnd.MTD)
        if move is CohortMove.NONE:
            return NextCohort(None, TrialEnd.LOWEST)
        return NextCohort(rung + (move is CohortMove.UP))

    def selected(self, course: SimulatedTrial, rung: int) -> int | None:
        return three_plus_three_mtd(course.by_participant)


class TrialOutcome(NamedTuple):
    """The rung selected after a whole trial (None: no rung), and why it ended."""

    selected: int | None
    end: TrialEnd


def simulated(design: TrialDesign, course: SimulatedTrial, start: int, most: int) -> TrialOutcome:
    """`course` then holds the whole trial."""
    rung = start
    while (left := most - course.participants) >= (design.cohort if design.whole else 1):
        course.treat(rung, min(design.cohort, left))
        following, end = design.step(course, rung)
        if end is not None:
            return TrialOutcome(following, end)
        assert following is not None  # without a rung it has ended
        rung = following
    return TrialOutcome(design.selected(course, rung), TrialEnd.USED)


class TrialCounts(NamedTuple):
    """Of one trial. `over`: participants at a rung that is truly too toxic."""

    participants: int
    events: int
    grade3: int
    over: int

    @property
    def over_share(self) -> float:
        return self.over / self.participants if self.participants else 0.0


@dataclass
class Tally:
    """Of all trials of a design."""

    rungs: int
    counts: list[TrialCounts] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.selected = [0] * self.rungs
        self.ends = dict.fromkeys(TrialEnd, 0)

    @property
    def trials(self) -> int:
        return len(self.counts)

    @property
    def participants(self) -> int:
        return sum(one.participants for one in self.counts)

    @property
    def events(self) -> int:
        return sum(one.events for one in self.counts)

    @property
    def grade3(self) -> int:
        return sum(one.grade3 for one in self.counts)

    @property
    def over(self) -> int:
        return sum(one.over for one in self.counts)

    def add(self, course: SimulatedTrial, outcome: TrialOutcome, over: Sequence[bool]) -> None:
        """`over`: which rungs are truly too toxic."""
        treated_over = sum(n for n, too_toxic in zip(course.n, over, strict=True) if too_toxic)
        self.counts.append(TrialCounts(course.participants, course.all_events, course.grade3, treated_over))
        self.ends[outcome.end] += 1
        if outcome.selected is not None:
            self.selected[outcome.selected] += 1

    def quantiles(self, name: str) -> list[float]:
        """The values that 10, 50 and 90 % of the trials do not exceed: each that of a trial."""
        values = sorted(float(getattr(one, name)) for one in self.counts)
        return [values[-(-part * len(values) // 100) - 1] for part in QUANTILES]


def tallies(
    designs: Sequence[TrialDesign],
    truth: Truth,
    over: Sequence[bool],
    *,
    seed: int,
    trials: int,
    start: int,
    most: int,
    progress: Progress = lambda _done, _of: None,
) -> list[Tally]:
    """`progress` is told after each trial; an exception it raises ends everything."""
    kept = [Tally(len(truth.p)) for _ in designs]
    for trial in range(trials):
        for design, tally in zip(designs, kept, strict=True):
            course = SimulatedTrial(truth, seed, trial, most)
            tally.add(course, simulated(design, course, start, most), over)
        progress(trial + 1, trials)
    return kept

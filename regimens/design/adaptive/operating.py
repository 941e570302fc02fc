"""Operating characteristics: what designs do in trials whose truth is known, all of them to the same simulated people.

A person of a trial has chances of their own for each dose period, whatever the design and the rung: two designs that
give the same rung see the same events.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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


class NextCohort(NamedTuple):
    """To the rung for the next cohort; or `ends`, with the rung selected. None: no rung."""

    rung: int | None
    ends: bool = False


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
        return NextCohort(decided.recommended, ends=decided.recommended is None)

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
            return NextCohort(None, ends=True)
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
        if move in (CohortMove.MTD, CohortMove.NONE):
            return NextCohort(rung if move is CohortMove.MTD else None, ends=True)
        return NextCohort(rung + (move is CohortMove.UP))

    def selected(self, course: SimulatedTrial, rung: int) -> int | None:
        return three_plus_three_mtd(course.by_participant)


def simulated(design: TrialDesign, course: SimulatedTrial, start: int, most: int) -> int | None:
    """The rung selected after a whole trial, which `course` then holds. None: no rung."""
    rung = start
    while (left := most - course.participants) >= (design.cohort if design.whole else 1):
        course.treat(rung, min(design.cohort, left))
        following, ends = design.step(course, rung)
        if ends or following is None:
            return following
        rung = following
    return design.selected(course, rung)


@dataclass
class Tally:
    """Of all trials of a design."""

    rungs: int
    trials: int = 0
    participants: int = 0
    events: int = 0
    grade3: int = 0
    over: int = 0

    def __post_init__(self) -> None:
        self.selected = [0] * self.rungs

    def add(self, course: SimulatedTrial, selected: int | None, over: Sequence[bool]) -> None:
        """`over`: which rungs are truly too toxic."""
        self.trials += 1
        self.participants += course.participants
        self.events += course.all_events
        self.grade3 += course.grade3
        self.over += sum(n for n, too_toxic in zip(course.n, over, strict=True) if too_toxic)
        if selected is not None:
            self.selected[selected] += 1


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

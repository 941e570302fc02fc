"""Concentration and tolerance of a block of people over a regimen, and what is read off them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from regimens.design.doses import Array, DoseGiven, Intake, intakes, restarts_of
from regimens.design.hazard import HazardCurve, Tolerance
from regimens.design.kinetics import grid
from regimens.design.kinetics.blood import Kinetics
from regimens.design.kinetics.bound import BoundToTarget
from regimens.design.kinetics.linear import FallingClearance, Modes
from regimens.design.kinetics.soluble import SolubleTarget
from regimens.design.parameters import Drug
from regimens.design.people import People
from regimens.design.units import days, ng_ml

# Rate times step that is too much, and how often a step is halved at most against it: the largest step of what is
# stepped itself (RK4 is stable to 2.78), the first one of what is exact and read by the hazard alone. Who would need
# more has no number that is finite, or none that is confirmed.
STEPPED, EXACT = (2.5, 5), (0.25, 30)


def kinetics_of(drug: Drug, people: People) -> Kinetics:
    """Before any dose."""
    v = dict(people.pk)
    if drug.model == "bound_to_target":
        return BoundToTarget(v)
    if drug.model == "soluble_target":
        return SolubleTarget(v)
    if drug.model == "falling_clearance":
        if "cl_first" in v:
            v |= {"cl_fall": v["cl_first"] - v["cl_late"], "k_fall": np.log(2) / v["cl_half_life"]}
        return FallingClearance(v)
    return Modes(v)


@dataclass(frozen=True, slots=True)
class Moment:
    """After a step of `h` days that ends at `t_d`: the concentrations (ug/mL) at its half and end."""

    t_d: float
    h: float
    concentrations: Array


@dataclass(frozen=True, slots=True)
class Entry:
    """Doses have entered at `t_d`: the concentration after them."""

    t_d: float
    concentration: Array


def course(
    drug: Drug, people: People, doses: Iterable[DoseGiven], stops_d: Sequence[float], pace: grid.Pace = grid.DEFAULT
) -> Iterator[Moment | Entry]:
    """Everything that happens from the first dose or stop to the last stop, in order."""
    doses = list(doses)
    entering = _entering(drug, doses, max(stops_d))
    kinetics = kinetics_of(drug, people)
    nothing, given = np.zeros((2, people.count)), False
    for stretch in grid.stretches([*stops_d, *entering], restarts_of(drug, doses, max(stops_d)), pace):
        if stretch.from_d in entering:
            given = True
            for intake in entering[stretch.from_d]:
                (kinetics.infuse if intake.rate else kinetics.give)(intake.of(people.weight_kg))
            yield Entry(stretch.from_d, kinetics.concentration())
        at = stretch.from_d
        for h in stretch.steps_d[:-1]:
            at += h
            yield Moment(at, h, kinetics.step(h) if given else nothing)
        h = stretch.steps_d[-1]
        yield Moment(stretch.to_d, h, kinetics.step(h) if given else nothing)


def _entering(drug: Drug, doses: Iterable[DoseGiven], until_d: float) -> dict[float, list[Intake]]:
    """What enters at each time before the end."""
    entering: dict[float, list[Intake]] = {}
    for intake in intakes(drug, doses):
        if intake.t_d < until_d:
            entering.setdefault(intake.t_d, []).append(intake)
    return entering


def areas(
    drug: Drug,
    people: People,
    doses: Iterable[DoseGiven],
    edges_d: Sequence[float],
    curve: HazardCurve,
    pace: grid.Pace = grid.DEFAULT,
) -> Array:
    """The area under the hazard at SMAX 1 between neighbouring edges: [interval, ..., person].

    A curve whose parameters have a leading axis gives that axis too (many parameters, the same people). People whose
    drug moves too fast for the steps are solved with smaller ones, whoever else is in the block.
    """
    with np.errstate(all="ignore"):
        kinetics, pace = kinetics_of(drug, people), _pace_of(drug, pace)
        splits = _halvings(kinetics, pace)
        doses = list(doses)
        if not splits.any():
            return _areas(drug, people, doses, edges_d, curve, pace)
        whole: Array | None = None
        for split in np.unique(splits):
            chosen = np.flatnonzero(splits == split)
            finer = _finer(kinetics, pace, int(split))
            part = _areas(drug, people.some(chosen), doses, edges_d, _of(curve, chosen, people.count), finer)
            if whole is None:
                whole = np.empty((*part.shape[:-1], people.count))
            whole[..., chosen] = part
        assert whole is not None
        return whole


def _pace_of(drug: Drug, pace: grid.Pace) -> grid.Pace:
    return pace if drug.model == "bound_to_target" else pace.finer()


def _halvings(kinetics: Kinetics, pace: grid.Pace) -> NDArray[np.int64]:
    """How often a step is to be halved for each person."""
    too_fast, most = EXACT if kinetics.exact else STEPPED
    step = days(pace.first_h if kinetics.exact else pace.most_h)
    halvings = np.ceil(np.log2(np.maximum(step * kinetics.fastest() / too_fast, 1.0)))
    return np.nan_to_num(halvings, nan=0.0, posinf=0.0).clip(0, most).astype(np.int64)


def _finer(kinetics: Kinetics, pace: grid.Pace, halvings: int) -> grid.Pace:
    return pace.halved("first_h" if kinetics.exact else "most_h", halvings)


def _of(curve: HazardCurve, chosen: NDArray[np.intp], count: int) -> HazardCurve:
    """The parameters of the chosen people: those that have one value a person."""
    parts = (np.asarray(value) for value in curve)
    return HazardCurve(*(part[..., chosen] if part.ndim and part.shape[-1] == count else part for part in parts))


def _areas(
    drug: Drug, people: People, doses: list[DoseGiven], edges_d: Sequence[float], curve: HazardCurve, pace: grid.Pace
) -> Array:
    edges = set(edges_d)
    tolerance = Tolerance(curve, np.zeros(people.count))
    taken: list[Array] = []
    for event in course(drug, people, doses, edges_d, pace):
        if isinstance(event, Entry):
            tolerance.meet(event.concentration)
            continue
        tolerance.step(event.h, event.concentrations)
        if event.t_d in edges:
            taken.append(tolerance.take_area())
    first = min(edges_d)
    if any(dose.t_d < first for dose in doses):
        del taken[0]  # up to the first edge, where doses were given before it
    return np.stack(taken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Of one person over a window. `tmax_d`: days after its start."""

    from_d: float
    to_d: float
    cmax_ng_ml: float
    tmax_d: float
    cavg_ng_ml: float
    ctrough_ng_ml: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Of one person: times in days, ug/mL and tolerance at them. At the time of a dose there are two points.

    `areas`: those of `areas()`, by the same steps; empty without a curve, as `tolerance` is None. `exposures`: a window
    each.
    """

    t_d: tuple[float, ...]
    ug_ml: tuple[float, ...]
    tolerance: tuple[float, ...] | None
    areas: tuple[float, ...]
    exposures: tuple[Exposure, ...]


def line(
    drug: Drug, people: People, doses: Iterable[DoseGiven], edges_d: Sequence[float],
    curve: HazardCurve | None = None, windows: Sequence[tuple[float, float]] = (), pace: grid.Pace = grid.DEFAULT,
) -> Line:  # fmt: skip
    """All of the first person up to the last edge, solved once: the course for a picture and what is read off it."""
    doses, edges = list(doses), set(edges_d)
    first = min(edges_d)
    begins = min([first, *(dose.t_d for dose in doses)])
    times = [0.0] if begins <= 0 else [0.0, begins]
    values, held = [0.0] * len(times), [1.0] * len(times)
    views = [_Window(start, end) for start, end in windows]
    taken: list[float] = []
    with np.errstate(all="ignore"):
        tolerance = None if curve is None else Tolerance(curve, np.zeros(people.count))
        kinetics, pace = kinetics_of(drug, people), _pace_of(drug, pace)
        pace = _finer(kinetics, pace, int(_halvings(kinetics, pace)[0]))
        for event in course(drug, people, doses, edges_d, pace):
            if isinstance(event, Entry):
                end = float(event.concentration[0])
                if tolerance is not None:
                    tolerance.meet(event.concentration)
            else:
                middle, end = (float(row[0]) for row in event.concentrations)
                for window in views:
                    window.meet(event.t_d - event.h, event.h, values[-1], middle, end, event.t_d)
                if tolerance is not None:
                    tolerance.step(event.h, event.concentrations)
                    if event.t_d in edges:
                        taken.append(float(tolerance.take_area()[0]))
            times.append(event.t_d)
            values.append(end)
            held.append(1.0 if tolerance is None else float(tolerance.tolerance[0]))
        if isinstance(kinetics, Modes):
            for window in views:
                window.area = _exact_area(drug, people, doses, window.start, window.end)
    if taken and any(dose.t_d < first for dose in doses):
        del taken[0]  # up to the first edge, where doses were given before it
    return Line(
        t_d=tuple(times), ug_ml=tuple(values), tolerance=None if curve is None else tuple(held), areas=tuple(taken),
        exposures=tuple(window.exposure() for window in views),
    )  # fmt: skip


def exposures(
    drug: Drug, people: People, doses: Iterable[DoseGiven], windows: Sequence[tuple[float, float]],
    pace: grid.Pace = grid.DEFAULT,
) -> list[Exposure]:  # fmt: skip
    """Largest, average and last concentration of the first person in each window."""
    stops = sorted({0.0} | {edge for window in windows for edge in window})
    return list(line(drug, people, doses, stops, windows=windows, pace=pace).exposures)


def _exact_area(drug: Drug, people: People, doses: Iterable[DoseGiven], from_d: float, to_d: float) -> float:
    """Under the concentration of the first person between two times, of a linear drug: no step is an approximation."""
    kinetics, area = Modes(people.pk), 0.0
    entering = _entering(drug, doses, to_d)
    for start, end in pairwise(sorted({*entering, from_d, to_d})):
        for intake in entering.get(start, ()):
            (kinetics.infuse if intake.rate else kinetics.give)(intake.of(people.weight_kg))
        if start >= from_d:
            area += float(kinetics.area(end - start)[0])
        kinetics.advance(end - start)
    return area


class _Window:
    def __init__(self, start: float, end: float) -> None:
        self.start, self.end = start, end
        self.area, self.most, self.most_at, self.last = 0.0, 0.0, 0.0, 0.0

    def meet(self, at: float, h: float, before: float, middle: float, end: float, to_d: float) -> None:
        if to_d > self.end or at < self.start - h / 2:
            return
        self.area += h / 6 * (before + 4 * middle + end)
        for value, share in ((before, 0.0), (middle, 0.5), (end, 1.0), _top(before, middle, end)):
            if value > self.most:
                self.most, self.most_at = value, at + share * h - self.start
        self.last = end

    def exposure(self) -> Exposure:
        return Exposure(
            from_d=self.start,
            to_d=self.end,
            cmax_ng_ml=ng_ml(self.most),
            tmax_d=max(self.most_at, 0.0),
            cavg_ng_ml=ng_ml(self.area / (self.end - self.start)),
            ctrough_ng_ml=ng_ml(self.last),
        )


def _top(before: float, middle: float, end: float) -> tuple[float, float]:
    """The top of the parabola through start, middle and end of a step, if it lies inside: value and share."""
    bend = before - 2 * middle + end
    if bend >= 0:
        return middle, 0.5
    share = 0.5 - (end - before) / (4 * bend)
    if not 0 < share < 1:
        return middle, 0.5
    return middle - (end - before) ** 2 / (8 * bend), share


def value_ug_d_ml(drug: Drug, people: People, doses: Iterable[DoseGiven], until_d: float) -> float:
    """The area under the concentration that acts of the first person, from 0."""
    (window,) = exposures(drug, people, doses, [(0.0, until_d)])
    return window.cavg_ng_ml / ng_ml(1.0) * until_d


def half_life_d(drug: Drug, people: People) -> float | None:
    """Terminal, of the first person. None: it is not linear and constant, and has none."""
    kinetics = kinetics_of(drug, people)
    return float(kinetics.half_life_d()[0]) if isinstance(kinetics, Modes) else None

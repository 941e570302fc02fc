"""One person solved again by an adaptive solver, from the equations as they are printed: nothing of the fast one.

The only module that uses scipy.integrate. Times in days, amounts in mg (elranatamab: nmol), concentrations in ug/mL.
"""

import math
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.integrate import odeint

from regimens.design.doses import Array, DoseGiven, intakes
from regimens.design.hazard import HazardCurve
from regimens.design.parameters import Drug
from regimens.design.people import People

MOST_STEPS = 100_000  # of the solver, between two stops

State = Sequence[float]
# state, time since the first dose, mg a day that run in -> concentration that acts, and the slopes of the drug's states
Model = Callable[[State, float, float], tuple[float, list[float]]]


@dataclass(frozen=True, slots=True)
class Solvable:
    """A drug in one person. `enters`: the place of the state that takes a dose, and what a mg is there."""

    model: Model
    start: tuple[float, ...]
    enters: int
    per_mg: float


def solve(
    drug: Drug,
    people: People,
    person: int,
    doses: Iterable[DoseGiven],
    edges_d: Sequence[float],
    curve: HazardCurve,
    relative: float = 1e-8,
) -> Array:
    """The area under the hazard at SMAX 1 of one of the people between neighbouring edges; nan: it failed."""
    of = _solvable(drug, {name: float(values[person]) for name, values in people.pk.items()})
    s50, kin, i50, hill = (float(np.broadcast_to(value, (people.count,))[person]) for value in curve)
    entering = intakes(drug, doses)
    weight = people.weight_kg[person : person + 1]
    first_d = entering[0].t_d
    edges = sorted(set(edges_d))
    stops = sorted({first_d, *edges, *(one.t_d for one in entering if one.t_d < edges[-1])})
    state, inflow, at_edge = [*of.start, 1.0, 0.0], 0.0, [0.0]

    def slopes(states: Array, t: float, running: float) -> list[float]:
        y = states.tolist()  # plain numbers: half the time of numpy's own, one by one
        concentration, drug_slopes = of.model(y, t - first_d, running)
        effect = 0.0
        if concentration > 0:
            effect = 1 / (1 + math.exp(min(hill * math.log(s50 / concentration), 700.0)))
        else:
            concentration = 0.0
        tolerance = y[-2]
        return [*drug_slopes, kin * (i50 / (i50 + concentration) - tolerance), effect * tolerance]

    for start, end in zip(stops, [*stops[1:], None], strict=True):
        for one in entering:
            if one.t_d == start:
                amount = float(one.of(weight)[0])
                if one.rate:
                    inflow += amount
                else:
                    state[of.enters] += amount * of.per_mg
        if start in edges and start != edges[0]:
            at_edge.append(state[-1])
        elif start == edges[0]:
            at_edge = [state[-1]]
        if end is not None:
            state = _advance(slopes, state, start, end, inflow, relative)
    return np.diff(at_edge)


def _advance(
    slopes: Callable[[Array, float, float], list[float]],
    state: list[float],
    start: float,
    end: float,
    inflow: float,
    relative: float,
) -> list[float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        solution, report = odeint(
            slopes,
            state,
            [start, end],
            args=(inflow,),
            rtol=relative,
            atol=relative * 1e-3,
            mxstep=MOST_STEPS,
            full_output=True,
        )
    if report["message"] != "Integration successful.":
        return [math.nan] * len(state)
    return [float(value) for value in solution[-1]]


def _solvable(drug: Drug, v: Mapping[str, float]) -> Solvable:
    return _MODELS[drug.model](v)


def _linear(v: Mapping[str, float]) -> Solvable:
    ka, vc = v.get("ka"), v["vc"]
    k, out = v["cl"] / vc, v.get("q", 0.0) / vc
    back = v["q"] / v["vp"] if "q" in v else 0.0

    def model(y: State, _t: float, running: float) -> tuple[float, list[float]]:
        depot, blood, periphery = y[0], y[1], y[2]
        absorbed = 0.0 if ka is None else ka * depot
        exchange = out * blood - back * periphery
        return blood / vc, [-absorbed, absorbed + running - k * blood - exchange, exchange]

    return Solvable(model, (0.0, 0.0, 0.0), 1 if ka is None else 0, 1.0 if ka is None else v["f"])


def _falling_clearance(v: Mapping[str, float]) -> Solvable:
    ka, vc, out, back = v.get("ka"), v["vc"], v["q"] / v["vc"], v["q"] / v["vp"]

    def clearance(t: float) -> float:
        if "cl_first" in v:
            return v["cl_late"] + (v["cl_first"] - v["cl_late"]) * math.exp(-math.log(2) * t / v["cl_half_life"])
        return v["cl_late"] + v["cl_fall"] * math.exp(-v["k_fall"] * t)

    def model(y: State, t: float, running: float) -> tuple[float, list[float]]:
        depot, blood, periphery = y[0], y[1], y[2]
        absorbed = 0.0 if ka is None else ka * depot
        exchange = out * blood - back * periphery
        return blood / vc, [-absorbed, absorbed + running - clearance(t) / vc * blood - exchange, exchange]

    return Solvable(model, (0.0, 0.0, 0.0), 1 if ka is None else 0, 1.0 if ka is None else v["f"])


def _bound_to_target(v: Mapping[str, float]) -> Solvable:
    cl, q, vc, vp, ka = v["cl"], v["q"], v["vc"], v["vp"], v["ka"]
    base, kss, kint = v["base"], v["kss"], v["kint"]

    def model(y: State, _t: float, _running: float) -> tuple[float, list[float]]:
        depot, central, periphery = y[0], y[1], y[2]
        total = max(central, 0.0) / vc
        a = total - base - kss
        free = 2 * kss * total / (math.sqrt(a * a + 4 * kss * total) - a)
        back = q / vp * periphery
        return free, [
            -ka * depot,
            ka * depot - (cl + q) * free + back - kint * base * vc * free / (kss + free),
            q * free - back,
        ]

    return Solvable(model, (0.0, 0.0, 0.0), 0, 1.0)


def _soluble_target(v: Mapping[str, float]) -> Solvable:
    cl, q, vc, vp, ka, f = v["cl"], v["q"], v["vc"], v["vp"], v["ka"], v["f"]
    cl_t, v_t, r0, cl_x, v_x = v["cl_target"], v["v_target"], v["target"], v["cl_bound"], v["v_bound"]
    in_s = v["kd"] * vc * v_t / v_x
    ug_ml = v["kda"] / 1000  # of nM

    def model(y: State, _t: float, _running: float) -> tuple[float, list[float]]:
        depot, a, periphery, t = y[0], max(y[1], 0.0), y[2], max(y[3], 0.0)
        s = in_s + a + t
        x = 2 * a * t / (s + math.sqrt(max(s * s - 4 * a * t, 0.0)))
        back = q / vp * periphery
        return (a - x) / vc * ug_ml, [
            -ka * depot,
            f * ka * depot - (cl + q) / vc * (a - x) + back - cl_x / v_x * x,
            q / vc * (a - x) - back,
            cl_t * r0 - cl_t / v_t * (t - x) - cl_x / v_x * x,
        ]

    return Solvable(model, (0.0, 0.0, 0.0, r0 * v_t), 0, 1000 / v["kda"])


_MODELS: dict[str, Callable[[Mapping[str, float]], Solvable]] = {
    "linear": _linear,
    "falling_clearance": _falling_clearance,
    "bound_to_target": _bound_to_target,
    "soluble_target": _soluble_target,
}

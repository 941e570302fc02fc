"""The numerics of the design workbench against their peers, in ratios: python3 dev.py bench design [people] [rounds]

One core, CPU seconds, rounds in turn, medians. The task: epcoritamab (LI26, with LI25's variability) 0.16, 0.8, 48 mg,
then 48 mg a week, 61 days, 9 doses, the probability of each dose period. The peer is libRoadRunner (CVODE on compiled
SBML), which nobody needs for anything else: `pip install libroadrunner antimony`, by hand. Without it the rest is
printed.
"""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from bench.designs.design_pages import page_rows
from regimens.design import verifier
from regimens.design.concentrations import areas
from regimens.design.contract.kinds import answer
from regimens.design.doses import VirtualDose, edges_of, periods_of
from regimens.design.kinetics.grid import DEFAULT, PREVIEW, Pace
from regimens.design.parameters import drug
from regimens.design.people import People, Population, drawn

EPCORITAMAB = drug("epcoritamab")
HAZARD = EPCORITAMAB.hazard
STEPS = [(0, 0.16), (7, 0.8), *((14 + 7 * n, 48) for n in range(7))]
DOSES = [VirtualDose(t_d=t, mg=mg) for t, mg in STEPS]
EDGES = edges_of(periods_of([t for t, _ in STEPS], 61))
BLOCK = 8_000
OF_PEER, OF_LSODA = 200, 20  # people a round: they are slow

MODEL = """
model li26
  D = 0; A = 0; B = 0; M = 1; H = 0
  {values}
  Ctot := A/Vc; a := Ctot - BASE - KSS; C := 2*KSS*Ctot/(sqrt(a^2 + 4*KSS*Ctot) - a)
  D' = -ka*D
  A' = ka*D - (CL + Q)*C + (Q/Vp)*B - kint*BASE*Vc*C/(KSS + C)
  B' = Q*C - (Q/Vp)*B
  M' = Kin*I50/(I50 + C) - Kin*M
  H' = (C + 1e-30)^g/(S50^g + (C + 1e-30)^g)*M
  {doses}
end
"""
PEER_NAMES = {"cl": "CL", "q": "Q", "vc": "Vc", "vp": "Vp", "ka": "ka", "base": "BASE", "kss": "KSS", "kint": "kint"}


def people_of(count: int) -> People:
    return drawn(EPCORITAMAB, Population(), 1, 0, count, HAZARD)


def ours(people: People, pace: Pace) -> np.ndarray:
    parts = []
    for start in range(0, people.count, BLOCK):
        some = people.some(np.arange(start, min(start + BLOCK, people.count)))
        parts.append(areas(EPCORITAMAB, some, DOSES, EDGES, some.curve(HAZARD), pace))
    return -np.expm1(-np.concatenate(parts, axis=1) * HAZARD.smax)


def lsoda(people: People, relative: float) -> np.ndarray:
    curve = people.curve(HAZARD)
    columns = [verifier.solve(EPCORITAMAB, people, i, DOSES, EDGES, curve, relative) for i in range(people.count)]
    return -np.expm1(-np.stack(columns, axis=1) * HAZARD.smax)


def peer(relative: float) -> Callable[[People], np.ndarray] | None:
    """None: it is not installed."""
    try:
        import antimony
        import roadrunner
    except ImportError:
        return None
    of_hazard = {"Kin": HAZARD.kin, "I50": HAZARD.i50, "S50": HAZARD.s50, "g": HAZARD.hill}
    values = "; ".join(f"{name} = {value!r}" for name, value in of_hazard.items())
    values += "; " + "; ".join(f"{name} = 1" for name in PEER_NAMES.values())
    doses = "; ".join(f"at (time >= {t}), t0=false: D = D + {mg}" for t, mg in STEPS)
    if antimony.loadAntimonyString(MODEL.format(values=values, doses=doses)) < 0:
        sys.exit(antimony.getLastError())
    model = roadrunner.RoadRunner(antimony.getSBMLString())
    model.integrator = "cvode"
    model.integrator.relative_tolerance, model.integrator.absolute_tolerance = relative, relative * 1e-4
    model.timeCourseSelections = ["H"]
    order = list(model.model.getGlobalParameterIds())
    places = [order.index(name) for name in PEER_NAMES.values()]

    def solve(people: People) -> np.ndarray:
        values = np.stack([people.pk[name] for name in PEER_NAMES], axis=1)
        columns = np.empty((len(EDGES), people.count))
        for person in range(people.count):
            model.reset()
            model.model.setGlobalParameterValues(places, values[person])
            columns[:, person] = model.simulate(times=EDGES)[:, 0]
        return -np.expm1(-np.diff(columns, axis=0) * HAZARD.smax)

    return solve


def cpu_s(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def rates(rows: dict[str, tuple[Callable[[People], np.ndarray], People]], rounds: int) -> dict[str, float]:
    """People a CPU second of each, the median of rounds in turn."""
    seconds: dict[str, list[float]] = {name: [] for name in rows}
    for _ in range(rounds):
        for name, (solve, people) in rows.items():
            seconds[name].append(cpu_s(lambda: solve(people)))  # noqa: B023  it is called at once
    return {name: rows[name][1].count / statistics.median(taken) for name, taken in seconds.items()}


def memory_mb(people: int) -> float:
    """Peak of a fresh process that runs a whole trial of so many."""
    run = subprocess.run(
        [sys.executable, "-m", "bench.designs.design", "--memory", str(people)],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(run.stdout)


def one_trial(people: int) -> None:
    answer("trial", trial(people))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def trial(people: int, regimens: int = 1) -> dict[str, object]:
    doses = [{"t_d": t, "mg": mg} for t, mg in STEPS]
    return {
        "drug": "epcoritamab",
        "regimens": [{"name": str(n), "doses": doses} for n in range(regimens)],
        "horizon_d": 61,
        "patients": people,
        "seed": 1,
    }


def learning() -> dict[str, object]:
    """Four regimens of three periods, and counts of the first."""
    names = ("6", "12", "24", "48")
    last = {"6": 6, "12": 12, "24": 24, "48": 48}
    ladder = [
        {"name": name, "doses": [{"t_d": 0, "mg": 0.16}, {"t_d": 7, "mg": 0.8}, {"t_d": 14, "mg": last[name]}]}
        for name in names
    ]
    data = [{"regimen": "6", "period": period, "n": 6, "events": events} for period, events in ((1, 1), (2, 1), (3, 0))]
    return {"drug": "epcoritamab", "regimens": ladder, "data": data}


def learning_rows(rounds: int) -> None:
    known = learning()
    climbing = known | {"ladder": ["6", "12", "24", "48"], "current": "6", "grade3": {"events": 0, "of": 2}, "rule": {}}
    paths = climbing | {"next": {"regimen": "6", "n": 3}}  # 4^3 outcomes
    answer("posterior", known)  # what a regimen costs once is kept
    people = people_of(1_000)
    update, sixty_four, preview = [], [], []
    for _ in range(rounds):
        update.append(cpu_s(lambda: answer("posterior", known)))
        sixty_four.append(cpu_s(lambda: answer("pathways", paths)))
        preview.append(4 * cpu_s(lambda: ours(people, PREVIEW)))
    one, many, seen = (statistics.median(taken) for taken in (update, sixty_four, preview))
    print(
        f"update and all summaries    {one * 1e3:9.1f} ms  {one / seen:6.2f} x a preview of 1,000 people x 4 regimens"
    )
    print(f"64 pathways                 {many * 1e3:9.1f} ms  {many / one:6.1f} x one update")


def main() -> None:
    numbers = [int(word) for word in sys.argv[1:]]
    count, rounds = (*numbers, *(16_000, 3)[len(numbers) :])
    many, few, fewer = people_of(count), people_of(min(count, OF_PEER)), people_of(min(count, OF_LSODA))
    exact = lsoda(fewer, 1e-10)
    rows: dict[str, tuple[Callable[[People], np.ndarray], People]] = {
        "ours, default": (lambda people: ours(people, DEFAULT), many),
        "ours, preview": (lambda people: ours(people, PREVIEW), many),
        "LSODA in Python, 1e-6": (lambda people: lsoda(people, 1e-6), fewer),
    }
    for relative in (1e-5, 1e-6):
        solve = peer(relative)
        if solve is not None:
            rows[f"CVODE, {relative:g}"] = (solve, few)
    speeds = rates(rows, rounds)
    print(f"{'people a CPU second, LI26 with variability, 61 d, 9 doses':58} largest error of {fewer.count} people")
    for name, (solve, _) in rows.items():
        print(f"  {name:30} {speeds[name]:10,.0f} {np.abs(solve(fewer) - exact).max():27.1e}")
    for mine, other in (
        ("ours, default", "CVODE, 1e-06"),
        ("ours, preview", "CVODE, 1e-05"),
        ("ours, default", "LSODA in Python, 1e-6"),
    ):
        if other in speeds:
            print(f"  {mine} over {other:24} {speeds[mine] / speeds[other]:8.1f} x")
    if len(rows) == 3:
        print("  the peer libRoadRunner is not installed here: no ratio to CVODE")
    learning_rows(rounds)
    small, large = memory_mb(1_000), memory_mb(100_000)
    print(f"peak memory of a trial      1,000 people {small:.0f} MB, 100,000 {large:.0f} MB: {large / small:.2f} x")
    page_rows()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        one_trial(int(sys.argv[2]))
    else:
        main()

"""What the surprise is worth: python3 dev.py bench surprise [trials] [participants]

A band of epcoritamab's prior, and one of what 60 participants left of it, before 0.16, 0.8, 48, 48 mg a week apart.
Participants come one by one, with the hazard as published, with slow tolerance (Kin 0.2), with three times SMAX, and
with no tolerance at all (Kin 0.001). Printed: of so many seeded trials the share in which some dose period, or all of
them together, is at 4.3 bits at one look after the last participant, and, looking after each of them, how many it takes
in the median trial, and the share that is ever there: several looks are several chances.
"""

import sys
from statistics import median

import numpy as np

from regimens.design.adaptive.band import drawn_of_posterior, drawn_of_prior
from regimens.design.contract.kinds import answer
from regimens.design.contract.posterior import learned_of, read_posterior
from regimens.design.doses import DosePeriod, VirtualDose
from regimens.design.observed.courses import GivenCourse, probabilities, solved
from regimens.design.randomness import uniforms
from regimens.design.surprise import surprise

DAYS, MG, LOUD, SEED = (0.0, 7.0, 14.0, 21.0), (0.16, 0.8, 48.0, 48.0), 4.3, 17
PLAN = {"name": "plan", "doses": [{"t_d": day, "mg": mg} for day, mg in zip(DAYS, MG, strict=True)]}
SEEN = [{"regimen": "plan", "period": place, "n": 60, "events": x} for place, x in enumerate((4, 5, 7, 0), start=1)]
LI26 = (0.0539, float(np.log(0.0943)), -0.832)
TRUTHS = {
    "as published": LI26,
    "slow tolerance (Kin 0.2)": (*LI26[:2], float(np.log(0.2))),
    "SMAX x 3": (LI26[0] + float(np.log(3)), *LI26[1:]),
    "no tolerance": (*LI26[:2], float(np.log(0.001))),
}


def loudest(draws: np.ndarray, counts: np.ndarray, n: int, known: dict[tuple[int, int, int], float]) -> float:
    """The largest number of bits of a dose period, or of all of them. `known`: answers of before."""
    bits = []
    for place, count in enumerate(counts.tolist()):
        key = (place, n, count)
        if key not in known:
            bits_of = surprise(n, count, draws[place].tolist()).bits
            known[key] = np.inf if bits_of is None else bits_of
        bits.append(known[key])
    total = (len(counts), n, int(counts.sum()))
    if total not in known:
        bits_of = surprise(len(counts) * n, total[2], [tuple(np.repeat(draw, n)) for draw in draws.T]).bits
        known[total] = np.inf if bits_of is None else bits_of
    return float(max(*bits, known[total]))


def risk_of(point: tuple[float, float, float]) -> np.ndarray:
    """Of a typical person, by the engine itself: a truth may lie far from every belief."""
    smax, s50, kin = np.exp(point).tolist()
    hazard = {"smax_per_d": smax, "s50_ug_ml": s50, "kin_per_d": kin}
    asked = {"drug": "epcoritamab", "doses": PLAN["doses"], "last_period_d": 7, "hazard": hazard}
    return np.array([one["p"] for one in answer("risk", asked)["periods"]])


def main(trials: int, people: int) -> None:
    learning = {"drug": "epcoritamab", "regimens": [PLAN], "last_period_d": 7}
    case = read_posterior(learning | {"data": SEEN})
    course = GivenCourse(
        doses=tuple(VirtualDose(t_d=day, mg=mg) for day, mg in zip(DAYS, MG, strict=True)),
        periods=tuple(DosePeriod(day, day + 7) for day in DAYS), weight_kg=None,
    )  # fmt: skip
    surface = solved(case, course)
    bands = {
        "prior": drawn_of_prior(case.prior, SEED),
        "after 60 participants": drawn_of_posterior(learned_of(case).posterior, SEED),
    }
    print(f"{trials} trials of {people}, seed {SEED}; some dose period, or all, at {LOUD} bits")
    print(
        f"{'band':<22} {'truth':<26} {'p of the doses, %':<24} {'one look':>8} {'ever':>6} {'median participants':>20}"
    )
    for band, rows in bands.items():
        draws = probabilities(surface, rows)
        known: dict[tuple[int, int, int], float] = {}
        for truth, point in TRUTHS.items():
            p = risk_of(point)
            reached = []
            for trial in range(trials):
                u = np.array([uniforms(SEED, f"{truth}/{place}", trial * people, people) for place in range(len(p))])
                counts = np.cumsum(u < p[:, None], axis=1)
                looks = [loudest(draws, counts[:, n - 1], n, known) for n in range(1, people + 1)]
                reached.append((looks[-1], next((n for n, bits in enumerate(looks, 1) if bits >= LOUD), None)))
            ever = [first if first is not None else people + 1 for _last, first in reached]
            middle = median(ever)
            share = sum(last >= LOUD for last, _first in reached) / trials
            print(
                f"{band:<22} {truth:<26} {' '.join(f'{100 * one:.1f}' for one in p):<24} {share:>8.2f} "
                f"{sum(one <= people for one in ever) / trials:>6.2f} "
                f"{f'{middle:.0f}' if middle <= people else f'above {people}':>20}"
            )


if __name__ == "__main__":
    main(*(int(text) for text in sys.argv[1:3] or ("50", "60")))

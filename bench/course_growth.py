"""Whether a long course makes the next fact dear: python3 dev.py bench course_growth [long] [short]

Records facts that come in order into a course of 20 earlier sets and into one of 2,000, in turns, through `record`,
and prints the ratio of the median times. Sets, assessments and treatments are continued; a dose, which ends one
period and begins another, is derived from the whole record and stands apart, as does a correction.
"""

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.engines import engines

TIMES = 60
FEW = 4  # doses and corrections


def main() -> None:
    long = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    short = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    with engines(DB_POOL="0"):
        from tests.builders import build_world, dose, kept, neuro, stay, treatment, vitals

        worlds = []
        for code, sets in (("SHORT", short), ("LONG", long)):
            world = build_world(code)
            kept(stay(world), world)
            kept(dose(world), world)
            for number in range(sets):
                kept(vitals(world, 1 + number / 10, temperature_c=38.5 if number % 200 < 20 else 36.8), world)
            worlds.append((world, 2 + sets / 10))

        def corrected(world: Any, h: float) -> Any:
            wrong = kept(vitals(world, h), world).fact
            return vitals(world, h, temperature_c=37, supersedes=wrong, reason="typing error")

        kinds: list[tuple[str, int, Callable[[Any, float], Any]]] = [
            ("set", TIMES, vitals),
            ("assessment", TIMES, neuro),
            ("treatment", TIMES, lambda w, h: treatment(w, h, "paracetamol", "antipyretic", "crs")),
            ("vasopressor", TIMES, lambda w, h: treatment(w, h, "norepinephrine", "vasopressor", "crs")),
            ("dose", FEW, lambda w, h: dose(w, h, step=1)),
            ("correction", FEW, corrected),
        ]
        later = 0.0
        for what, times, make in kinds:
            taken: list[list[float]] = [[], []]
            for _ in range(times):
                later += 0.01
                for place, (world, after) in enumerate(worlds):  # in turns: the machine is shared
                    draft = make(world, after + later)
                    began = time.perf_counter()
                    kept(draft, world)
                    taken[place].append(time.perf_counter() - began)
            few, many = (statistics.median(one) * 1000 for one in taken)
            print(f"{what:12} after {short}: {few:.2f} ms, after {long}: {many:.2f} ms, {many / few:.2f}x", flush=True)


if __name__ == "__main__":
    main()

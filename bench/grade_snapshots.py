"""How dear a grade is beside numpy: python3 dev.py bench grade_snapshots [cases]

A table of a million snapshot cases, no two alike, is read and graded in numpy: the floor, and the answers that the
product's are held to. Beside it: the pure rules in a loop over inputs that are built, `manage.py grade` from JSON lines
to JSON lines as a whole process with all that it begins, and within it the reading of JSON. Both are run over some of
the cases (200,000 by default), and the start of the command is counted as it is for a million.
"""

import gc
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.figures import Figure
from bench.grading import floor, table

ROOT = Path(__file__).resolve().parent.parent
MILLION = 1_000_000
CASES, ROUNDS = 200_000, 3


def main() -> None:
    for one in figures(int(sys.argv[1]) if len(sys.argv) > 1 else CASES):
        print(f"{one.measure}: {one.now} (asked: {one.target}; floor: {one.floor})", flush=True)


def figures(cases: int = CASES) -> list[Figure]:
    crs, icans = table.table(table.CRS, MILLION * 3 // 4, seed=18), table.table(table.ICANS, MILLION // 4, seed=19)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cases.npz"
        np.savez(file, crs=crs, icans=icans)
        floor_s, answers = least(lambda: read_and_graded(file))
    some, others = crs[: cases * 3 // 4], icans[: cases // 4]
    expected = [*triples(answers[0], len(some)), *triples(answers[1], len(others))]
    rules_s = rules(some, others, expected)
    lines = [*lines_of("crs", table.told_crs(some)), *lines_of("icans", table.told_icans(others))]
    command_s = command(lines, expected)
    beside = f"numpy reads and grades the table: {floor_s * 1000:.0f} ms of CPU"
    return [
        Figure(
            "1 M snapshot cases, the pure rules", beside, "", "40x",
            f"{rules_s:.1f} s of CPU, {rules_s / floor_s:.0f}x", ok=rules_s <= 40 * floor_s,
        ),
        Figure(
            "1 M snapshot cases, `manage.py grade`, JSON to JSON", beside, "", "200x",
            f"{command_s:.1f} s of CPU, {command_s / floor_s:.0f}x", ok=command_s <= 200 * floor_s,
        ),
    ]  # fmt: skip


def read_and_graded(file: Path) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    with np.load(file) as kept:
        return floor.grade_crs(kept["crs"]), floor.grade_icans(kept["icans"])


def triples(columns: Iterable[Any], rows: int) -> Iterator[tuple[int, int, int]]:
    """Grade, least and most of the first rows."""
    return zip(*(column[:rows].tolist() for column in columns), strict=True)


def rules(crs: table.Rows, icans: table.Rows, expected: list[tuple[int, int, int]]) -> float:
    """Seconds of a million."""
    from crsmonitor.formats.strict_json import loads
    from grading.rules.contract.inputs import parse_crs, parse_icans
    from grading.rules.grades.crs import grade_crs
    from grading.rules.grades.icans import grade_icans

    looks = [parse_crs(loads(json.dumps(told))) for told in table.told_crs(crs)]
    tests = [parse_icans(loads(json.dumps(told)), pediatric=False) for told in table.told_icans(icans)]
    gc.freeze()  # as the command does

    def graded() -> list[tuple[int, int, int]]:
        found = []
        for look in looks:
            one = grade_crs(look)
            found.append((one.grade, one.at_least, one.at_most))
        for test in tests:
            one = grade_icans(test)
            found.append((one.grade, one.at_least, one.at_most))
        return found

    seconds, found = least(graded)
    same(found, expected)
    return seconds * MILLION / len(expected)


def lines_of(kind: str, told: Iterable[dict[str, object]]) -> Iterator[str]:
    return (json.dumps({"id": f"{kind}-{at}", "kind": kind, "inputs": inputs}) for at, inputs in enumerate(told))


def command(lines: list[str], expected: list[tuple[int, int, int]]) -> float:
    """Seconds of a million: a start, and as often as the cases go into a million what they take more than one case."""
    start = min(process(lines[:1])[0] for _ in range(ROUNDS))
    whole, answers = min((process(lines) for _ in range(ROUNDS)), key=lambda one: one[0])
    same([(one["grade"], one["at_least"], one["at_most"]) for one in map(json.loads, answers)], expected)
    return start + (whole - start) * MILLION / len(lines)


def process(lines: list[str]) -> tuple[float, list[bytes]]:
    """The CPU of the command and of all that it begins."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    call = [sys.executable, str(ROOT / "manage.py"), "grade"]
    done = subprocess.run(call, input="\n".join(lines).encode(), capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout.splitlines()


def same(found: list[tuple[int, int, int]], expected: list[tuple[int, int, int]]) -> None:
    if found != expected:
        raise SystemExit("the product and the table of the bench grade otherwise")


def least(run: Callable[[], Any]) -> tuple[float, Any]:
    """The seconds of CPU of the quickest round: what is beside it on the machine only adds. And what it gave."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        answer = run()
        rounds.append((time.process_time() - began, answer))
    return min(rounds, key=lambda one: one[0])


if __name__ == "__main__":
    main()

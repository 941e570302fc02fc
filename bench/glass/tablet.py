"""`python3 dev.py bench tablet`: what the rules weigh on a tablet, how soon they are ready, and how long a grade takes.

Under node, whose engine is Chromium's; then on the page of vital signs (bench/glass/tablet_page.py). `--every`: also
each pair of answers of the two axes of CRS under each state of the fever, 400,000 looks, compared to the byte with
Python; takes minutes.
"""

import argparse
import gzip
import json
import random
import statistics
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path

from bench.glass import tablet_page
from crsmonitor.settings_fixed import TABLET_RULES
from crsmonitor.tablet.bundle import bundle
from tests.tablet import cases
from tests.tablet.conftest import ENGINE, HERE, NODE
from tests.tablet.same import differences

GRADES = 400


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", action="store_true")
    parser.add_argument("--without-page", action="store_true", help="only under node, which needs no database")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "rules.json"
        rules.write_text(bundle(*TABLET_RULES), encoding="utf-8")
        files = [ENGINE / "micropython.mjs", ENGINE / "micropython.wasm", rules]
        packed = {path.name: len(gzip.compress(path.read_bytes())) / 1000 for path in files}
        print(f"packed: {', '.join(f'{name} {size:.0f}' for name, size in packed.items())}, in all "
              f"{sum(packed.values()):.0f} kB")  # fmt: skip
        command = [NODE, HERE / "run.mjs", *files]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:
            _measure(process, every=arguments.every)
    if not arguments.without_page:
        tablet_page.main()


def _measure(process: subprocess.Popen[str], *, every: bool) -> None:
    requests, answers = process.stdin, process.stdout
    assert requests is not None
    assert answers is not None
    print(f"ready after {json.loads(answers.readline())['start_ms']:.0f} ms")

    def ask(question: dict) -> str:
        requests.write(json.dumps(question, ensure_ascii=False) + "\n")
        requests.flush()
        return answers.readline().rstrip("\n")

    rng, spans = random.Random(1), []
    for _ in range(GRADES):
        question = {"ask": "grade", "kind": "crs", "seen": cases.crs_look(rng, history=True)}
        began = time.perf_counter()
        ask(question)
        spans.append((time.perf_counter() - began) * 1000)
    spans.sort()
    print(
        f"a grade with what would change it: {statistics.median(spans):.1f} ms, p95 {spans[int(GRADES * 0.95)]:.1f} ms"
    )
    if every:
        number = count()
        looks = ({"ask": "grade", "kind": "crs", "seen": seen, "why": False} for seen in _counted(number))
        first = next(differences(looks, ask), None)
        print(f"{next(number)} looks: {'all alike' if first is None else first}")
    requests.close()


def _counted(number):
    for seen in cases.every_pair_of_axes():
        next(number)
        yield seen


if __name__ == "__main__":
    main()

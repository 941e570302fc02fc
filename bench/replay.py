"""How many sets a second the one door records: python3 bench/replay.py FILE [sets] [--profile]

Replays a file of ICU vital signs into a throw-away database of its own (durable: every commit waits for the disk),
then once more, when every set is there already. Prints wall and CPU time of this process for each set; with
--profile also what the CPU time is spent on.
"""

import cProfile
import os
import pstats
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
START = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    words = [word for word in sys.argv[1:] if word != "--profile"]
    if not words:
        raise SystemExit(__doc__)
    sets = int(words[1]) if len(words) > 1 else 1000

    from crsmonitor import embedded

    with tempfile.TemporaryDirectory(prefix="crs-bench-") as folder:
        Path(folder).chmod(0o755)  # as root, postgres runs as `nobody`
        engine = embedded.Postgres(Path(folder)).start()
        try:
            os.environ |= {
                "CRS_MODE": "demo", "DB_POOL": "0", "LOG_LEVEL": "ERROR", "CRS_STATE_DIR": folder,
                "DJANGO_SETTINGS_MODULE": "crsmonitor.settings", "DATABASE_URL": engine.url(embedded.APP),
                "DATABASE_OWNER_URL": engine.url(embedded.OWNER),
            }  # fmt: skip
            measure(Path(words[0]), sets, profiled="--profile" in sys.argv)
        finally:
            engine.stop()


def measure(path: Path, sets: int, *, profiled: bool) -> None:
    import django

    django.setup()
    import logging

    from django.core.management import call_command
    from django.db import connections

    from grading.simulation.icu_file import read
    from grading.simulation.replay import Assumptions, prepare, replay

    logging.getLogger("grading.alerting.delivery.outbox").setLevel(logging.CRITICAL)  # nobody is to be told
    call_command("migrate", verbosity=0)
    rows = read(path)[:sets]
    for assumed in (Assumptions(), Assumptions(room_air=True, no_support=True)):
        trial = prepare(assumed)
        for what in ("first run", "every set there already"):
            profile = cProfile.Profile(time.process_time)
            wall, cpu = time.perf_counter(), time.process_time()
            if profiled:
                profile.enable()
            done = sum(1 for _ in replay(rows, trial, assumed, start=START))
            profile.disable()
            report(f"{assumed.study_code}, {what}", done, time.perf_counter() - wall, time.process_time() - cpu)
            if profiled:
                stats = pstats.Stats(profile)
                stats.sort_stats("cumulative").print_stats("main|grading|regimens|crsmonitor|query.py|base.py", 45)
                stats.sort_stats("tottime").print_stats(20)
    connections.close_all()


def report(what: str, sets: int, wall: float, cpu: float) -> None:
    print(
        f"{what}: {sets} sets in {wall:.1f} s, {sets / wall:.0f} a second; "
        f"{1000 * wall / sets:.2f} ms wall and {1000 * cpu / sets:.2f} ms CPU of this process a set",
        flush=True,
    )


if __name__ == "__main__":
    main()

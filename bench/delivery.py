"""From the commit of a set to the receiver's door, against the commit of a row to a LISTEN, in one run.

A real worker on a real broker, a webhook on loopback; every set raises one alert. The last step, calling the
webhook, is in our figure and not in the floor. Target: delivery starts within 8x.
"""

import statistics
import subprocess
import sys
import time
from functools import partial

import psycopg

from bench.engines import engines


def listening(url: str, rounds: int) -> list[float]:
    """Milliseconds from the commit of an INSERT with NOTIFY to its arrival at another connection."""
    with psycopg.connect(url, autocommit=True) as writer, psycopg.connect(url, autocommit=True) as reader:
        writer.execute("CREATE TABLE bench_notice (id bigserial PRIMARY KEY, what text)")
        reader.execute("LISTEN bench")
        taken = []
        for number in range(rounds):
            began = time.perf_counter()
            writer.execute(
                "WITH row AS (INSERT INTO bench_notice (what) VALUES ('x') RETURNING id)"
                " SELECT pg_notify('bench', %s) FROM row",
                [str(number)],
            )
            next(reader.notifies(stop_after=1, timeout=5))
            taken.append((time.perf_counter() - began) * 1000)
        return taken


def stamp(stamps: list[float]) -> None:
    stamps.append(time.time())


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    pool = sys.argv[2] if len(sys.argv) > 2 else "threads"
    with engines(WEBHOOK_ALLOW_PRIVATE="true", DB_POOL="0") as running:
        from django.db import transaction

        from crsmonitor.audit.acting import acting
        from grading.models import Delivery, Endpoint
        from regimens.models import Membership
        from tests.builders import build_world, dose, hour, kept, vitals
        from tests.sinks import Hook

        hook = Hook()
        import threading

        threading.Thread(target=hook.serve_forever, daemon=True).start()
        world = build_world()
        with acting(by="bench", reason="bench"):
            Endpoint.objects.create(study=world.study, url=hook.url, secret="bench")
            Membership.objects.filter(user=world.investigator).update(ended_at=hour(0))  # nobody to mail to
        kept(dose(world), world)
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "crsmonitor", "--quiet", "worker", "--pool", pool,
             "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"],
            env=running.environment,
        )  # fmt: skip
        try:
            taken, recorded, started = [], [], []
            for number in range(rounds + 5):
                # Up and down again: every second set rises anew.
                kept(vitals(world, 1 + number / 10), world)
                draft = vitals(world, 1.05 + number / 10, temperature_c=38.4)
                stamps: list[float] = []
                began = time.time()
                with transaction.atomic():
                    transaction.on_commit(partial(stamp, stamps))  # the first to run after the commit
                    kept(draft, world)
                committed = stamps[0]
                while len(hook.calls) < number + 1:
                    if time.time() - committed > 30:
                        sys.exit("an alert did not arrive in 30 s")
                    time.sleep(0.0005)
                recorded.append((committed - began) * 1000)
                taken.append((time.time() - committed) * 1000)
                claimed = Delivery.objects.order_by("-queued_at").values_list("claimed_at", flat=True)[0]
                started.append((claimed.timestamp() - committed) * 1000)
            floor = listening(running.environment["DATABASE_OWNER_URL"], rounds)
        finally:
            worker.terminate()
            worker.wait(20)
            hook.shutdown()
        a, b, c = (statistics.median(times) for times in (floor, started[5:], taken[5:]))
        p99 = statistics.quantiles(started[5:], n=100)[98]
        ratio = f"p99 {p99:.1f} ms: {b / a:.1f}x"
        print(f"commit to LISTEN p50 {a:.2f} ms; commit to a worker's claim ({pool}) p50 {b:.1f} ms, {ratio}")
        print(f"to the webhook's door p50 {c:.1f} ms: {c / a:.1f}x")
        print(f"record of a set that raises an alert: p50 {statistics.median(recorded[5:]):.1f} ms")


if __name__ == "__main__":
    main()

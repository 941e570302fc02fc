"""From the commit of a set to the receiver's door, at several rates, and 10,000 alerts at once.

    python3 dev.py bench delivery [--quick] [--run] [--pool prefork]

A real worker and beat on a real broker and a durable PostgreSQL, a webhook on loopback; each set raises one alert.
Beside each figure, in the same run, that of a bare Celery task of the same worker and broker: from sending it to its
first line. The ratio is the figure, the machine is shared. Ours is all the way: sweep or hint, claim, lock, call of
the webhook. Then the same with and without a run of the workbench under way, in turn. Ctrl-C ends it at any time.
"""

import argparse
import sys
import time
from collections.abc import Iterator

from bench.alerts.beside import beside_a_run
from bench.alerts.raising import a_study, alerts_at_once, participants, sets
from bench.alerts.receiving import Receiver, floor_of, processes, ready
from bench.alerts.saves import saves_with_and_without
from bench.alerts.waiting import spread, tell, wait_for_all
from bench.engines import Engines, engines
from bench.figures import Figure
from bench.processes.served import cpu_ms, stop

RATES = {1: 60, 10: 30, 50: 20}  # sets a second: for how many seconds
AT_ONCE = 10_000
QUICK_RATES, QUICK_AT_ONCE = {1: 5, 10: 5, 50: 5}, 1_000
BESIDE_SECONDS, QUICK_BESIDE_SECONDS = 30, 5


def figures() -> list[Figure]:
    with engines(WEBHOOK_ALLOW_PRIVATE="true", DB_POOL="0") as running:
        receiver = Receiver()
        started = [receiver.process]
        try:
            world, endpoint = a_study(receiver)
            saves = saves_with_and_without(running, world)
            started += processes(running, "prefork")
            return [saves, *ends(running, receiver, world, endpoint, started)]
        finally:
            stop(*reversed(started))


def ends(running: Engines, receiver: Receiver, world, endpoint, started: list) -> Iterator[Figure]:  # type: ignore[no-untyped-def,type-arg]
    """From commit to webhook at a rate, and as many at once."""
    bare = ready(running)
    rate, count = 50, 200
    worlds = participants(world, count)
    floor = floor_of(bare, rate=rate, count=count)
    taken, reached = sets(worlds, receiver, rate)
    ours = spread(taken)
    ratio = ours[1] / floor[1]
    yield Figure(
        measure="commit to webhook, p95 at 50 alerts a second", floor=f"bare task {floor[1]:.1f} ms", peer="",
        target="8x", now=f"{ratio:.1f}x ({ours[1]:.0f} ms at {reached:.0f} a second)", ok=ratio <= 8 and reached > 45,
    )  # fmt: skip
    roots = [*(one.pid for one in started), running.postgres.process.pid, running.valkey.process.pid]  # type: ignore[attr-defined]
    before, began, already = cpu_ms(roots), time.monotonic(), len(receiver.came)
    keys = alerts_at_once(world, endpoint, QUICK_AT_ONCE)
    made, making = time.monotonic() - began, cpu_ms(roots) - before
    wait_for_all(lambda: len(receiver.came) - already, QUICK_AT_ONCE, "alerts at once")
    seconds = max(receiver.came[key] for key in keys) - began - made
    used = (cpu_ms(roots) - before - making) / QUICK_AT_ONCE
    yield Figure(
        measure=f"{QUICK_AT_ONCE:,} alerts at once, from the commit to the webhook", floor="", peer="",
        target="100 a second on two cores (20 ms CPU an alert)",
        now=f"{QUICK_AT_ONCE / seconds:.0f} a second, {used:.1f} ms CPU each", ok=QUICK_AT_ONCE / seconds >= 100,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench delivery")
    parser.add_argument("--quick", action="store_true", help="short, for a look")
    parser.add_argument("--run", action="store_true", help="only with and without a run of the workbench")
    parser.add_argument("--pool", default="prefork", choices=["prefork", "threads"], help="the worker's; two processes")
    arguments = parser.parse_args()
    with engines(WEBHOOK_ALLOW_PRIVATE="true", DB_POOL="0") as running:
        receiver = Receiver()
        started = [receiver.process]
        try:
            started += processes(running, arguments.pool)
            measure(running, receiver, quick=arguments.quick, pool=arguments.pool, beside_alone=arguments.run)
        finally:
            for process in reversed(started):
                process.terminate()
            for process in started:
                process.wait(20)


def measure(running: Engines, receiver: Receiver, *, quick: bool, pool: str, beside_alone: bool) -> None:
    from grading.models import Delivery

    world, endpoint = a_study(receiver)
    bare = ready(running)

    tell(f"{pool}, two at a time; milliseconds p50 / p95 / p99")
    for rate, seconds in ({} if beside_alone else QUICK_RATES if quick else RATES).items():
        count = rate * seconds
        worlds = participants(world, count)
        floor = floor_of(bare, rate=rate, count=count)
        taken, reached = sets(worlds, receiver, rate)
        ours = spread(taken)
        ratios = " / ".join(f"{b / a:.1f}x" for a, b in zip(floor, ours, strict=True))
        shown = [" / ".join(f"{ms:.1f}" for ms in three) for three in (floor, ours)]
        times = f"bare {shown[0]}; commit to webhook {shown[1]}: {ratios}"
        tell(f"{rate} a second ({count} sets, {reached:.1f} a second reached): {times}")

    beside_a_run(running, world, receiver, seconds=QUICK_BESIDE_SECONDS if quick else BESIDE_SECONDS)
    if beside_alone:
        return

    count = QUICK_AT_ONCE if quick else AT_ONCE
    one, began = bare.send(count), time.monotonic()
    for _ in range(count):
        one()
    wait_for_all(bare.began, count, "bare tasks at once")
    bare_rate = count / (time.monotonic() - began)
    already, began = set(receiver.came), time.monotonic()
    keys = alerts_at_once(world, endpoint, count)
    made = time.monotonic() - began
    wait_for_all(lambda: len(receiver.came) - len(already), count, "alerts at once: received")
    took = max(receiver.came[key] for key in keys) - began - made
    wait_for_all(lambda: Delivery.objects.filter(state="delivered").count(), len(receiver.came), "written down")
    received = set(receiver.came) - already
    twins = sum(receiver.times[key] - 1 for key in keys)
    speed = count / (took + made)
    tell(
        f"{count} alerts at once: {len(keys - received)} lost, {len(received - keys)} unknown, {twins} twice; hints "
        f"given in {made:.1f} s, drained {took:.1f} s later: {speed:.0f} a second, bare tasks {bare_rate:.0f}: "
        f"{speed / bare_rate:.2f}x"
    )


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\ninterrupted")

"""From the commit of a set to the receiver's door, at several rates, and 10,000 alerts at once.

    python3 dev.py bench delivery [--quick] [--run] [--pool prefork]

A real worker and beat on a real broker and a durable PostgreSQL, a webhook on loopback; each set raises one alert.
Beside each figure, in the same run, that of a bare Celery task of the same worker and broker: from sending it to its
first line. The ratio is the figure, the machine is shared. Ours is all the way: sweep or hint, claim, lock, call of
the webhook. Then the same with and without a run of the workbench under way, in turn. Ctrl-C ends it at any time.
"""

import argparse
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from http.client import HTTPConnection

from bench.engines import Engines, engines
from bench.figures import Figure
from bench.processes.senders import body
from bench.processes.served import cpu_ms, start, stop, wait_for
from crsmonitor.embedded import free_port

RATES = {1: 60, 10: 30, 50: 20}  # sets a second: for how many seconds
AT_ONCE = 10_000
QUICK_RATES, QUICK_AT_ONCE = {1: 5, 10: 5, 50: 5}, 1_000
BESIDE_RATE, BESIDE_SECONDS, BESIDE_TURNS = 10, 30, 2  # with a run of the workbench: a minute of it in all
QUICK_BESIDE_SECONDS = 5
PATIENCE = 60  # seconds without any progress
SENDERS = 4  # tablets
SAVES = 60  # with an alert, and as many without


class Progress:
    """One line that is written over, twice a second at most; none where nobody sits at a terminal."""

    def __init__(self) -> None:
        self.next = 0.0

    def say(self, text: str) -> None:
        if sys.stderr.isatty() and time.monotonic() >= self.next:
            self.next = time.monotonic() + 0.5
            print(f"\r{text:<78}\r", end="", file=sys.stderr, flush=True)


say = Progress().say


def tell(text: str) -> None:
    """A line that stays, over the one that is written over."""
    if sys.stderr.isatty():
        print(f"\r{'':<78}\r", end="", file=sys.stderr, flush=True)
    print(text, flush=True)


class Receiver:
    """What the webhook's process has received: when, by key."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.processes.receiver"],
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}/hook"
        self.came: dict[str, float] = {}
        self.times: Counter[str] = Counter()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            came, key = line.split()
            self.times[key] += 1
            self.came.setdefault(key, float(came))


def wait_for_all(done: Callable[[], int], wanted: int, what: str) -> None:
    """Until `done` counts as many as wanted. Ends the run where it counts no further for PATIENCE."""
    before, moved = -1, time.monotonic()
    while (now := done()) < wanted:
        if now != before:
            before, moved = now, time.monotonic()
            say(f"{what}: {now} of {wanted}")
        if time.monotonic() - moved > PATIENCE:
            sys.exit(f"\n{what}: {now} of {wanted}, and nothing more for {PATIENCE} s")
        time.sleep(0.05)


def at_rate(rate: int, jobs: list[Callable[[], None]]) -> float:
    """Start so many a second, whether or not the ones before are done; the rate that was reached."""
    began = time.monotonic()
    with ThreadPoolExecutor(SENDERS) as senders:
        for number, job in enumerate(jobs):
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
            senders.submit(job)
    return len(jobs) / (time.monotonic() - began)


def spread(taken: list[float]) -> tuple[float, float, float]:
    """p50, p95 and p99 in milliseconds."""
    cuts = statistics.quantiles(taken, n=100, method="inclusive")
    return cuts[49] * 1000, cuts[94] * 1000, cuts[98] * 1000


# --- Bare tasks -------------------------------------------------------------------------------------------------


class Bare:
    """Tasks that only say when they began."""

    def __init__(self, broker: str) -> None:
        import redis

        self.client = redis.Redis.from_url(broker)

    def send(self, count: int) -> Callable[[], None]:
        from bench.processes.bare import BEGAN, bare

        self.client.delete(BEGAN)
        self.sent: dict[int, float] = {}
        numbers = iter(range(count))

        def one() -> None:
            number = next(numbers)
            self.sent[number] = time.monotonic()
            bare.delay(number)

        return one

    def began(self) -> int:
        from bench.processes.bare import BEGAN

        return int(self.client.llen(BEGAN))

    def taken(self) -> list[float]:
        from bench.processes.bare import BEGAN

        rows = (row.split() for row in self.client.lrange(BEGAN, 0, -1))
        return [float(began) - self.sent[int(number)] for began, number in rows]


# --- Sets at a rate ---------------------------------------------------------------------------------------------


def participants(world, count: int) -> list:  # type: ignore[no-untyped-def,type-arg]
    """Dosed, each in a world of its own within the study."""
    from crsmonitor.audit.acting import acting
    from regimens.models import Participant
    from tests.builders import dose, kept

    worlds = []
    for _ in range(count):
        number = f"B{Participant.objects.count():06}"
        with acting(by="bench", reason="bench"):
            one = Participant.objects.create(
                study=world.study, site=world.site, number=number, regimen=world.regimen
            )  # fmt: skip
        worlds.append(replace(world, participant=one))
        kept(dose(worlds[-1]), worlds[-1])
        say(f"making participants: {len(worlds)} of {count}")
    return worlds


def sets(worlds: list, receiver: Receiver, rate: int) -> tuple[list[float], float]:  # type: ignore[type-arg]
    """Seconds from each commit to the webhook's door, and the rate that was reached."""
    from django.db import connection, transaction
    from django.utils import timezone

    from grading.models import Endpoint
    from tests.builders import recorded_only, vitals

    endpoint = Endpoint.objects.get()

    committed: dict[str, float] = {}

    def one(world) -> None:  # type: ignore[no-untyped-def]
        draft = vitals(world, 0, temperature_c=38.6)
        draft.observed_at = timezone.now()
        stamps: list[float] = []
        with transaction.atomic():
            transaction.on_commit(lambda: stamps.append(time.monotonic()))  # the first to run after the commit
            [alert] = recorded_only(draft, world).alerts
        committed[key_of(alert, endpoint)] = stamps[0]

    already = len(receiver.came)
    reached = at_rate(rate, [partial(one, world) for world in worlds])
    wait_for_all(lambda: len(receiver.came) - already, len(worlds), f"{rate} sets a second: received")
    connection.close()
    return [receiver.came[key] - at for key, at in committed.items()], reached


# --- Beside a run of the workbench ------------------------------------------------------------------------------


def beside_a_run(running: Engines, world, receiver: Receiver, *, seconds: int) -> None:  # type: ignore[no-untyped-def]
    """Sets at a rate, in turn without and with a run that takes all of a core that it may have."""
    from django.utils import timezone

    from regimens.models import DesignProgress
    from regimens.services.design_runs import cancel_run, queue_run
    from tests.regimens.designs.builders import TRIAL, design_of

    design, taken = design_of(world).design_id, {False: [], True: []}  # type: ignore[var-annotated]
    fields = TRIAL | {"patients": 20_000, "draws": 1_000}  # five minutes, if nobody cancels it
    solved = 0
    with worker_of_runs(running):
        for turn in range(2 * BESIDE_TURNS):
            worlds, busy = participants(world, BESIDE_RATE * seconds), bool(turn % 2)
            if busy:
                run = queue_run(design_id=design, kind="trial", fields=fields, by=world.sponsor, at=timezone.now())
                progress = DesignProgress.objects.filter(run=run)
                wait_for_all(partial(_begun, progress), 1, "the run begins")
            taken[busy] += sets(worlds, receiver, BESIDE_RATE)[0]
            if busy:
                solved += progress.get().done
                state = cancel_run(run_id=run.pk, by=world.sponsor, at=timezone.now()).state
                assert state == "cancelled", f"the run was {state} before the sets were"
    alone, beside = spread(taken[False]), spread(taken[True])
    shown = [" / ".join(f"{ms:.1f}" for ms in three) for three in (alone, beside)]
    each = BESIDE_TURNS * seconds
    tell(
        f"{BESIDE_RATE} a second, {each} s each: alone {shown[0]}; beside a run ({solved:,} people solved) "
        f"{shown[1]}; p95 {beside[1] / alone[1]:.2f}x"
    )


def _begun(progress) -> int:  # type: ignore[no-untyped-def]
    return int(progress.get().done > 0)


@contextmanager
def worker_of_runs(running: Engines) -> Iterator[None]:
    celery = [sys.executable, "-W", "ignore", "-m", "celery", "--app", "crsmonitor", "--quiet", "worker", "--loglevel",
              "ERROR", "--without-gossip", "--without-mingle"]  # fmt: skip
    process = subprocess.Popen(
        [*celery, "--pool", "solo", "--queues", "designs", "--hostname", "designs@%h"], env=running.environment
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


# --- All at once ------------------------------------------------------------------------------------------------


def key_of(alert, endpoint) -> str:  # type: ignore[no-untyped-def]
    """Of the first message of an alert to this webhook (outbox.queue)."""
    return f"alert:{alert.pk}:1:webhook:{endpoint.pk}"


def alerts_at_once(world, endpoint, count: int) -> set[str]:  # type: ignore[no-untyped-def]
    """So many alerts, each of another participant, committed in one instant as a save leaves them; the keys."""
    import uuid

    from django.db import transaction
    from django.utils import timezone

    from crsmonitor.audit.acting import acting
    from grading.alerting.services.paging import due_at_once, hurry
    from grading.models import Alert
    from regimens.models import Participant

    like, first = Alert.objects.earliest("raised_at"), Participant.objects.count()
    with acting(by="bench", reason="bench"):
        people = Participant.objects.bulk_create(
            Participant(study=world.study, site=world.site, number=f"A{first + n:06}", regimen=world.regimen)
            for n in range(count)
        )
    at = timezone.now()
    with transaction.atomic(), acting(by="bench", reason="bench"):
        values = {f.attname: getattr(like, f.attname) for f in Alert._meta.concrete_fields}
        fresh = {"raised_at": at, "state": "open"} | due_at_once(at)
        ids = [{"id": uuid.uuid4(), "fact_root": uuid.uuid4(), "participant_id": one.pk} for one in people]
        rows = [Alert(**values | fresh | one) for one in ids]
        Alert.objects.bulk_create(rows, batch_size=1000)
        for row in rows:
            hurry(row)
    return {key_of(row, endpoint) for row in rows}


# --- The run ----------------------------------------------------------------------------------------------------


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


def saves_with_and_without(running: Engines, world) -> Figure:  # type: ignore[no-untyped-def]
    """First sets of as many participants, in turn one that raises an alert and one that does not; no worker runs."""
    from django.utils import timezone

    from crsmonitor.accounts.models import ApiToken
    from crsmonitor.audit.acting import acting

    now = timezone.now()
    with acting(by="bench", reason="bench"):
        _, token = ApiToken.issue(user=world.nurse, label="bench", at=now, expires_at=now + timedelta(days=1))
    headers = {"Content-Type": "application/json", "Authorization": f"Token {token}"}
    worlds, port = participants(world, 2 * (SAVES + 5)), free_port()
    web = start("crsmonitor.web", "--port", str(port), "--log-level", "warning", environment=running.environment)
    taken: tuple[list[float], list[float]] = ([], [])
    used = [0.0, 0.0]
    try:
        wait_for(port)
        talk = HTTPConnection("127.0.0.1", port, timeout=30)
        roots = [web.pid, running.postgres.process.pid]  # type: ignore[attr-defined]
        blocks = [worlds[n : n + 5] for n in range(0, len(worlds), 5)]  # CPU is told in steps of 10 ms
        for number, block in enumerate(blocks):
            with_alert = number % 2
            before = cpu_ms(roots)
            for one in block:
                content = body(timezone.now(), temperature_c=38.6 if with_alert else 36.8)
                began = time.perf_counter()
                talk.request("POST", f"/api/v1/participants/{one.participant.pk}/vital-signs/", content, headers)
                answer = talk.getresponse()
                answer.read()
                assert answer.status == 201, answer.status
                if number > 1:  # the first of each warm up
                    taken[with_alert].append(time.perf_counter() - began)
            used[with_alert] += cpu_ms(roots) - before if number > 1 else 0
    finally:
        stop(web)
    without, with_one = (statistics.median(each) * 1000 for each in taken)
    ratio = with_one / without
    cpu = [each / SAVES for each in used]
    return Figure(
        measure="a save that raises an alert", floor=f"a save without {without:.1f} ms, {cpu[0]:.1f} ms CPU", peer="",
        target="1.5x (1.05x)", now=f"{ratio:.2f}x, {cpu[1]:.1f} ms CPU ({cpu[1] / cpu[0]:.2f}x)", ok=ratio <= 1.5,
    )  # fmt: skip


def ends(running: Engines, receiver: Receiver, world, endpoint, started: list) -> Iterator[Figure]:  # type: ignore[no-untyped-def,type-arg]
    """From commit to webhook at a rate, and as many at once."""
    bare = ready(running)
    rate, count = 50, 200
    worlds = participants(world, count)
    at_rate(rate, [bare.send(count)] * count)
    wait_for_all(bare.began, count, "bare tasks")
    floor = spread(bare.taken())
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


def processes(running: Engines, pool: str) -> list[subprocess.Popen]:  # type: ignore[type-arg]
    celery = [sys.executable, "-W", "ignore", "-m", "celery", "--app", "crsmonitor", "--quiet"]
    worker = ["worker", "--pool", pool, "--concurrency", "2", "--include", "bench.processes.bare", "--without-gossip",
              "--without-mingle", "--loglevel", "ERROR"]  # fmt: skip
    beat = ["beat", "--schedule", f"{running.environment['CRS_STATE_DIR']}/beat", "--pidfile=", "--loglevel", "ERROR"]
    return [subprocess.Popen([*celery, *more], env=running.environment) for more in (worker, beat)]


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


def a_study(receiver: Receiver) -> tuple:  # type: ignore[type-arg]
    """Under the default policy, with this webhook and nobody to mail to."""
    from django.utils import timezone

    from crsmonitor.audit.acting import acting
    from grading.models import Endpoint
    from grading.policies.library import read_policy
    from grading.policies.services import load_policy
    from regimens.models import Membership
    from tests.builders import build_world, hour

    world = build_world()
    load_policy(read_policy(), study=world.study, by="bench", reason="bench", at=timezone.now() - timedelta(days=1))
    with acting(by="bench", reason="bench"):
        endpoint = Endpoint.objects.create(study=world.study, url=receiver.url, secret="bench")
        Membership.objects.filter(user=world.investigator).update(ended_at=hour(0))
    return world, endpoint


def ready(running: Engines) -> Bare:
    """Once the worker takes tasks."""
    bare = Bare(running.environment["REDIS_URL"])
    one = bare.send(20)
    for _ in range(20):
        one()
    wait_for_all(bare.began, 20, "the worker starts")
    return bare


def measure(running: Engines, receiver: Receiver, *, quick: bool, pool: str, beside_alone: bool) -> None:
    from grading.models import Delivery

    world, endpoint = a_study(receiver)
    bare = ready(running)

    tell(f"{pool}, two at a time; milliseconds p50 / p95 / p99")
    for rate, seconds in ({} if beside_alone else QUICK_RATES if quick else RATES).items():
        count = rate * seconds
        worlds = participants(world, count)
        at_rate(rate, [bare.send(count)] * count)
        wait_for_all(bare.began, count, "bare tasks")
        floor = spread(bare.taken())
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

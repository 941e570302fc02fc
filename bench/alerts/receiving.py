"""The other end: a webhook that says what it received and when, and bare tasks of the same worker and broker."""

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable

from bench.alerts.waiting import at_rate, spread, wait_for_all
from bench.engines import Engines


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


def ready(running: Engines) -> Bare:
    """Once the worker takes tasks."""
    bare = Bare(running.environment["REDIS_URL"])
    one = bare.send(20)
    for _ in range(20):
        one()
    wait_for_all(bare.began, 20, "the worker starts")
    return bare


def processes(running: Engines, pool: str) -> list[subprocess.Popen]:  # type: ignore[type-arg]
    celery = [sys.executable, "-W", "ignore", "-m", "celery", "--app", "crsmonitor", "--quiet"]
    worker = ["worker", "--pool", pool, "--concurrency", "2", "--include", "bench.processes.bare", "--without-gossip",
              "--without-mingle", "--loglevel", "ERROR"]  # fmt: skip
    beat = ["beat", "--schedule", f"{running.environment['CRS_STATE_DIR']}/beat", "--pidfile=", "--loglevel", "ERROR"]
    return [subprocess.Popen([*celery, *more], env=running.environment) for more in (worker, beat)]


def floor_of(bare: Bare, *, rate: int, count: int) -> tuple[float, float, float]:
    """p50, p95 and p99 of a bare task at this rate, in milliseconds."""
    at_rate(rate, [bare.send(count)] * count)
    wait_for_all(bare.began, count, "bare tasks")
    return spread(bare.taken())

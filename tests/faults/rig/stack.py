"""Real workers, a real broker and real receivers for tests that break them, and the figures of each fault."""

import contextlib
import email
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from crsmonitor import embedded
from crsmonitor.audit.acting import acting
from crsmonitor.jobs.queues import ALERTS, TICKS
from grading.models import LEFT, Alert, Delivery, DeliveryState, Endpoint
from regimens.models import Participant
from tests.builders import World, build_world, dose, kept, recorded_only, stay, vitals
from tests.faults.rig.forks import Fork, Forks
from tests.faults.rig.patience import Wait
from tests.sinks import Hook

FEVER = {"temperature_c": 38.6}
START = 60  # seconds that a worker may take to begin where the machine is busy
DONE = (DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.DROPPED)
OF_THIS_PROCESS = ("PYTEST", "COV", "CRS_TEST")


def until(condition: Callable[[], object], seconds: float, why: str, *, pause: float = 0.02) -> float:
    """Wait for the condition; how long it took. Fails after `seconds`, and later on a machine that is busy.

    Asked fifty times a second at first, ten times from the second on: each time is a question to the database.
    `pause`: of one that costs more, the least time between two.
    """
    began, wait = time.monotonic(), Wait()
    while not condition():
        waited = time.monotonic() - began
        assert waited < seconds * wait.patience(), f"not within {seconds} s: {why}"
        time.sleep(max(pause, min(waited / 20, 0.1)))
    return time.monotonic() - began


class Stack:
    """A broker, workers and beats of this test's own, on the test database."""

    def __init__(self, folder: Path, forks: Forks) -> None:
        self.broker = forks.settle(folder)
        self.folder, self.forks = forks.place, forks
        self.processes: list[Fork] = []
        self.figures: dict[str, float] = {}
        self.shift = timedelta()
        url = os.environ["CRS_TEST_DATABASE_URL"].replace("/crs?", f"/{settings.DATABASES['default']['NAME']}?")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OF_THIS_PROCESS)}
        self.env = inherited | {
            "DJANGO_SETTINGS_MODULE": "crsmonitor.settings", "CRS_MODE": "demo", "DATABASE_URL": url, "DB_POOL": "0",
            "REDIS_URL": self.broker.url(), "CRS_STATE_DIR": str(self.folder), "LOG_LEVEL": "WARNING",
            "CELERY_SKIP_CHECKS": "1",  # Django's, a third of a start: test_production.py has them
        }  # fmt: skip

    def worker(self, *, pool: str = "threads", concurrency: int = 4) -> Fork:
        return self.celery(
            "worker", "--pool", pool, "--concurrency", str(concurrency), "--without-gossip", "--without-mingle"
        )

    def beat(self) -> Fork:
        return self.celery("beat", "--schedule", str(self.folder / f"beat{len(self.processes)}"), "--pidfile=")

    def celery(self, *args: str) -> Fork:
        return self.start(args[0], "celery", "--app", "crsmonitor", "--quiet", *args, "--loglevel", "WARNING")

    def server(self) -> str:
        """A web server; its address. It may take until START before it answers."""
        port = embedded.free_port()
        self.web(port)
        until(lambda: embedded.port_is_taken(port), START, "the web server listens")
        return f"http://127.0.0.1:{port}"

    def web(self, port: int) -> Fork:
        """It does not listen yet."""
        return self.start("web", "crsmonitor.web", "--port", str(port), "--log-level", "warning")

    def start(self, name: str, module: str, *args: str) -> Fork:
        with (self.folder / f"{name}{len(self.processes)}.log").open("wb") as log:
            process = self.forks.start(module, *args, env=self.env, log=log)
        self.processes.append(process)
        return process

    def set_clock(self, shift: timedelta) -> None:
        """The clock of what is started after the first call, also while it runs: the machine's and so much."""
        self.shift, file = shift, self.folder / "clock"
        file.write_text(str(shift.total_seconds()))
        self.env |= {"SHIFTED_CLOCK": str(file)}

    def now(self) -> datetime:
        return timezone.now() + self.shift

    def kill_broker(self) -> None:
        self.broker.process.kill()
        self.broker.process.wait()

    def until_ready(self, workers: int) -> None:
        """Until so many workers wait for tasks: they take a while to start where the machine is busy."""

        def all_wait() -> bool:
            with redis.Redis.from_url(self.broker.url()) as client:
                return sum(one["cmd"] == "brpop" for one in client.client_list()) >= workers

        until(all_wait, START, f"{workers} workers are ready")

    def waiting_hints(self, task: str = "") -> int:
        """`task`: of these alone."""
        return self._waiting(ALERTS, task)

    def waiting_ticks(self) -> int:
        return self._waiting(TICKS)

    def _waiting(self, queue: str, task: str = "") -> int:
        with redis.Redis.from_url(self.broker.url()) as client:
            if not task:
                return client.llen(queue)
            return sum(f".tasks.{task}".encode() in message for message in client.lrange(queue, 0, -1))

    def mailed(self) -> list[str]:
        """The keys of the messages in the mailbox. Django may put several into one file: a line of dashes ends each."""
        files = sorted((self.folder / "mail").glob("*.log"))
        messages = [one for file in files for one in file.read_bytes().split(b"\n" + b"-" * 79 + b"\n") if one]
        return [email.message_from_bytes(one)["X-Crsmonitor-Key"] for one in messages]

    def logs(self) -> str:
        return "\n".join(f"--- {f.name}\n{f.read_text()[-3000:]}" for f in sorted(self.folder.glob("*.log")))

    def end(self) -> None:
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        with contextlib.suppress(ProcessLookupError):
            self.broker.process.send_signal(signal.SIGCONT)
        self.broker.stop()


def ward(*hooks: Hook, code: str = "DEMO", time_zone: str = "Asia/Taipei") -> World:
    """A participant under observation at a site of this zone, whose study has a webhook for each hook."""
    world = build_world(code)
    with acting(by="test", reason="endpoints, and a zone before anything is recorded there"):
        world.site.time_zone = time_zone
        world.site.save()
        for hook in hooks:
            Endpoint.objects.create(study=world.study, url=hook.url, secret="s")
    kept(stay(world), world)
    kept(dose(world), world)
    return world


def another(world: World, number: int) -> World:
    """The world with another participant under observation."""
    with acting(by="test", reason="one more"):
        participant = Participant.objects.create(
            study=world.study, site=world.site, number=f"N{number}", regimen=world.regimen
        )  # fmt: skip
    here = replace(world, participant=participant)
    kept(stay(here), here)
    kept(dose(here), here)
    return here


def fever(world: World, *, at: datetime | None = None, **more: object) -> list[str]:
    """Record a set of now that raises an alert; the keys of its messages. Nobody is called a second time."""
    draft = vitals(world, 0, **FEVER | more)
    draft.observed_at = at or timezone.now()
    [alert] = kept(draft, world).alerts
    nobody_is_called_again()
    return list(alert.deliveries.values_list("key", flat=True))


def raise_only(world: World) -> None:
    """Record such a set, and leave it to a worker to call somebody."""
    draft = vitals(world, 0, **FEVER)
    draft.observed_at = timezone.now()
    recorded_only(draft, world)


def nobody_is_called_again() -> None:
    """For tests that count messages. Whoever waits for a first call is called still."""
    with acting(by="test", reason="no second call"):
        Alert.objects.filter(pages_sent__gt=0).update(escalate_at=None)


@contextlib.contextmanager
def a_stuck_transaction(number: str) -> Iterator[psycopg.Connection]:
    """Somebody holds the participant and does nothing."""
    url = os.environ["CRS_TEST_SUPERUSER_URL"].replace("/crs?", f"/{settings.DATABASES['default']['NAME']}?")
    with contextlib.closing(psycopg.connect(url)) as holder:
        holder.execute("SELECT FROM regimens_participant WHERE number = %s FOR UPDATE", [number])
        yield holder


def blocked() -> list[int]:
    """The backends of the database that wait for a row that somebody holds."""
    waiting = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with connection.cursor() as cursor:
        cursor.execute(waiting)
        return [pid for (pid,) in cursor.fetchall()]


def family(process: Fork) -> list[int]:
    """The process and its children."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [process.pid, *map(int, children)]


def unsent() -> int:
    """Alerts whose first messages nobody has queued yet, and messages that have not left.

    In this order: what is queued between the two questions is asked about by the second.
    """
    uncalled = Alert.objects.filter(pages_sent=0, escalate_at__isnull=False).count()
    return uncalled + Delivery.objects.exclude(state__in=LEFT).count()


def all_arrived(stack: Stack, *hooks: Hook, slowest: float | None = None) -> Counter:
    """How often each key arrived. Fails where one of the outbox did not, or one came that is not in it.

    `slowest`: seconds from when the fault was over, of a test that lets nothing run meanwhile or shifts the clock.
    """
    arrived = Counter(stack.mailed()) + Counter(key for hook in hooks for key in hook.taken)
    for hook in hooks:
        assert all(headers["Idempotency-Key"].encode() in body for headers, body in hook.calls)
    stack.figures = figures(arrived) | ({} if slowest is None else {"slowest": slowest})
    assert set(arrived) == set(Delivery.objects.values_list("key", flat=True))
    return arrived


def figures(arrived: Counter) -> dict[str, float]:
    """What became of the messages of the outbox: the row of this fault in the table of `dev.py faults`."""
    rows = Delivery.objects.values_list("key", "state", "queued_at", "sent_at")
    took = [(sent - queued).total_seconds() for _key, _state, queued, sent in rows if sent]
    return {
        "expected": len(rows),
        "lost": sum(key not in arrived for key, *_ in rows),
        "duplicated": sum(arrived[key] - 1 for key, *_ in rows if key in arrived),
        "stuck": sum(state not in DONE for _key, state, *_ in rows),
        "slowest": max(took, default=0.0),
    }

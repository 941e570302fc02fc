"""Every alert leaves, whatever dies: real workers, a real broker, a real receiver.

The checker is the same everywhere: each key that the outbox holds arrived at least once.
"""

import contextlib
import email
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import transaction

from crsmonitor import embedded
from crsmonitor.audit.acting import acting
from grading import hints
from grading.models import Channel, Delivery, DeliveryState, Endpoint
from tests.builders import World, build_world, dose, kept, stay, vitals
from tests.sinks import Hook, serving

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
FEVER = {"temperature_c": 38.6}
START = 60  # seconds that a worker may take to begin where the machine is busy
OF_THIS_PROCESS = ("PYTEST", "COV", "CRS_TEST")


def until(condition: Callable[[], object], seconds: float, why: str) -> float:
    """Wait for the condition; how long it took. Fails after `seconds`."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"not within {seconds} s: {why}"
        time.sleep(0.02)
    return time.monotonic() - began


class Stack:
    """A broker, workers and beats of this test's own, on the test database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.broker = embedded.Valkey(folder, durable=False).start()
        self.processes: list[subprocess.Popen] = []
        url = os.environ["CRS_TEST_DATABASE_URL"].replace("/crs?", f"/{settings.DATABASES['default']['NAME']}?")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OF_THIS_PROCESS)}
        self.env = inherited | {
            "DJANGO_SETTINGS_MODULE": "crsmonitor.settings", "CRS_MODE": "demo", "DATABASE_URL": url, "DB_POOL": "0",
            "REDIS_URL": self.broker.url(), "CRS_STATE_DIR": str(folder), "LOG_LEVEL": "WARNING",
        }  # fmt: skip

    def worker(self, *, pool: str = "threads", concurrency: int = 4) -> subprocess.Popen:
        return self.celery(
            "worker", "--pool", pool, "--concurrency", str(concurrency), "--without-gossip", "--without-mingle"
        )

    def beat(self) -> subprocess.Popen:
        return self.celery("beat", "--schedule", str(self.folder / f"beat{len(self.processes)}"), "--pidfile=")

    def celery(self, *args: str) -> subprocess.Popen:
        with (self.folder / f"{args[0]}{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "--app", "crsmonitor", "--quiet", *args, "--loglevel", "WARNING"],
                cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True,
                preexec_fn=embedded.die_with_parent(signal.SIGKILL),
            )  # fmt: skip
        self.processes.append(process)
        return process

    def kill_broker(self) -> None:
        self.broker.process.kill()
        self.broker.process.wait()

    def until_ready(self, workers: int) -> None:
        """Until so many workers wait for tasks: they take a while to start where the machine is busy."""

        def all_wait() -> bool:
            with redis.Redis.from_url(self.broker.url()) as client:
                return sum(one["cmd"] == "brpop" for one in client.client_list()) >= workers

        until(all_wait, START, f"{workers} workers are ready")

    def waiting_hints(self) -> int:
        with redis.Redis.from_url(self.broker.url()) as client:
            return client.llen("celery")

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


@pytest.fixture
def stack(state_folder, monkeypatch) -> Iterator[Stack]:
    running = Stack(state_folder)
    monkeypatch.setenv("CELERY_BROKER_URL", running.broker.url())  # for the hints of this process
    monkeypatch.setattr(hints, "_quiet_until", 0.0)
    hints.let_go()  # what this process had open led to another broker
    yield running
    running.end()
    print(running.logs())  # shown where the test failed


@pytest.fixture
def hook() -> Iterator[Hook]:
    with serving(Hook()) as receiver:
        yield receiver


def ward(*hooks: Hook, code: str = "DEMO") -> World:
    """A participant under observation, whose study has a webhook for each hook."""
    world = build_world(code)
    with acting(by="test", reason="endpoints"):
        for hook in hooks:
            Endpoint.objects.create(study=world.study, url=hook.url, secret="s")
    kept(stay(world), world)
    kept(dose(world), world)
    return world


def fever(world: World, h: float = 4, **more: object) -> list[str]:
    """Record a set that raises an alert; the keys of its messages."""
    [alert] = kept(vitals(world, h, **FEVER | more), world).alerts
    return list(alert.deliveries.values_list("key", flat=True))


def unsent() -> int:
    return Delivery.objects.exclude(state=DeliveryState.SENT).count()


def all_arrived(stack: Stack, *hooks: Hook) -> Counter:
    """How often each key arrived. Fails where one of the outbox did not, or one came that is not in it."""
    arrived = Counter(stack.mailed()) + Counter(key for hook in hooks for key in hook.taken)
    for hook in hooks:
        assert all(headers["Idempotency-Key"].encode() in body for headers, body in hook.calls)
    assert set(arrived) == set(Delivery.objects.values_list("key", flat=True))
    return arrived


# --- Workers ----------------------------------------------------------------------------------------------------


def family(process: subprocess.Popen) -> list[int]:
    """The process and its children."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [process.pid, *map(int, children)]


def holds(pid: int, port: int) -> bool:
    """Whether this process has the connection whose near end is `port`."""
    ours = f":{port:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    sockets = {f"socket:[{row[9]}]" for row in rows if row[1].endswith(ours)}
    return any(os.readlink(fd) in sockets for fd in Path(f"/proc/{pid}/fd").iterdir() if fd.is_symlink())


@pytest.mark.parametrize("dies", ["worker with threads", "worker with processes", "process of a worker's pool"])
def test_a_worker_is_killed_during_a_send_and_another_delivers_within_15_s(stack, hook, dies):
    pool = "threads" if "threads" in dies else "prefork"
    workers = [stack.worker(pool=pool, concurrency=2) for _ in range(2)]
    stack.beat()
    stack.until_ready(2)
    hook.plan = ["hang"]
    fever(ward(hook))
    until(lambda: hook.calls, 20, "a worker begins to send")
    sending = next(w for w in workers if any(holds(pid, hook.callers[0]) for pid in family(w)))

    if dies == "process of a worker's pool":
        os.kill(next(pid for pid in family(sending)[1:] if holds(pid, hook.callers[0])), signal.SIGKILL)
    else:
        os.killpg(sending.pid, signal.SIGKILL)
    assert Delivery.objects.get(channel=Channel.WEBHOOK).state == DeliveryState.QUEUED
    took = until(lambda: unsent() == 0, 15, "another worker delivers")

    assert max(all_arrived(stack, hook).values()) == 1
    print(f"{dies}: delivered {took:.1f} s after the death")


def test_two_workers_and_two_beats_race_and_each_message_is_sent_once(stack, hook):
    for starting in (stack.worker, stack.worker, stack.beat, stack.beat):
        starting()
    stack.until_ready(2)
    for n in range(6):
        fever(ward(hook, code=f"S{n}"), sbp=85, hypotension=True)  # four people and the hook

    until(lambda: unsent() == 0, 25, "all delivered")

    assert Counter(all_arrived(stack, hook).values()) == {1: 6 * 4}


def test_asking_twice_sends_once(stack, hook):
    world = ward(hook)
    fever(world)
    ids = [str(pk) for pk in Delivery.objects.values_list("pk", flat=True)]
    for _again in range(4):
        assert hints.deliver_soon(ids)
    later = fever(ward(hook, code="LATER"))
    assert stack.waiting_hints() == 5 * len(ids) + len(later)

    stack.worker(concurrency=1)
    until(lambda: stack.waiting_hints() == 0 and unsent() == 0, START, "every hint is used up")

    assert set(all_arrived(stack, hook).values()) == {1}
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


# --- The broker -------------------------------------------------------------------------------------------------


def test_the_broker_dies_before_during_and_after_the_record(stack, hook):
    before, during, after = (ward(hook, code=code) for code in ("BEFORE", "DURING", "AFTER"))
    fever(after)
    assert stack.waiting_hints() == 2
    with transaction.atomic():
        transaction.on_commit(stack.kill_broker)  # committed, and the hint not yet sent
        fever(during)
    began = time.monotonic()
    fever(before)
    assert time.monotonic() - began < 3
    stack.worker(), stack.beat()

    stack.broker.start()
    assert stack.waiting_hints() == 0  # it kept nothing
    took = until(lambda: unsent() == 0, START, "the sweep finds what the broker lost")

    assert set(all_arrived(stack, hook).values()) == {1}
    print(f"delivered {took:.1f} s after the broker was back")


def test_the_broker_is_killed_under_running_workers(stack, hook):
    stack.worker(), stack.beat()
    stack.until_ready(1)
    fever(ward(hook, code="QUIET"))
    until(lambda: unsent() == 0, 20, "all is well")

    stack.kill_broker()
    fever(ward(hook, code="DEAD"))
    stack.broker.start()
    took = until(lambda: unsent() == 0, 25, "the workers have found the broker again")

    all_arrived(stack, hook)
    print(f"delivered {took:.1f} s after the broker was back")


def test_a_broker_that_hangs_holds_no_record_for_3_s(stack, hook):
    stack.worker(), stack.beat()
    stack.until_ready(1)
    world, second = ward(hook), ward(hook, code="SECOND")
    stack.broker.process.send_signal(signal.SIGSTOP)
    took = []
    for here in (world, second):
        began = time.monotonic()
        fever(here, sbp=85, hypotension=True)
        took.append(time.monotonic() - began)
    stack.broker.process.send_signal(signal.SIGCONT)

    assert max(took) < 2.5
    until(lambda: unsent() == 0, 25, "all delivered")
    all_arrived(stack, hook)
    print(f"records took {took[0]:.2f} and {took[1]:.2f} s")


def test_a_broker_that_forgets_everything_loses_nothing(stack, hook):
    for n in range(5):
        fever(ward(hook, code=f"S{n}"))
    assert stack.waiting_hints() == 10
    with redis.Redis.from_url(stack.broker.url()) as client:
        client.flushall()

    stack.worker(), stack.beat()
    until(lambda: unsent() == 0, START, "the sweep finds them")

    assert Counter(all_arrived(stack, hook).values()) == {1: 10}


# --- The receiver -----------------------------------------------------------------------------------------------


def test_a_receiver_that_fails_is_called_again_and_nothing_is_sent_before_it_was_taken(stack):
    with serving(Hook(500)) as broken, serving(Hook("drop")) as dropping, serving(Hook("hang")) as hanging:
        hooks = (broken, dropping, hanging)
        world = ward(*hooks)
        stack.worker(), stack.beat()
        stack.until_ready(1)
        fever(world)

        def done() -> bool:
            called = Delivery.objects.filter(channel=Channel.WEBHOOK)
            sent = set(called.filter(state=DeliveryState.SENT).values_list("key", flat=True))
            assert sent <= {key for hook in hooks for key in hook.taken}, "sent before it was taken"
            return len(sent) == len(hooks) and unsent() == 0

        until(done, 30, "each receiver is called again")

        assert [len(hook.calls) for hook in hooks] == [2, 2, 2]
        all_arrived(stack, *hooks)
        for hook in hooks:
            first, second = (headers["Idempotency-Key"] for headers, _body in hook.calls)
            assert first == second

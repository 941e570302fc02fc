"""Every alert leaves, whatever dies: real workers, a real broker, a real receiver.

The checker is the same everywhere: each key that the outbox holds arrived at least once.
"""

import os
import signal
import time
from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from django.db import transaction
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.alerting.delivery import hints, outbox
from grading.models import Channel, Contact, ContactTest, Delivery, DeliveryState, Escalation, Heartbeat
from tests.faults.hosts.hanging import TASK_SECONDS
from tests.faults.rig.patience import patience
from tests.faults.rig.stack import START, all_arrived, blocked, family, fever, raise_only, unsent, until, ward
from tests.sinks import Hook, serving

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


# --- Workers ----------------------------------------------------------------------------------------------------


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
    assert Delivery.objects.get(channel=Channel.WEBHOOK).state == DeliveryState.SENDING
    took = until(lambda: unsent() == 0, 15, "another worker delivers")

    assert max(all_arrived(stack, hook).values()) == 1
    print(f"{dies}: delivered {took:.1f} s after the death")


def test_a_process_of_a_workers_pool_that_hangs_is_replaced_and_the_log_says_so(stack, hook):
    pool = ["--pool", "prefork", "--concurrency", "2", "--without-gossip", "--without-mingle"]
    worker = stack.start("worker", "tests.faults.hosts.hanging", "celery", "--app", "crsmonitor", "worker", *pool)
    stack.until_ready(1)
    hook.plan = ["hang"]
    fever(ward(hook))
    until(lambda: hook.calls, 20, "it begins to send")
    hung = next(pid for pid in family(worker)[1:] if holds(pid, hook.callers[0]))

    os.kill(hung, signal.SIGSTOP)
    took = until(lambda: hung not in family(worker) and len(family(worker)) == 3, 20, "another has its place")

    assert f"Hard time limit ({TASK_SECONDS}s) exceeded" in stack.logs()
    assert Delivery.objects.get(channel=Channel.WEBHOOK).state == DeliveryState.SENDING  # until the lease is over
    print(f"replaced {took:.1f} s after it hung")


def killed_where_it_waits(worker, superuser) -> None:
    """Kill the worker once the database holds it up, and end its connections as the network would."""
    until(blocked, START, "the worker waits for the row")
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    for backend in blocked():
        superuser.execute("SELECT pg_terminate_backend(%s)", [backend])


def another_delivers(stack) -> float:
    """Seconds from when another worker is there."""
    stack.worker(), stack.beat()
    stack.until_ready(1)
    return until(lambda: unsent() == 0, 15, "another worker delivers")


def test_a_worker_is_killed_before_it_has_called_anybody_and_another_does(stack, hook, superuser):
    """The alert is there, and nothing says yet who hears of it."""
    world = ward(hook)
    raise_only(world)
    assert not Delivery.objects.exists()
    with superuser.transaction(force_rollback=True):
        superuser.execute("LOCK TABLE grading_escalation IN EXCLUSIVE MODE")  # so that it holds the alert, and waits
        killed_where_it_waits(stack.worker(concurrency=1), superuser)
    assert stack.waiting_hints() == 0
    assert not Escalation.objects.exists()

    stack.worker(), stack.beat()
    stack.until_ready(1)
    took = until(lambda: Delivery.objects.exists() and unsent() == 0, 15, "another worker calls and delivers")

    assert Escalation.objects.get().number == 0
    assert set(all_arrived(stack, hook, slowest=took).values()) == {1}


def test_a_worker_is_killed_before_a_send_and_another_delivers_within_15_s(stack, hook, superuser):
    keys = fever(ward(hook))
    with superuser.transaction(force_rollback=True):
        superuser.execute("SELECT FROM grading_delivery FOR UPDATE")  # so that it takes the hint and gets no further
        killed_where_it_waits(stack.worker(concurrency=len(keys)), superuser)
    assert stack.waiting_hints() == 0
    assert hook.calls == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.QUEUED}

    took = another_delivers(stack)

    assert set(all_arrived(stack, hook, slowest=took).values()) == {1}


def test_a_worker_is_killed_after_a_send_and_the_twin_carries_the_same_key(stack, hook, superuser):
    hook.plan = ["late"]
    worker = stack.worker()
    [webhook] = [key for key in fever(ward(hook)) if ":webhook:" in key]
    until(lambda: hook.calls and unsent() == 1, START, "the webhook is called, and the mail has left")
    with superuser.transaction(force_rollback=True):
        superuser.execute("SELECT FROM grading_delivery WHERE key = %s FOR UPDATE", [webhook])
        hook.go.set()  # it answers, and nobody can write that down
        killed_where_it_waits(worker, superuser)
    assert hook.taken == [webhook]
    assert Delivery.objects.get(key=webhook).state == DeliveryState.SENDING

    took = another_delivers(stack)

    arrived = all_arrived(stack, hook, slowest=took)
    assert arrived.pop(webhook) == 2
    assert set(arrived.values()) == {1}


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
        assert hints.deliver_soon(ids, of_alerts=True)
    later = fever(ward(hook, code="LATER"))
    assert stack.waiting_hints("deliver") == 5 * len(ids) + len(later)

    stack.worker(concurrency=1)
    stack.until_ready(1)
    took = until(lambda: stack.waiting_hints() == 0 and unsent() == 0, 15, "every hint is used up")

    assert set(all_arrived(stack, hook, slowest=took).values()) == {1}
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


def test_ticks_do_not_stand_behind_thousands_of_hints(stack):
    """The sweep is what sends again and calls on: it may not wait until all that is new has left."""
    assert hints.deliver_soon(
        [str(uuid4()) for _hint in range(5000)], of_alerts=True
    )  # of nothing: the worker only looks them up
    stack.beat()
    until(stack.waiting_ticks, 15, "beat has asked for the sweep")

    stack.worker(concurrency=1)
    until(Heartbeat.objects.filter(name="sweep").exists, 15, "a sweep has run")

    assert stack.waiting_hints() > 0


def test_an_alert_passes_a_backlog_of_other_mail(stack, hook):
    """Messages that are no alert, and were there first: most of them are still there when the alert has arrived."""
    world = ward(hook)
    at = timezone.now()
    with acting(by="test", reason="a way to be reached"):
        contact = Contact.objects.create(user=world.nurse, channel=Channel.EMAIL, address="n@example.org", added_at=at)
    with transaction.atomic():
        outbox.leave([ContactTest(key=f"test:{n}", contact=contact, queued_at=at, next_try_at=at) for n in range(400)])
    raise_only(world)
    stack.worker(pool="prefork", concurrency=2)

    took = until(lambda: hook.taken, START, "the alert has arrived")
    waiting = ContactTest.objects.filter(state=DeliveryState.QUEUED).count()

    assert waiting > 200
    print(f"the alert arrived {took:.1f} s after the worker was started, before {waiting} of 400 others")


# --- The broker -------------------------------------------------------------------------------------------------


def test_the_broker_dies_before_during_and_after_the_record(stack, hook):
    before, during, after = (ward(hook, code=code) for code in ("BEFORE", "DURING", "AFTER"))
    fever(after)
    assert stack.waiting_hints("deliver") == 2  # the mail, the webhook
    assert stack.waiting_hints("page") == 1  # that somebody is called
    with transaction.atomic():
        transaction.on_commit(stack.kill_broker)  # committed, and the hint not yet sent
        fever(during)
    began = time.monotonic()
    fever(before)
    assert time.monotonic() - began < 10 * patience()  # it does not wait for the broker, which stays away
    stack.worker(), stack.beat()

    stack.broker.start()
    assert stack.waiting_hints() == 0  # it kept nothing
    stack.until_ready(1)
    took = until(lambda: unsent() == 0, 15, "the sweep finds what the broker lost")

    assert set(all_arrived(stack, hook, slowest=took).values()) == {1}


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

    assert max(took) < 5 * patience()  # a hint waits for 1 s, once
    until(lambda: unsent() == 0, 25, "all delivered")
    all_arrived(stack, hook)
    print(f"records took {took[0]:.2f} and {took[1]:.2f} s")


def test_a_broker_that_forgets_everything_loses_nothing(stack, hook):
    for n in range(5):
        fever(ward(hook, code=f"S{n}"))
    assert stack.waiting_hints("deliver") == 5 * 2
    with redis.Redis.from_url(stack.broker.url()) as client:
        client.flushall()

    stack.worker(), stack.beat()
    stack.until_ready(1)
    took = until(lambda: unsent() == 0, 15, "the sweep finds them")

    assert Counter(all_arrived(stack, hook, slowest=took).values()) == {1: 10}


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
            sent = set(called.filter(state=DeliveryState.DELIVERED).values_list("key", flat=True))
            assert sent <= {key for hook in hooks for key in hook.taken}, "sent before it was taken"
            return len(sent) == len(hooks) and unsent() == 0

        until(done, 30, "each receiver is called again")

        assert [len(hook.calls) for hook in hooks] == [2, 2, 2]
        all_arrived(stack, *hooks)
        for hook in hooks:
            first, second = (headers["Idempotency-Key"] for headers, _body in hook.calls)
            assert first == second

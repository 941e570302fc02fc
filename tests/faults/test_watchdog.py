"""The watch over the watch, on real processes: it sees a loop that has stopped, whatever stopped it."""

import os
import signal
from datetime import timedelta

import pytest
import time_machine
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.alerting.heartbeat import SWEEP
from grading.models import (
    Alert,
    Beacon,
    Channel,
    ChannelOutage,
    Delivery,
    DeliveryState,
    Heartbeat,
    OperatorNote,
)
from tests.builders import build_world
from tests.faults.rig.forks import Fork
from tests.faults.rig.stack import START, all_arrived, another, fever, unsent, until, ward
from tests.sinks import Hook, Mailbox, serving

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


def came_back() -> bool:
    return Beacon.objects.filter(received_at__isnull=False).exists()


def beacons_age(**age: float) -> None:
    """As if the last beacon had come back so long ago, and none since."""
    back = timedelta(**age)
    Beacon.objects.update(received_at=F("received_at") - back, queued_at=F("queued_at") - back)


def sweep_age(seconds: float) -> None:
    """As if the sweep had run last so many seconds earlier: its silence is told after SWEEP_STALE, which is 30 s."""
    Heartbeat.objects.update(at=F("at") - timedelta(seconds=seconds))


def sweep_ran(seconds_ago: float) -> None:
    """As if it had run last so long before now."""
    Heartbeat.objects.update(at=timezone.now() - timedelta(seconds=seconds_ago))


def sweep_signs() -> None:
    """Until the sweep has just written its sign of life, and so does not hold it."""
    last = Heartbeat.objects.get(name=SWEEP).at
    until(lambda: Heartbeat.objects.get(name=SWEEP).at != last, 20, "the sweep runs")


@pytest.fixture
def looped(stack, server):
    """The stack, whose beacons come back to a running site."""
    stack.env |= {"CRS_BEACON_URL": server, "SITE_URL": server, "OPERATOR_EMAIL": "operator@example.org"}
    return stack


def ready(client) -> dict[str, str]:
    return client.get("/readyz").json()["parts"]


# --- A worker that is alive and takes nothing, a beat that is and ticks no more -----------------------------------


@pytest.mark.parametrize("hangs", ["worker", "beat"])
def test_one_that_hangs_is_seen_within_34_s_and_every_board_says_so(looped, client, hangs):
    world = build_world()
    process = {"worker": looped.worker(), "beat": looped.beat()}[hangs]
    until(came_back, START, "a beacon makes the round trip")
    assert ready(client)["sweep"] == "ok"

    sweep_signs()
    os.killpg(process.pid, signal.SIGSTOP)
    sweep_ran(seconds_ago=20)
    assert ready(client)["sweep"] == "ok"
    took = 20 + until(lambda: ready(client)["sweep"] == "failed", 34 - 20, "the sign of life is missed", pause=0.5)

    client.force_login(world.nurse)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
        assert "Alert messages may not arrive" in client.get(reverse("board")).content.decode()
    os.killpg(process.pid, signal.SIGCONT)
    until(lambda: ready(client)["sweep"] == "ok", 20, "it goes on")
    print(f"seen {took:.1f} s after the {hangs} stopped")


# --- The watching command ---------------------------------------------------------------------------------------


def mails(stack) -> str:
    return "".join(file.read_text() for file in sorted((stack.folder / "mail").glob("*.log")))


def watching(stack, *args: str) -> Fork:
    return stack.start("watch", "django", "watchdog", "--every", "0.3", *args)


def test_a_beacon_that_does_not_come_back_is_mailed_by_a_process_of_its_own(looped):
    with serving(Hook()) as switch:
        looped.env["CRS_DEADMAN_URL"] = switch.url
        worker = looped.worker()
        looped.beat()
        until(came_back, START, "a beacon makes the round trip")
        watching(looped)
        until(lambda: switch.pings > 0, START, "all is well, and the switch is called")
        assert mails(looped) == ""

        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        beacons_age(minutes=3)
        until(lambda: "No test alert has come back" in mails(looped), 10, "the operator is mailed")
        assert "The sweep has stopped" not in mails(looped)
        sweep_age(seconds=20)
        until(lambda: "The sweep has stopped" in mails(looped), 40 - 20, "and of the sweep too")
        pinged = switch.pings
        assert mails(looped).count("No test alert has come back") == 1

        looped.worker()
        until(lambda: "Over: No test alert has come back" in mails(looped), START, "it is over")
        until(lambda: switch.pings > pinged, 20, "the switch is called again")


# --- Races ------------------------------------------------------------------------------------------------------


def test_two_workers_and_two_beats_send_one_beacon_a_minute_and_raise_a_trouble_once(looped):
    with serving(Hook()) as hook:
        hook.answer = 500
        for starting in (looped.worker, looped.worker, looped.beat, looped.beat):
            starting()
        looped.until_ready(2)
        world = ward(hook)
        for number in range(6):  # messages to one receiver, which fail at the same time
            fever(another(world, number))

        until(lambda: ChannelOutage.objects.filter(raised_at__isnull=False).exists(), 30, "the trouble is raised")
        until(lambda: not OperatorNote.objects.exclude(state=DeliveryState.SENT).exists(), 20, "operators are told")

        trouble = ChannelOutage.objects.get()
        assert OperatorNote.objects.get().key == f"trouble:{trouble.pk}:raised"
        assert mails(looped).count("A channel does not work") == 1
        until(Heartbeat.objects.filter(name=SWEEP).exists, 30, "the sweep has run")
        until(Beacon.objects.exists, 30, "a beacon is queued: the sweep's sign of life is written before it")
        assert Heartbeat.objects.filter(name=SWEEP).count() == 1
        first = Beacon.objects.earliest("queued_at").queued_at
        minutes = (timezone.now() - first).total_seconds() / 60
        assert Beacon.objects.count() <= minutes + 1

        hook.answer = 204
        until(lambda: unsent() == 0, 60, "the receiver works again")
        until(lambda: OperatorNote.objects.filter(over=True, state=DeliveryState.SENT).exists(), 20, "told so")
        assert OperatorNote.objects.count() == 2


# --- The mail server --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "received", "failure"),
    [
        ("refuse", 1, "mail_SMTPRecipientsRefused"),
        ("hang", 1, "mail_"),
        ("drop", 2, "mail_SMTPServerDisconnected"),  # it had the text: the twin carries the same key
    ],
)
def test_a_mail_server_that_refuses_hangs_or_drops_the_connection_after_data(stack, plan, received, failure):
    with serving(Mailbox(plan)) as box:
        stack.env["EMAIL_URL"] = box.url
        stack.worker(), stack.beat()
        stack.until_ready(1)
        world = ward()
        [key] = fever(world)

        def failed() -> bool:
            assert not Delivery.objects.filter(state=DeliveryState.SENT).exists() or box.taken, (
                "sent before it was taken"
            )
            return Delivery.objects.get(channel=Channel.EMAIL).failure.startswith(failure)

        until(failed, 20, "the failure is written down")
        until(lambda: unsent() == 0, 25, "it is sent again")

        assert box.taken == [key]
        assert box.received == [key] * received
        assert all_arrived(stack, box) == {key: 1}


# --- A row that cannot be sent ----------------------------------------------------------------------------------


def test_a_poisoned_row_fails_by_itself_and_the_others_go_on(stack, hook):
    poisoned = fever(ward(code="POISON"))
    with acting(by="test", reason="poison"):
        Alert.objects.update(kind="crs\nBcc:")  # no header may hold a line's end
    stack.worker(concurrency=1), stack.beat()
    stack.until_ready(1)
    others = [key for n in range(3) for key in fever(ward(hook, code=f"S{n}"))]

    until(lambda: Delivery.objects.filter(key__in=others, sent_at=None).count() == 0, 25, "the others are sent")
    until(lambda: Delivery.objects.get(key=poisoned[0]).attempts >= 2, 25, "the poisoned one is tried again")

    row = Delivery.objects.get(key=poisoned[0])
    assert row.failure == "unexpected: BadHeaderError"
    assert row.state in (DeliveryState.FAILED, DeliveryState.SENDING)
    assert sorted(stack.mailed() + hook.taken) == sorted(others)

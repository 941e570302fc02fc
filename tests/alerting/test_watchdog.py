"""The watch over the watch: the beacon and its receiver, stripes and phone trees, metrics, the watching command."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.alerting import heartbeat, tasks
from grading.alerting.delivery import outbox
from grading.alerting.delivery.channels.webhook import signing
from grading.alerting.delivery.secret_keys import beacon_secrets
from grading.alerting.services.answers import acknowledge
from grading.management.commands import watchdog as watch
from grading.models import Beacon, Delivery, DeliveryState, Heartbeat, PhoneTree
from grading.rules.alerting.watchdog import Trouble
from tests.builders import build_world, dose, hour, kept, stay, vitals
from tests.sinks import Hook, serving
from tests.stages import stage

pytestmark = pytest.mark.django_db


# --- The beacon -------------------------------------------------------------------------------------------------


def seconds(n: float) -> timedelta:
    return timedelta(seconds=n)


@pytest.mark.parametrize(
    ("ticks", "sent"),
    [([0], 1), ([0, 2, 4, 58], 1), ([0, 60], 2), ([0, 59.9, 61.9], 2), ([0, 60, 119.9, 121.9], 3)],
)
def test_a_beacon_leaves_every_minute_however_often_the_sweep_runs(ticks, sent):
    for tick in ticks:
        heartbeat.beat(at=hour(0) + seconds(tick))

    assert Beacon.objects.count() == sent
    assert Heartbeat.objects.get().at == hour(0) + seconds(ticks[-1])


def test_a_sweep_that_comes_late_does_not_put_the_sign_of_life_back():
    heartbeat.beat(at=hour(0) + seconds(10))
    heartbeat.beat(at=hour(0))

    assert Heartbeat.objects.get().at == hour(0) + seconds(10)


def test_signs_of_a_clock_that_was_put_back_give_way_to_new_ones():
    heartbeat.beat(at=hour(1))
    heartbeat.beat(at=hour(0))

    assert Heartbeat.objects.get().at == hour(0)
    assert Beacon.objects.get().queued_at == hour(0)


def test_beacons_that_did_not_come_back_do_not_pile_up_and_old_ones_go():
    for minute in range(3):
        heartbeat.beat(at=hour(0) + timedelta(minutes=minute))
    assert Beacon.objects.filter(state=DeliveryState.DROPPED).count() == 2

    heartbeat.beat(at=hour(8 * 24))

    assert [beacon.queued_at for beacon in Beacon.objects.all()] == [hour(8 * 24)]


def test_a_sweep_beside_does_not_take_a_fresh_beacon_away():
    """Both looked before either sent: the second finds the first's under its own key."""
    heartbeat._send_beacon(hour(0))
    heartbeat._send_beacon(hour(0) + seconds(0.1))

    assert Beacon.objects.get().state == DeliveryState.QUEUED


def test_a_beacon_goes_to_the_operators_address_under_the_name_of_the_site(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False  # that is for addresses that users choose
    settings.SITE_URL = "https://crs.example.org"
    with serving(Hook()) as hook:
        settings.BEACON_URL = f"http://127.0.0.1:{hook.server_port}"
        heartbeat.beat(at=timezone.now())
        assert tasks.deliver(str(Beacon.objects.get().pk)) is True

    [(headers, body)] = hook.calls
    beacon = Beacon.objects.get()
    assert headers["Host"] == "crs.example.org"
    assert json.loads(body) == {"key": beacon.key}
    assert (beacon.state, beacon.received_at) == (DeliveryState.DELIVERED, None)


def receipt(client, beacon, *, at=None, secret=None, body=None, signature=None):
    body = json.dumps({"key": beacon.key}).encode() if body is None else body
    stamp = str(int((at or timezone.now()).timestamp()))
    signed = signing.signature(secret or beacon_secrets()[0], timestamp=stamp, body=body)
    headers = {
        "X-Crsmonitor-Timestamp": stamp,
        "X-Crsmonitor-Signature": f"v1={signed if signature is None else signature}",
    }
    return client.post(reverse("beacon_receipt"), body, content_type="application/json", headers=headers).status_code


@pytest.fixture
def beacon() -> Beacon:
    heartbeat.beat(at=timezone.now())
    return Beacon.objects.get()


def test_the_receiver_takes_a_signed_beacon_and_the_first_time_counts(client, beacon):
    assert receipt(client, beacon) == 204
    beacon.refresh_from_db()
    first = beacon.received_at
    assert first is not None

    assert receipt(client, beacon) == 204

    beacon.refresh_from_db()
    assert beacon.received_at == first


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": "another"},
        {"signature": ""},
        {"signature": "0" * 64},
        {"at": timezone.now() - timedelta(minutes=6)},
        {"at": timezone.now() + timedelta(days=1)},  # of when the tests were collected
        {"body": b'{"key": "beacon:0"}'},  # signed, and of no beacon
    ],
)
def test_the_receiver_knows_nobody_else(client, beacon, forged):
    assert receipt(client, beacon, **forged) == 404
    beacon.refresh_from_db()
    assert beacon.received_at is None


def test_an_earlier_secret_key_still_signs(client, beacon, settings):
    signed_before = beacon_secrets()[0]
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "x" * 50

    assert receipt(client, beacon, secret=signed_before) == 204


# --- On the boards ----------------------------------------------------------------------------------------------


@stage
def silent(world) -> None:
    """The last beacon came back two minutes and a second ago."""
    heartbeat.beat(at=timezone.now() - seconds(121))
    Beacon.objects.update(received_at=timezone.now() - seconds(121))
    with acting(by="test", reason="a phone tree"):
        PhoneTree.objects.create(study=world.study, text="Charge nurse 1001")
        PhoneTree.objects.create(study=world.study, site=world.site, text="Taipei ward 2002")
        PhoneTree.objects.create(study=world.study, site=world.other_site, text="Paris ward 3003")


SILENT = "Alert messages may not arrive"


@pytest.mark.parametrize("name", ["board", "alerts", "alert_list"])
def test_every_open_board_says_that_alerts_may_not_arrive_and_whom_to_call(client, world, silent, name):
    client.force_login(world.nurse)

    html = client.get(reverse(name), headers={"X-By-Itself": "1"}).content.decode()

    stripe = html[html.index(SILENT) :]
    for line in ("Charge nurse 1001", "Taipei ward 2002"):
        assert line in stripe
    assert "Paris ward 3003" not in html


@pytest.mark.parametrize("age", [5, 115])
def test_a_beacon_of_the_last_two_minutes_is_enough(client, world, silent, age, time_machine):
    time_machine.move_to(timezone.now(), tick=False)  # the page may take longer than is left of them
    Beacon.objects.update(received_at=timezone.now() - seconds(age))
    client.force_login(world.nurse)

    assert SILENT not in client.get(reverse("board")).content.decode()


def test_without_a_phone_tree_the_stripe_names_functions(client, world, silent):
    other = build_world("OTHER")
    client.force_login(other.nurse)

    assert "No phone tree is on record" in client.get(reverse("board")).content.decode()


@pytest.mark.parametrize("name", ["board", "alerts"])
def test_the_phone_tree_is_in_the_page_before_the_network_is_gone(client, world, silent, name):
    client.force_login(world.nurse)

    html = client.get(reverse(name)).content.decode()

    hidden = html[html.index('<div id="silent"') : html.index(f'<div id="{name}"')]
    assert "Taipei ward 2002" in hidden
    assert re.search(r"alerting/(alarms|alerts)[^/]*\.js", html)  # both load what shows it


# --- Metrics ----------------------------------------------------------------------------------------------------


def metrics_of(client, token="a token") -> dict[str, float]:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _space, value in (line.rpartition(" ") for line in lines)}


@pytest.mark.parametrize(
    ("known", "header"), [("", "Bearer "), ("", None), ("a token", None), ("a token", "Bearer another")]
)
def test_without_the_token_there_are_no_metrics(client, settings, known, header):
    settings.METRICS_TOKEN = known

    assert client.get("/metrics", headers={"Authorization": header} if header else {}).status_code == 404


def test_metrics_tell_ages_outcomes_and_times_and_nobody(client, world, settings):
    settings.METRICS_TOKEN = "a token"
    kept(stay(world), world)
    kept(dose(world), world)
    [alert] = kept(vitals(world, 4, temperature_c=38.6, sbp=85, hypotension=True), world).alerts
    first, second, _third = Delivery.objects.order_by("key")
    outbox.mark_sent(outbox.claim(str(first.pk), at=hour(4)), at=hour(4) + seconds(3))
    outbox.mark_failed(outbox.claim(str(second.pk), at=hour(4)), why="mail_550", at=hour(4) + seconds(40))
    acknowledge(str(alert.pk), by=world.nurse, at=hour(4) + timedelta(minutes=7))
    heartbeat.beat(at=hour(4))
    Beacon.objects.update(received_at=hour(4) + seconds(1))

    with time_machine.travel(hour(4) + seconds(30), tick=False):
        metrics = metrics_of(client)

    assert metrics['crs_deliveries{channel="email",purpose="page",state="sent"}'] == 1
    assert metrics['crs_deliveries{channel="email",purpose="page",state="failed"}'] == 1
    assert metrics['crs_deliveries{channel="email",purpose="page",state="queued"}'] == 1
    assert metrics["crs_outbox_oldest_due_seconds"] == 30
    assert metrics["crs_sweep_age_seconds"] == 30
    assert metrics["crs_beacon_age_seconds"] == 29
    assert metrics['crs_delivery_seconds_bucket{channel="email",le="2"}'] == 0
    assert metrics['crs_delivery_seconds_bucket{channel="email",le="5"}'] == 1
    assert metrics['crs_delivery_seconds_sum{channel="email"}'] == 3
    assert metrics['crs_acknowledge_seconds_bucket{kind="crs",le="300"}'] == 0
    assert metrics['crs_acknowledge_seconds_bucket{kind="crs",le="600"}'] == 1
    assert metrics['crs_acknowledge_seconds_sum{kind="crs"}'] == 420
    assert not [name for name in metrics if re.search(r"demo|DEMO|example", name)]


def test_where_nothing_ever_ran_ages_are_infinite(client, settings):
    settings.METRICS_TOKEN = "a token"

    metrics = metrics_of(client)

    assert metrics["crs_sweep_age_seconds"] == metrics["crs_beacon_age_seconds"] == float("inf")


# --- The watching command ---------------------------------------------------------------------------------------


@pytest.fixture
def operator(settings) -> None:
    settings.OPERATOR_EMAIL = ["operator@example.org"]


def test_once_says_what_is_wrong_and_ends_with_1(transactional_db, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("watchdog", "--once")

    assert ended.value.code == 1
    assert "The sweep has stopped" in capsys.readouterr().out


def test_once_ends_with_0_where_all_is_well(transactional_db, capsys):
    heartbeat.beat(at=timezone.now())

    with pytest.raises(SystemExit) as ended:
        call_command("watchdog", "--once")

    assert (ended.value.code, capsys.readouterr().out) == (0, "")


def test_a_trouble_is_mailed_once_and_when_it_is_over(transactional_db, operator):
    command, known = watch.Command(), {}
    for _turn in range(3):
        known = command.turn(known)
    [first] = mail.outbox
    assert first.to == ["operator@example.org"]
    assert "The sweep has stopped" in first.body

    heartbeat.beat(at=timezone.now())
    command.turn(known)

    assert mail.outbox[1].subject == "[crsmonitor] Alerts arrive again"
    assert "Over: The sweep has stopped" in mail.outbox[1].body
    assert len(mail.outbox) == 2


def test_what_could_not_be_mailed_is_told_at_the_next_turn(transactional_db, operator, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    assert watch.Command().turn({}) == {}


def test_the_dead_mans_switch_is_called_while_all_is_well_and_not_otherwise(transactional_db, settings, operator):
    with serving(Hook()) as switch:
        settings.DEADMAN_URL = switch.url
        watch.Command().turn({})
        assert switch.pings == 0

        heartbeat.beat(at=timezone.now())
        watch.Command().turn({})

        assert switch.pings == 1


@pytest.mark.fault
def test_a_database_that_is_down_is_a_trouble(transactional_db, settings, monkeypatch):
    monkeypatch.setitem(django_settings.DATABASES["default"], "PORT", "9")

    assert watch.look() == (Trouble.DATABASE,)


def test_the_beacon_never_waits_in_front_of_an_alert(world, beacon):
    kept(stay(world), world)
    kept(dose(world), world)
    kept(vitals(world, 4, temperature_c=38.6), world)

    assert outbox.due(at=timezone.now()) == [str(Delivery.objects.get().pk), str(beacon.pk)]

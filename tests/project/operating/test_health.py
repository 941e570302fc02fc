from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from time_machine import travel

from crsmonitor.operating import release
from grading.alerting import heartbeat
from grading.models import Heartbeat
from tests.builders import dose, kept, stay, vitals
from tests.regimens.designs.builders import design_of, run_row


def test_healthz_asks_nothing_of_others(client):
    answer = client.get("/healthz")

    assert answer.status_code == 200
    words = [line.split(" ", 1) for line in answer.content.decode().splitlines()]
    assert words == [["ok", "0.2.0"], ["commit", release.commit()], ["schema", release.schema()]]


@pytest.fixture
def swept(db):
    """The sweep has just run."""
    heartbeat.beat(at=timezone.now())


PARTS = ["database", "broker", "schema", "connections", "audit", "runs", "outbox", "sweep", "clock", "stores"]


def failed_parts(client) -> set[str]:
    answer = client.get("/readyz").json()
    assert list(answer["parts"]) == PARTS
    return {name for name, state in answer["parts"].items() if state == "failed"}


def test_readyz_names_every_part(client, swept):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "parts": dict.fromkeys(PARTS, "ok")}


def test_a_sweep_that_never_ran_is_not_ready(client, db):
    assert failed_parts(client) == {"sweep"}


@pytest.mark.parametrize(("seconds", "failed"), [(25, set()), (35, {"sweep"})])
def test_a_sweep_that_has_not_run_for_30_s_is_not_ready(client, db, seconds, failed, time_machine):
    time_machine.move_to(timezone.now(), tick=False)  # the answer may take longer than is left of them
    heartbeat.beat(at=timezone.now() - timedelta(seconds=seconds))

    assert failed_parts(client) == failed


@pytest.mark.parametrize(("seconds", "failed"), [(50, set()), (70, {"outbox"})])
def test_a_message_that_nobody_takes_for_a_minute_is_not_ready(client, world, swept, seconds, failed, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    at = timezone.now() - timedelta(seconds=seconds)
    kept(stay(world, observed_at=at - timedelta(hours=8)), world)
    kept(dose(world, observed_at=at - timedelta(hours=7)), world)
    kept(vitals(world, 0, temperature_c=38.6, observed_at=at), world)
    heartbeat.beat(at=timezone.now())

    assert failed_parts(client) == failed


def test_a_run_that_nobody_computes_warns_and_takes_nothing_out_of_service(client, world, swept):
    run_row(design_of(world))  # queued hours ago

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["parts"]["runs"]) == (200, "warn")


def test_a_migration_that_was_not_applied_is_not_ready(client, swept, superuser):
    """Taken away and put back beside the transaction of the test."""
    change = superuser.execute("DELETE FROM django_migrations WHERE app = 'sessions' RETURNING app, name, applied")
    applied = change.fetchall()
    try:
        assert failed_parts(client) == {"schema"}
    finally:
        change.executemany("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", applied)


@pytest.mark.parametrize(("minutes", "failed"), [(1.5, set()), (2.5, {"clock"})])
def test_a_clock_that_is_more_than_two_minutes_off_is_not_ready(client, db, minutes, failed):
    here = timezone.now() + timedelta(minutes=minutes)
    heartbeat.beat(at=here)
    with travel(here, tick=True):
        assert failed_parts(client) == failed


@pytest.mark.parametrize(("minutes", "failed"), [(-1.5, set()), (10, {"clock"}), (-10, {"clock"})])
def test_a_worker_whose_clock_is_off_is_noticed(client, swept, minutes, failed):
    heartbeat.tell_clock("worker-1", at=timezone.now())
    heartbeat.tell_clock("worker-2", at=timezone.now() + timedelta(minutes=minutes))

    assert failed_parts(client) == failed


def test_a_worker_that_was_taken_away_is_forgotten(client, swept):
    heartbeat.tell_clock("worker-2", at=timezone.now() + timedelta(minutes=10))
    Heartbeat.objects.filter(name="clock:worker-2").update(at=timezone.now() - timedelta(minutes=6))

    assert failed_parts(client) == set()


@pytest.mark.fault
def test_readyz_says_which_part_failed_and_no_secret(client, swept, settings):
    settings.CELERY_BROKER_URL = "redis://:secret@127.0.0.1:9/0"

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["parts"].items() >= {"database": "ok", "broker": "failed"}.items()
    assert b"secret" not in answer.content


def test_an_answer_carries_the_policy_and_the_request_id(client):
    answer = client.get("/healthz")

    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Request-Id"]


def test_the_tests_run_as_the_role_that_owns_nothing(db):
    facts = "current_user, current_database() LIKE 'test_crs%', pg_has_role('pg_database_owner', 'usage')"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {facts}")

        assert cursor.fetchone() == ("crs_app", True, False)

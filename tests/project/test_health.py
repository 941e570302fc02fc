import pytest
from django.db import connection


def test_healthz_asks_nothing_of_others(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_readyz_names_every_part(client, db):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["parts"].items() >= {"database": "ok", "broker": "ok"}.items()


@pytest.mark.fault
def test_readyz_says_which_part_failed_and_no_secret(client, db, settings):
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

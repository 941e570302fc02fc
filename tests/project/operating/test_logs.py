"""What stands in the log, and what never does: words that somebody typed, whichever way they come."""

import io
import json
import logging

import pytest
from django.db import DataError, connection
from django.test import Client, override_settings
from django.urls import include, path

from crsmonitor import __version__
from crsmonitor.logs.lines import JsonLines, RequestIdFilter, say_start
from crsmonitor.operating import release

TYPED = "Chen Mei-Ling"


def broken(request):
    raise ValueError(f"cannot read {TYPED!r}")


def refused_by_the_database(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::integer", [TYPED])


for view in (broken, refused_by_the_database):
    view.login_required = False
urlpatterns = [
    path("broken/", broken),
    path("api/broken/", broken),
    path("participants/broken/", broken),
    path("admin/broken/", broken),
    path("database/", refused_by_the_database),
    path("", include("crsmonitor.urls")),
]
from crsmonitor.urls import handler500  # noqa: E402, F401


@pytest.fixture
def log():
    """Everything that is logged from now on, as production writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    handler.addFilter(RequestIdFilter())
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def lines(log: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


@override_settings(ROOT_URLCONF=__name__)
def test_a_request_is_one_line_with_its_id_and_nothing_that_was_typed(db, log):
    answer = Client().post(f"/accounts/login/?next={TYPED}", {"username": TYPED, "password": TYPED})

    (line,) = lines(log)
    assert {name: line[name] for name in ("method", "path", "status", "user")} == {
        "method": "POST", "path": "/accounts/login/", "status": 200, "user": None,
    }  # fmt: skip
    assert line["request"] == answer["X-Request-Id"]
    assert line["at"].endswith("+00:00")
    assert "Chen" not in log.getvalue()


def test_of_the_person_the_line_has_the_id(log, world, client):
    client.force_login(world.nurse)

    assert client.get("/").status_code == 200

    assert lines(log)[-1]["user"] == world.nurse.pk
    assert world.nurse.get_username() not in log.getvalue()


def test_an_address_that_is_none_of_ours_is_not_repeated(db, log):
    assert Client().get(f"/{TYPED}/").status_code == 404

    assert [line["path"] for line in lines(log)] == ["-"]


@pytest.mark.parametrize("probe", ["/healthz"])
def test_a_probe_that_is_well_writes_nothing(log, probe):
    assert Client().get(probe).status_code == 200

    assert lines(log) == []


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("address", "error", "code"), [("/broken/", "builtins.ValueError", None), ("/database/", "psycopg", "22P02")]
)
def test_of_an_error_the_line_has_the_class_and_the_place_and_not_the_words(db, log, address, error, code):
    answer = Client(raise_request_exception=False).get(address)

    assert answer.status_code == 500
    (error_line,) = [line for line in lines(log) if "error" in line]
    chain = error_line["error"]
    assert any(one["class"].startswith(error) for one in chain)
    assert any("test_logs.py" in place for one in chain for place in one["at"])
    assert code is None or code in [one.get("sqlstate") for one in chain]
    assert error_line["request"] == answer["X-Request-Id"]
    assert "Chen" not in log.getvalue()


def test_what_celery_writes_of_an_error_has_not_its_words_either(log):
    try:
        raise DataError(f"bad {TYPED}")
    except DataError as error:
        logging.getLogger("celery.app.trace").error(
            "Task %s raised unexpected: %r\n%s", "deliver", error, f"Traceback ... {TYPED}", exc_info=True
        )

    (line,) = lines(log)
    assert line["message"] == "Task deliver raised unexpected: …"
    assert "Chen" not in log.getvalue()


@pytest.mark.parametrize("name", ["celery.beat", "celery.worker.strategy", "celery.app.trace"])
def test_ticks_are_quiet(settings, name):
    assert settings.LOGGING["loggers"][name] == {"level": "WARNING"}


def test_a_process_begins_with_what_it_is(db, log):
    say_start("worker")

    (line,) = lines(log)
    assert {name: line[name] for name in ("process", "version", "commit", "schema", "database")} == {
        "process": "worker", "version": __version__, "commit": release.commit(), "schema": release.schema(),
        "database": "is migrated",
    }  # fmt: skip


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/participants/broken/", "Write the values on paper"),
        ("/admin/broken/", "Call support before you try it again"),
        ("/broken/", "Call support before you try it again"),
    ],
)
def test_the_page_of_a_fault_says_its_number_and_what_to_do_where_one_is(log, address, words):
    answer = Client(raise_request_exception=False).get(address)

    page = " ".join(answer.content.decode().split())
    assert words in page
    assert ("paper" in page) == ("paper" in words)
    assert f"<code>{answer['X-Request-Id']}</code>" in page


@override_settings(ROOT_URLCONF=__name__)
def test_a_fault_of_the_api_is_a_problem_with_its_number(log):
    answer = Client(raise_request_exception=False).get("/api/broken/")

    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert answer.json()["request_id"] == answer["X-Request-Id"]
    assert answer.json()["title"] == "broken"

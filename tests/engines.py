"""The test database, the browser and the server that tests share. A pytest plugin, see conftest.py."""

import contextlib
import gc
import importlib
import os
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
import uvicorn
from _pytest import runner
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.test.utils import setup_databases
from playwright.sync_api import Playwright, expect
from psycopg import sql
from pytest_django import DjangoDbBlocker

from crsmonitor.web.room import with_room
from tests import loops, migrated, parts, sizes, stages
from tests.browser.pages.icons import chromium

ROOT = Path(__file__).resolve().parents[1]
WAIT_OR_TAKE_LONG = ("fault", "browser", "long")  # each begun at once, by another worker of pytest-xdist
SEED = "crs_seed"  # schema that keeps what migrations put into tables
# What plugins set up for every test though none of ours has the marks that it serves, but for those with a browser:
# half of the time that a test of a rule took.
IDLE = {
    "_django_clear_site_cache", "_django_isolate_apps", "_django_set_urlconf", "_django_setup_unittest",
    "_live_server_helper", "_pw_trace_api_requests", "_template_string_if_invalid_marker",
}  # fmt: skip
SERVED = {"django_isolate_apps", "ignore_template_errors", "urls"}


def pytest_report_header(config: pytest.Config) -> list[str]:
    size = "whole" if sizes.WHOLE else "a sample; CI=1 runs the whole"
    return [
        f"engines: {os.environ.get('CRS_TEST_ENGINES', 'not started')}",
        f"real stays, trials and examples: {size}",
        *["left out: long tests, and all cases but one with the database; a path runs all"] * samples_cases(config),
    ]


def samples_cases(config: pytest.Config) -> bool:
    """The workers of pytest-xdist are given what the first process made of its words: theirs always name paths."""
    given = getattr(config, "workerinput", None)
    return sizes.samples_cases(config) if given is None else given["samples_cases"]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["samples_cases"] = samples_cases(node.config)
    node.workerinput["every_file"] = node.config.args_source == pytest.Config.ArgsSource.TESTPATHS


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a table of cases that each record something in the database, the inner loop runs a few; of long tests none.

    Raises pytest.UsageError for a name that differs from process to process: no run in several would begin.
    """
    if unstable := [item.nodeid for item in items if " object at 0x" in item.nodeid]:
        raise pytest.UsageError(f"give these cases names of their own (ids=...): {unstable}")
    if samples_cases(config):
        left_out = sizes.left_out(item.nodeid for item in items if uses_database(item))
        left_out |= {item.nodeid for item in items if item.get_closest_marker("long")}
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left_out])
        items[:] = [item for item in items if item.nodeid not in left_out]
    for item in items:
        leave_idle_fixtures(item)
    staged = [place for place, item in enumerate(items) if uses_database(item) and not commits(item)]
    tests = [items[place] for place in staged]
    order = stages.side_by_side([tuple(stages.wanted_by(item)) for item in tests])
    for place, which in zip(staged, order, strict=True):
        items[place] = tests[which]
    if workers := getattr(config, "workerinput", {}).get("workercount"):
        items[:] = parts.in_parts(items, [partial(is_marked, mark) for mark in WAIT_OR_TAKE_LONG], workers)


def leave_idle_fixtures(item: pytest.Item) -> None:
    """Raises pytest.UsageError for a mark that would need one."""
    names = getattr(item, "fixturenames", [])
    if any(item.get_closest_marker(mark) for mark in SERVED):
        raise pytest.UsageError(f"{item.nodeid}: what serves its mark is left out, see IDLE")
    if "playwright" not in names:
        names[:] = [name for name in names if name not in IDLE]


def is_marked(mark: str, item: pytest.Item) -> bool:
    return item.get_closest_marker(mark) is not None


def commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return "transactional_db" in item.fixturenames or bool(marker and marker.kwargs.get("transaction"))


def uses_database(item: pytest.Item) -> bool:
    """Of the tests that the inner loop is made of: those of browsers and faults have commands of their own."""
    named = {"db", "transactional_db"} & {*getattr(item, "fixturenames", ())}
    if not named and not item.get_closest_marker("django_db"):
        return False
    return not (item.get_closest_marker("browser") or item.get_closest_marker("fault"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Who has nothing left takes half of what another has left, see parts.py for what each begins with.

    In the parts that xdist hands out otherwise, one worker had all the tests that wait, while another ran out of quick
    ones and waited.
    """
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.getoption("dist") == "load" else None  # None: as was asked for


def pytest_collection(session: pytest.Session) -> None:
    """Each worker begins with other modules, and so finds compiled what the others began with.

    Side by side all would rewrite and compile the same ones of a fresh checkout, each for itself.
    """
    given = getattr(session.config, "workerinput", {})
    if not given.get("every_file"):
        return
    mine, workers = int(given["workerid"].removeprefix("gw")), given["workercount"]
    for path in sorted(ROOT.glob("tests/**/test_*.py"))[mine::workers]:
        with contextlib.suppress(Exception, pytest.skip.Exception):  # collecting says what is wrong with it
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def pytest_collection_finish() -> None:
    """What collecting made stays to the end: looking through it again and again took a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """As pytest's own, with room for the frames of what a test calls."""
    return with_room(runner.pytest_runtest_protocol, item, nextitem)


# --- Database -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A test database that the owner makes and migrates; tests find it as the role that runs.

    Replaces pytest-django's, which makes only what tests name, and would make it as that role. It is
    not dropped: the whole cluster is thrown away at the end.
    """
    connection_created.connect(keep_prepared)
    migrated.copy_as(settings.DATABASES["owner"]["TEST"]["NAME"])
    with django_db_blocker.unblock():
        setup_databases(verbosity=0, interactive=False, keepdb=True, aliases={"owner"}, serialized_aliases=set())
    yield
    with django_db_blocker.unblock():
        connections.close_all()


def keep_prepared(connection: BaseDatabaseWrapper, **signal: Any) -> None:
    """A statement stays prepared when what a test did is taken back: psycopg forgets all at every rollback.

    Rows are taken back here, never tables: one that changed under a statement is an error that says so.
    """
    connection.connection.prepared_max = 2000
    connection.connection.prepare_threshold = 1  # another test asks it again
    connection.connection._prepared._should_discard = lambda *of_statement: False


@pytest.fixture(scope="session")
def superuser(django_db_setup: None) -> Iterator[psycopg.Connection]:
    """A connection to the test database that may do what the app's role may not."""
    url = os.environ["CRS_TEST_SUPERUSER_URL"].replace("/crs?", f"/{settings.DATABASES['default']['NAME']}?")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def wipe(superuser: psycopg.Connection) -> sql.Composed:
    """The statements that put every table back to what the migrations left in it."""
    tables_there = superuser.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    tables = [sql.Identifier("public", name) for (name,) in sorted(tables_there)]
    superuser.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(SEED)))
    # As a replica, the connection skips the triggers that guard facts, and foreign keys.
    statements = [sql.SQL("SET LOCAL session_replication_role = replica"), sql.SQL("SET LOCAL lock_timeout = '10s'")]
    for (name,), table in zip(sorted(tables_there), tables, strict=True):
        statements.append(sql.SQL("DELETE FROM {}").format(table))
        if superuser.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(table)).fetchone():
            seed = sql.Identifier(SEED, name)
            superuser.execute(sql.SQL("CREATE TABLE IF NOT EXISTS {} AS TABLE {}").format(seed, table))
            statements.append(sql.SQL("INSERT INTO {} OVERRIDING SYSTEM VALUE TABLE {}").format(table, seed))
    return sql.SQL("; ").join(statements)


@pytest.fixture(autouse=True)
def _wipe_after_commits(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test committed is removed: Django's flush cannot, since the app's role may not delete."""
    if not commits(request.node):
        yield
        return
    statements = request.getfixturevalue("wipe")
    yield
    await_answers()
    connection = request.getfixturevalue("superuser")
    with connection.transaction():
        connection.execute(statements)


@pytest.fixture(scope="session")
def _stages(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[stages.Stack]:
    stack = stages.Stack()
    yield stack
    with django_db_blocker.unblock():
        stack.leave(0)


@pytest.fixture
def _recorded(
    request: pytest.FixtureRequest, _stages: stages.Stack, django_db_blocker: DjangoDbBlocker
) -> dict[stages.Build, Any]:
    with django_db_blocker.unblock():
        return _stages.reach(stages.wanted_by(request.node))


@pytest.fixture
def _django_db_helper(_recorded: dict[stages.Build, Any], _django_db_helper: None) -> Iterator[None]:
    """pytest-django's, through which every test comes to the database: with the stages below its own savepoint.

    Ends when nobody works for this test any more: a thread would find the database closed to it, or the next test's.
    """
    yield
    await_answers()


@pytest.fixture
def state_folder() -> Iterator[Path]:
    """A folder for engines of the test's own. As root they run as `nobody`, who cannot enter pytest's folders."""
    folder = Path(tempfile.mkdtemp(prefix=f"crs-test-{os.getpid()}-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


# --- Browser ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _no_stages(_stages: stages.Stack, django_db_blocker: DjangoDbBlocker) -> None:
    """Playwright keeps a loop running in this thread, and Django has other connections where one runs.

    What was recorded on those of before could not be taken back, and every insert would wait for it for ever.
    """
    with django_db_blocker.unblock():
        _stages.leave(0)


@pytest.fixture(scope="session")
def playwright(
    _no_stages: None, playwright: Playwright, _stages: stages.Stack, django_db_blocker: DjangoDbBlocker
) -> Iterator[Playwright]:
    """pytest-playwright's, started and ended when nothing is on record: the connections change with its loop."""
    expect.set_options(timeout=30_000)  # as long as for any action: what is waited for is there when it is there
    with loops.each_apart():
        yield playwright
    with django_db_blocker.unblock():
        _stages.leave(0)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """The Chromium of this machine. None: browser tests skip, or fail where CI is set."""
    program = chromium()
    if program is None:
        install = "Debian: apt-get install chromium-headless-shell"
        why = f"no Chromium found: install it ({install}) or set CRS_CHROMIUM to its path"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    # Playwright keeps a loop running in this thread, which Django takes for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {
        "executable_path": program,
        "args": [
            "--no-sandbox",  # Chromium's own sandbox refuses root
            "--disable-gpu",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
        ],
    }


# --- Server -------------------------------------------------------------------------------------

_unanswered: set[object] = set()  # requests that the server of this process still works on
_drawing: set[Executor] = set()  # what draws for its open pages


def await_answers(within_s: float = 60) -> None:
    """A page may send a request and close: what that request writes must not meet the wiping of the tables.

    Nor may what is drawn for open pages, in a thread of its own.
    """
    end = time.monotonic() + within_s
    while _unanswered:
        assert time.monotonic() < end, f"{len(_unanswered)} requests were not answered within {within_s} s"
        time.sleep(0.01)
    for drawing in _drawing:
        drawing.submit(int).result(within_s)  # after what its one thread is at


@pytest.fixture(scope="session")
def _serving(django_db_setup: None) -> Iterator[str]:
    """One ASGI server in this process: pytest-django's own is WSGI and never ends with a live board open."""
    from crsmonitor.asgi import application as site
    from crsmonitor.asgi import lanes
    from crsmonitor.pages import live
    from crsmonitor.tablet.finder import build
    from crsmonitor.web.protocol import as_uvicorn_settings

    build()  # as collecting does: no page waits for it

    async def application(scope, receive, send):
        request = object()
        _unanswered.add(request)
        try:
            await site(scope, receive, send)
        finally:
            _unanswered.discard(request)

    kept_open: list[psycopg.Connection] = []

    def keep_open(connection: BaseDatabaseWrapper, **signal: Any) -> None:
        """From request to request, in threads that answer them: to connect costs one as much as all that it asks."""
        if threading.current_thread().name.partition("_")[0] in lanes:
            connection.close_at, connection.health_check_enabled = None, False
            kept_open.append(connection.connection)

    connection_created.connect(keep_open)
    _drawing.add(live._drawing)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(application, log_level="warning", timeout_graceful_shutdown=1, **as_uvicorn_settings())
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    end = time.monotonic() + 60
    while not server.started:
        assert time.monotonic() < end, "the test server did not start"
        time.sleep(0.01)
    yield f"http://localhost:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(5)
    connection_created.disconnect(keep_open)
    for connection in kept_open:
        connection.close()


@pytest.fixture
def server(_serving: str, transactional_db: None) -> str:
    """The address of a running site on the test database, for browser tests."""
    return _serving

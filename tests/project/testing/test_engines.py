"""What the test database promises to every test."""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.utils import timezone

from crsmonitor import __version__, embedded
from tests import engines
from tests.engines import await_answers
from tests.faults.rig.stack import until

ROOT = Path(__file__).resolve().parents[3]


def count(connection, table: str) -> int:
    return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_that_commits_starts_from_nothing(turn):
    assert not Session.objects.exists()
    assert ContentType.objects.exists()

    Session.objects.create(session_key=f"turn{turn}", session_data="", expire_date=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_rows_that_the_database_guards_are_removed_too(superuser, wipe):
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute("INSERT INTO audit_head (subject, seq, hash) VALUES ('a test', 1, '') ON CONFLICT DO NOTHING")
    assert count(superuser, "audit_head WHERE subject = 'a test'") == 1

    with superuser.transaction():
        superuser.execute(wipe)

    assert count(superuser, "audit_head WHERE subject = 'a test'") == 0


@pytest.mark.long
def test_the_server_shows_what_a_test_committed(server, client):
    import httpx

    answer = httpx.get(f"{server}/readyz")

    assert answer.json()["parts"]["database"] == "ok"


@pytest.mark.long
def test_tables_are_wiped_only_when_the_server_has_answered(server, superuser):
    """The client stays: of one that gave up meanwhile a busy server would begin nothing."""
    import httpx

    with ThreadPoolExecutor(1) as pool, superuser.transaction():
        superuser.execute("LOCK TABLE django_session")
        pool.submit(httpx.get, f"{server}/alerts/", cookies={"sessionid": "no-such-session"}, timeout=600)
        until(lambda: engines._unanswered, 60, "the server has begun with it")
        with pytest.raises(AssertionError, match="1 requests were not answered"):
            await_answers(within_s=0.1)

    await_answers()


@pytest.mark.browser
def test_a_browser_reaches_the_server(server, page):
    page.goto(f"{server}/healthz")

    assert page.inner_text("body").splitlines()[0] == f"ok {__version__}"


AFTER_A_STAGE = """
import pytest
from tests.builders import build_world

def test_a_stage(world):
    pass

@pytest.mark.browser
@pytest.mark.parametrize("turn", [1, 2])
def test_a_browser(server, page, turn):
    build_world()
"""


@pytest.mark.browser
def test_a_browser_may_come_straight_after_a_stage(tmp_path):
    """As in a worker that takes over tests from another: what the stage recorded is left before the loop begins."""
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["tests.conftest"]\n')
    (tmp_path / "test_after.py").write_text(AFTER_A_STAGE)
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", tmp_path, "-c", ROOT / "pyproject.toml"]

    ours = ("CRS_TEST_", "PYTEST_")  # it has engines of its own
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}

    run = subprocess.run(
        [sys.executable, *words, tmp_path], cwd=ROOT, env=clean, capture_output=True, text=True, timeout=600
    )

    assert run.returncode == 0, run.stdout


KEPT = "from crsmonitor import settings_test; import sys; print(sys.dont_write_bytecode, sys.pycache_prefix)"


@pytest.mark.parametrize(("flags", "kept"), [([], "None"), (["-B"], str(ROOT / ".pytest_cache/d/bytecode"))])
def test_bytecode_is_kept_where_it_is_forbidden_beside_the_sources_too(flags, kept):
    beside = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    run = [sys.executable, *flags, "-c", KEPT]
    output = subprocess.run(run, cwd=ROOT, env=beside, capture_output=True, text=True, check=True).stdout

    assert output.split() == ["False", kept]


START = "from crsmonitor import settings_test; import os; print(os.environ['CRS_TEST_STATE_DIR'], flush=True); input()"


@pytest.mark.fault
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_killed_test_run_leaves_no_server():
    env = {name: value for name, value in os.environ.items() if not name.startswith("CRS_TEST_")}
    elsewhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:5432/crs", "REDIS_URL": "redis://127.0.0.1:6379/0"}
    run = subprocess.Popen(
        [sys.executable, "-c", START],
        cwd=ROOT,
        env=env | elsewhere,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    folder = Path(run.stdout.readline().strip())
    server = int((folder / "postgres/postmaster.pid").read_text().split()[0])
    assert embedded.command_of(server)

    run.kill()
    run.communicate()

    end = time.monotonic() + 120
    while embedded.command_of(server):
        assert time.monotonic() < end, "the server outlived the tests"
        time.sleep(0.02)
    shutil.rmtree(folder)  # the next run would do so


def test_a_test_sets_up_nothing_that_serves_only_marks_of_others(request):
    assert not engines.IDLE & {*request.fixturenames}


@pytest.mark.parametrize("mark", sorted(engines.SERVED))
def test_a_mark_that_would_need_it_is_refused(request, mark):
    item = pytest.Function.from_parent(request.node.parent, name="test_other", callobj=lambda: None)
    item.add_marker(mark)

    with pytest.raises(pytest.UsageError, match="test_other: what serves its mark is left out"):
        engines.leave_idle_fixtures(item)

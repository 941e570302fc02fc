"""Management commands on a running `up`: `python -m crsmonitor.operating.running COMMAND ...` (dev.py manage).

And what its processes ask of it: one of them may be wanted that it starts only then.
"""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from crsmonitor.embedded import state_dir

BASE = Path(__file__).resolve().parents[2]
TOLD = (
    "CRS_MODE", "CRS_STATE_DIR", "SECRET_KEY", "CRS_SEALING_KEYS", "SITE_URL", "DATABASE_URL", "DATABASE_OWNER_URL",
    "REDIS_URL",
)  # fmt: skip


def tell(state: Path, environment: Mapping[str, str]) -> None:
    """Say where the engines are; the file holds passwords and is its owner's only."""
    forget(state)
    notice = state / "running.json"
    notice.touch(mode=0o600)
    notice.write_text(json.dumps({name: environment[name] for name in TOLD if name in environment}))


def forget(state: Path) -> None:
    (state / "running.json").unlink(missing_ok=True)
    for wanted in state.glob("*.wanted"):
        wanted.unlink()


def want(state: Path, name: str) -> None:
    """Have the process of this name started, where an `up` runs that knows it."""
    if (state / "running.json").exists():
        wanted_file(state, name).touch()


def wanted_file(state: Path, name: str) -> Path:
    """There while the process of this name is wanted."""
    return state / f"{name}.wanted"


def main() -> None:
    notice = state_dir(BASE) / "running.json"
    if not notice.exists():
        sys.exit("the app is not running: start it with `python3 dev.py up`, or set DATABASE_URL and use manage.py")
    os.environ |= json.loads(notice.read_text())
    os.execv(sys.executable, [sys.executable, str(BASE / "manage.py"), *sys.argv[1:]])  # noqa: S606


if __name__ == "__main__":
    main()

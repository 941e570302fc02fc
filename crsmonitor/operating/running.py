"""Management commands on a running `up`: `python -m crsmonitor.operating.running COMMAND ...` (dev.py manage)."""

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


def main() -> None:
    notice = state_dir(BASE) / "running.json"
    if not notice.exists():
        sys.exit("the app is not running: start it with `python3 dev.py up`, or set DATABASE_URL and use manage.py")
    os.environ |= json.loads(notice.read_text())
    os.execv(sys.executable, [sys.executable, str(BASE / "manage.py"), *sys.argv[1:]])  # noqa: S606


if __name__ == "__main__":
    main()

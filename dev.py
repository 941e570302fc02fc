#!/usr/bin/env python3
"""Set up everything that is missing, then run one of:

    python3 dev.py up        run the app (database, broker, web, worker, beat); Ctrl-C stops it
    python3 dev.py test      run the tests; further words go to pytest
    python3 dev.py faults    run only the tests that break something on purpose
    python3 dev.py lint      run every check that needs no test
    python3 dev.py install   only set up what is missing for all of these
    python3 dev.py imports   the picture of the imports: rooms, arrows, arrows up, circles
    python3 dev.py mutate    put small faults into the changed rules: which does no test notice? (--help)
    python3 dev.py bench     run a benchmark: python3 dev.py bench NAME ...
    python3 dev.py manage    run a management command on the running app: python3 dev.py manage replay_icu FILE
    python3 dev.py validation  what whoever validates takes away (docs/validation): python3 dev.py validation FILE
    python3 dev.py bundle    what a machine without a network needs: python3 dev.py bundle FOLDER
    python3 dev.py tablet    lower the rules to what a tablet runs (docs/tablet.md): python3 dev.py tablet [FILE]
    python3 dev.py icons     draw the icons of the installed app from their SVG
    python3 dev.py messages  compile the translations
    python3 dev.py lock      choose new versions within requirements*.in (--upgrade: the newest)

Needs Python 3.11 or newer and nothing else. CRS_VENV is where packages go (default: .venv).
"""

import sys

if sys.version_info < (3, 11):  # before anything that an older Python cannot read
    sys.exit("dev.py: Python 3.11 or newer is needed, this is %d.%d. Try: python3.11 dev.py up" % sys.version_info[:2])

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
LOCKS = ("requirements.lock", "requirements-run.lock", "requirements-dev.lock")  # each holds the one before
LOCKED_FOR = {
    "up": "requirements-run.lock",
    "manage": "requirements-run.lock",
    "test": "requirements-dev.lock",
    "faults": "requirements-dev.lock",
    "lint": "requirements-dev.lock",
    "install": "requirements-dev.lock",
    "imports": "requirements-dev.lock",
    "validation": "requirements-dev.lock",
    "mutate": "requirements-dev.lock",
    "bench": "requirements-dev.lock",
    "bundle": "requirements-run.lock",
    "tablet": "requirements-run.lock",
    "icons": "requirements-dev.lock",
    "messages": "requirements-dev.lock",
}


def say(text: str) -> None:
    """Tell the person at the terminal what happens now."""
    print(f"dev.py: {text}", file=sys.stderr, flush=True)


def stop(text: str) -> NoReturn:
    """End with a message that says what to do."""
    sys.exit(f"dev.py: {text}")


# --- The virtual environment --------------------------------------------------------------------


def venv() -> Path:
    """Where the packages are."""
    return Path(os.environ.get("CRS_VENV") or ROOT / ".venv").absolute()


def python() -> Path:
    """The interpreter that has the packages."""
    return venv() / "bin" / "python"


def stamp_for(lock: str) -> dict[str, str]:
    """What a finished installation of `lock` by this Python leaves in the stamp."""
    return {
        "lock": lock,
        "sha256": hashlib.sha256((ROOT / lock).read_bytes()).hexdigest(),
        "python": sys.version,
    }


def read_stamp() -> dict[str, str] | None:
    """The stamp of the last finished installation. None: never finished, or cut off."""
    try:
        stamp = json.loads((venv() / ".stamp").read_text())
    except (OSError, ValueError):
        return None
    return stamp if isinstance(stamp, dict) and stamp.keys() == {"lock", "sha256", "python"} else None


def is_installed(lock: str) -> bool:
    """Whether the environment holds `lock`: as installed, or inside a larger lock that was."""
    larger_or_same = LOCKS[LOCKS.index(lock) :]
    return python().exists() and read_stamp() in [stamp_for(name) for name in larger_or_same]


@contextlib.contextmanager
def only_one_installs() -> Iterator[None]:
    """A second dev.py waits here until the first has installed."""
    path = venv().with_name(venv().name + ".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another dev.py is installing packages: waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def ensure_installed(lock: str) -> None:
    """Install `lock` unless it is there. What is unchanged is never touched: an app may be running on it."""
    if is_installed(lock):
        return
    with only_one_installs():
        if not is_installed(lock):
            install(lock)


def install(lock: str) -> None:
    """Fill the environment. The stamp goes first and comes back last, so a cut-off run is done again."""
    began = time.monotonic()
    old = read_stamp()
    if old is None or old["python"] != sys.version or not succeeds(python(), "--version"):
        shutil.rmtree(venv(), ignore_errors=True)
    (venv() / ".stamp").unlink(missing_ok=True)
    say(f"installing {lock} into {venv()} (up to a minute the first time)")
    if uv := find_uv():
        install_with_uv(uv, lock)
    else:
        install_with_pip(lock)
    (venv() / ".stamp").write_text(json.dumps(stamp_for(lock)))
    say(f"installed in {time.monotonic() - began:.0f} s")


def find_uv() -> str | None:
    """uv, if it is on PATH and works (a version manager may leave one that does not)."""
    uv = shutil.which("uv")
    return uv if uv and succeeds(uv, "--version") else None


def install_with_uv(uv: str, lock: str) -> None:
    if not python().exists():
        run(uv, "venv", "--quiet", "--python", sys.executable, venv())
    run(
        *(uv, "pip", "sync", "--quiet", "--python", python(), "--require-hashes", "--only-binary", ":all:"),
        *("--compile-bytecode", lock),
    )


def install_with_pip(lock: str) -> None:
    """With pip inside the environment, or the system's pip from outside. A uv that the lock holds does the rest."""
    options = ("--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--only-binary", ":all:")
    if make_venv():
        pip = (python(), "-m", "pip", "install", *options, "--requirement")
    else:
        run(sys.executable, "-m", "venv", "--without-pip", venv())
        pip = (sys.executable, "-m", "pip", "--python", python(), "install", *options, "--requirement")
    if own_uv := requirement_of("uv", (ROOT / lock).read_text()):
        (venv() / "uv.lock").write_text(own_uv)
        run(*pip, venv() / "uv.lock")
        if succeeds(*with_own_uv(), ROOT / lock):
            return
        say("uv does not reach what pip may: pip goes on")
    run(*pip, lock)


def requirement_of(name: str, lock: str) -> str:
    """The lines of one package, with its hashes. Empty: the lock has no such package."""
    found = re.search(rf"^{re.escape(name)}==.*(?:\n .*)*\n?", lock, re.MULTILINE)
    return found[0] if found else ""


def with_own_uv() -> tuple[str | Path, ...]:
    """Modules are compiled when they are first imported: most of what tests need never is."""
    compiled = ["--compile-bytecode"] * sys.dont_write_bytecode
    options = ("--no-deps", "--require-hashes", "--only-binary", ":all:", *compiled, "--requirement")
    return (venv() / "bin/uv", "pip", "install", "--quiet", "--python", python(), *options)


def make_venv() -> bool:
    """Make the environment with a pip of its own. False: this Python cannot, but has a pip that can fill it."""
    if succeeds(python(), "-m", "pip", "--version") or succeeds(sys.executable, "-m", "venv", venv()):
        return True
    shutil.rmtree(venv(), ignore_errors=True)
    if succeeds(sys.executable, "-m", "pip", "--python", sys.executable, "--version"):
        return False
    install_debian_venv()
    if not succeeds(sys.executable, "-m", "venv", venv()):
        stop(
            "this Python has neither venv nor pip. Debian and Ubuntu: apt-get install python3-venv; "
            "elsewhere install uv or a Python from python.org. Then run this again."
        )
    return True


def install_debian_venv() -> None:
    """python3-venv, where we are root on a machine with apt-get. Else nothing happens."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    say(f"this Python has no venv: apt-get install {package}")
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", package]):
        subprocess.run(["apt-get", "-qq", *command], env=env, stdout=subprocess.DEVNULL, check=False)


# --- Running programs ---------------------------------------------------------------------------


def succeeds(*command: str | Path) -> bool:
    """Run quietly; whether it ended with 0."""
    try:
        return subprocess.run(list(map(str, command)), capture_output=True, cwd=ROOT, check=False).returncode == 0
    except OSError:
        return False


def run(*command: str | Path) -> None:
    """Run, and stop where it fails; its own output says why."""
    shown = " ".join(map(str, command[:4]))
    try:
        code = subprocess.run(list(map(str, command)), cwd=ROOT, check=False).returncode
    except OSError as error:
        stop(f"`{shown} ...` cannot be started: {error}")
    if code:
        stop(f"`{shown} ...` failed with code {code}; see the message above")


def become(*args: str) -> None:
    """Go on as the environment's Python, so that Ctrl-C and the exit code are its own."""
    os.chdir(ROOT)
    os.execv(python(), [str(python()), *args])  # noqa: S606


# --- Commands -----------------------------------------------------------------------------------


def up(args: list[str]) -> None:
    os.environ["CRS_MODE"] = "demo"
    become("manage.py", "up", *args)


def manage(args: list[str]) -> None:
    """One of Django's or our own commands, with the database and broker of a running `up`."""
    become("-m", "crsmonitor.operating.running", *args)


def test(args: list[str]) -> None:
    """Everything, in two processes a core; a choice of tests in one process, which starts faster.

    Two: tests of faults and of browsers wait for another process most of their time, and the others go on meanwhile.
    """
    if not args:
        os.environ["CRS_TEST_WHOLE"] = "1"  # tests/sizes.py
    become("-m", "pytest", *(args or ["--numprocesses", str(2 * cores())]))


def cores() -> int:
    """Those that this process may use, where the system says so."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def faults(args: list[str]) -> None:
    become("-m", "pytest", "-m", "fault", *args)


def imports(args: list[str]) -> None:
    become("-m", "tests.project.shape.imports", *args)


def mutate(args: list[str]) -> None:
    become("-m", "tests.mutation", *args)


def validation(args: list[str]) -> None:
    become("-m", "tests.proof.dossier", *args)


def bench(args: list[str]) -> None:
    become("-m", "bench", *args)


def lint(args: list[str]) -> None:
    become("-m", "tests.lint", *args)


def only_install(args: list[str]) -> None:
    """Nothing is left to do: see LOCKED_FOR."""


def bundle(args: list[str]) -> None:
    become("-m", "crsmonitor.operating.bundle", *args)


def tablet(args: list[str]) -> None:
    become("-m", "crsmonitor.tablet", *args)


def icons(args: list[str]) -> None:
    become("-m", "tests.browser.pages.icons", *args)


def messages(args: list[str]) -> None:
    become("crsmonitor/locale/compile.py", *args)


def lock(args: list[str]) -> None:
    """Write every lock anew. Each is held to the versions of the one before; none names a host."""
    with contextlib.ExitStack() as stack:
        uv = find_uv() or uv_from_index(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        held_to: list[str] = []
        for name in LOCKS:
            source = name.replace(".lock", ".in")
            say(f"{source} -> {name}")
            run(
                *(uv, "pip", "compile", "--no-config", "--universal", "--python-version", "3.11"),
                *("--generate-hashes", "--no-annotate", "--no-header", "--quiet"),
                *(*held_to, *args, source, "--output-file", name),
            )
            held_to = ["--constraint", name]


def uv_from_index(folder: Path) -> str:
    """A uv for this once, where none is on PATH."""
    say("uv is not on PATH: installing it for this once")
    run(sys.executable, "-m", "venv", folder)
    run(folder / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv")
    return str(folder / "bin/uv")


COMMANDS = {
    "up": up, "manage": manage, "test": test, "faults": faults, "lint": lint, "install": only_install,
    "imports": imports, "mutate": mutate, "validation": validation, "bench": bench, "bundle": bundle, "tablet": tablet,
    "icons": icons, "messages": messages, "lock": lock,
}  # fmt: skip


def main(args: list[str]) -> None:
    name, *rest = args or ["help"]
    if name in ("help", "-h", "--help"):
        print(__doc__)
        return
    if name not in COMMANDS:
        print(__doc__, file=sys.stderr)
        print(f"dev.py: there is no command {name!r}", file=sys.stderr)
        sys.exit(2)
    if name in LOCKED_FOR:
        ensure_installed(LOCKED_FOR[name])
    COMMANDS[name](rest)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)

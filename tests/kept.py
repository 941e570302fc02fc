"""Folders that took long to make, kept between runs: each under the name of what it was made of, and only copied."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

UNFINISHED = "unfinished-"


class Kept:
    """At most `most` folders in `at`, the last used. Any number of processes may use it at once, and be killed."""

    def __init__(self, at: Path, *, most: int) -> None:
        self.at, self.most = at, most

    def copy(self, name: str, into: Path, make: Callable[[], list[Path]]) -> None:
        """Put what is kept as `name` into the folder `into`, or call `make`, which puts it there and says what to keep.

        One process makes while the others wait. What `make` raises is raised, and nothing is kept.
        """
        with self.alone():
            if (self.at / name).exists():
                put((self.at / name).iterdir(), into)
                os.utime(self.at / name)
            else:
                self.keep(make(), name)

    def keep(self, made: Iterable[Path], name: str) -> None:
        """Appears whole or not at all. What a killed process left, and what was not used for longest, goes."""
        for left in self.at.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)
        unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=self.at))  # mode 0700
        put(made, unfinished)
        unfinished.rename(self.at / name)
        os.utime(self.at / name)
        by_use = sorted((one for one in self.at.iterdir() if one.is_dir()), key=lambda one: one.stat().st_mtime)
        for old in by_use[: -self.most]:
            shutil.rmtree(old, ignore_errors=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other process copies or makes meanwhile. The lock goes with the process that holds it."""
        self.at.mkdir(parents=True, exist_ok=True)
        with (self.at / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def put(parts: Iterable[Path], into: Path) -> None:
    """Copies with owners and modes, which shutil does not."""
    subprocess.run(["cp", "-Rp", *parts, into], check=True)

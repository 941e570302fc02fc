"""Seconds of a machine that does nothing else."""

import os
from pathlib import Path
from statistics import fmean

CGROUP = Path("/sys/fs/cgroup")
# The cores of CI are others' as well, of whom neither load nor group tells: a promise of 2 s would fail.
AT_LEAST = 3.0 if os.environ.get("CI") else 1.0


def patience() -> float:
    """How many times as long a wait may take: what is promised in seconds is promised where each core has one to serve.

    At least 1, and in CI 3: on a quiet machine of one's own nothing is waited for longer than was promised.
    """
    return Wait().patience()


class Wait:
    """One wait. The load of the last minute knows nothing of a crowd that has just come: a wait counts for itself."""

    def __init__(self) -> None:
        self.seen: list[int] = []

    def patience(self) -> float:
        """As of now; to be asked again and again while it lasts."""
        self.seen.append(running())
        return max(AT_LEAST, max(os.getloadavg()[0], fmean(self.seen)) / cores())


def running() -> int:
    """How many want a core at this moment."""
    try:
        return int(Path("/proc/loadavg").read_text().split()[3].partition("/")[0])
    except OSError:  # no Linux
        return 1


def cores() -> float:
    """That this process may use: a container may have a share of the machine's, which only its group tells."""
    mine = float(len(os.sched_getaffinity(0)))
    try:
        quota, period = (CGROUP / "cpu.max").read_text().split()
    except OSError:  # no group, or one of the first version
        return mine
    return mine if quota == "max" else min(mine, int(quota) / int(period))

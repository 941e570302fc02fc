"""Seconds of a machine that does nothing else."""

import os


def patience() -> float:
    """How many times as long a wait may take: what is promised in seconds is promised where each core has one to serve.

    At least 1, so on a quiet machine nothing is waited for longer than was promised.
    """
    return max(1.0, os.getloadavg()[0] / len(os.sched_getaffinity(0)))

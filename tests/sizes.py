"""How much is run of what is large by nature: real stays, simulated trials, drawn examples, cases of a table.

Tests that are marked `long` are such as well: a simulated trial, a backup that is restored, every page for every role.

All of it where CI is set, as in .ci/run, and in `dev.py test`; otherwise a sample, so that the inner loop is short.
A choice of what is run, never of what is expected.
"""

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

import pytest
from hypothesis import settings

Size = TypeVar("Size")
WHOLE = bool(os.environ.get("CI") or os.environ.get("CRS_TEST_WHOLE"))


def sized(whole: Size, *, sample: Size) -> Size:
    return whole if WHOLE else sample


# Without a deadline of hypothesis: with one of 200 ms, drawing fails as "too slow" after 1 s of wall time, which a busy
# machine reaches with any strategy; without, after 30 s.
settings.register_profile("sample", max_examples=25, deadline=None)
settings.register_profile("whole", deadline=None)
if not os.environ.get("CI"):  # otherwise hypothesis' own, which has none either
    settings.load_profile("whole" if WHOLE else "sample")


# --- Cases of one test ----------------------------------------------------------------------------------------------

CASES = 1  # of a test with the database, where nobody named what to run; rules have all their rows without one


def samples_cases(config: pytest.Config) -> bool:
    """Whether this run is the inner loop: not the whole, and no file, test or word was asked for."""
    asked_for = config.args_source != pytest.Config.ArgsSource.TESTPATHS or config.option.keyword
    return not (WHOLE or asked_for or getattr(config.option, "lf", False))


def left_out(cases: Iterable[str]) -> set[str]:
    """Of tests with more cases than CASES all but so many: those whose names' hashes are lowest, so always the same."""
    of_test = defaultdict(list)
    for case in cases:
        of_test[case.partition("[")[0]].append(case)
    ranked = (sorted(each, key=lambda case: hashlib.sha256(case.encode()).digest()) for each in of_test.values())
    return {case for each in ranked for case in each[CASES:]}

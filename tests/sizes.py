"""How much is run of what is large by nature: real stays, simulated trials, drawn examples.

All of it where CI is set, as in .ci/run, and in `dev.py test`; otherwise a sample, so that the inner loop is short.
A choice of what is run, never of what is expected.
"""

import os
from typing import TypeVar

from hypothesis import settings

Size = TypeVar("Size")
WHOLE = bool(os.environ.get("CI") or os.environ.get("CRS_TEST_WHOLE"))


def sized(whole: Size, *, sample: Size) -> Size:
    return whole if WHOLE else sample


settings.register_profile("sample", max_examples=25)
if not WHOLE:  # otherwise hypothesis' own, which knows CI
    settings.load_profile("sample")

"""On a quiet machine seconds are seconds; on a busy one they are as many more as others take of them."""

import os

import pytest

from tests.faults.rig.patience import patience
from tests.faults.rig.stack import until


@pytest.mark.parametrize(("load", "times"), [(0.3, 1), (2, 1), (6, 3), (12.5, 6.25)])
def test_a_wait_is_longer_by_what_each_core_has_to_serve(monkeypatch, load, times):
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 0, 0))
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1})

    assert patience() == times


def test_what_never_comes_is_told_with_how_long_it_was_waited_for(monkeypatch):
    monkeypatch.setattr(os, "getloadavg", lambda: (0, 0, 0))

    with pytest.raises(AssertionError, match=r"not within 0\.1 s: it rains"):
        until(lambda: False, 0.1, "it rains")

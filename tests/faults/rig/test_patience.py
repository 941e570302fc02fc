"""On a quiet machine seconds are seconds; on a busy one they are as many more as others take of them."""

import os

import pytest

from tests.faults.rig import patience as measured
from tests.faults.rig.patience import Wait, patience
from tests.faults.rig.stack import until


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """Of two cores that nobody uses."""

    def is_busy(*, load: float = 0, running: int = 1, quota: str | None = None) -> None:
        monkeypatch.setattr(os, "getloadavg", lambda: (load, 0, 0))
        monkeypatch.setattr(measured, "running", lambda: running)
        if quota:
            (tmp_path / "cpu.max").write_text(quota)

    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1})
    monkeypatch.setattr(measured, "CGROUP", tmp_path)
    monkeypatch.setattr(measured, "AT_LEAST", 1)
    is_busy()
    return is_busy


@pytest.mark.parametrize(("load", "times"), [(0.3, 1), (2, 1), (6, 3), (12.5, 6.25)])
def test_a_wait_is_longer_by_what_each_core_has_to_serve(machine, load, times):
    machine(load=load)

    assert patience() == times


@pytest.mark.parametrize(("quota", "times"), [("max 100000\n", 2), ("100000 100000\n", 4), ("800000 100000\n", 2)])
def test_a_share_of_the_cores_is_less_than_the_cores(machine, quota, times):
    machine(load=4, quota=quota)

    assert patience() == times


def test_a_crowd_that_has_just_come_counts_before_the_load_tells_of_it(machine):
    wait = Wait()
    machine(running=2)
    assert wait.patience() == 1
    machine(running=18)

    assert wait.patience() == (2 + 18) / 2 / 2


def test_where_others_may_use_the_cores_unseen_a_wait_is_never_short(machine, monkeypatch):
    monkeypatch.setattr(measured, "AT_LEAST", 3)
    machine(load=0.3)
    assert patience() == 3
    machine(load=12)

    assert patience() == 6


def test_what_never_comes_is_told_with_how_long_it_was_waited_for(machine):
    with pytest.raises(AssertionError, match=r"not within 0\.1 s: it rains"):
        until(lambda: False, 0.1, "it rains")


def test_this_machine_says_how_many_want_a_core():
    assert measured.running() >= 1
    assert measured.cores() > 0

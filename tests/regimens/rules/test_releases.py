"""Which doses were given without a release: derived, never entered."""

from datetime import UTC, datetime, timedelta

import pytest

from regimens.rules.releases import Deviation, GivenDose, Release, deviations

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def at(h):
    return START + timedelta(hours=h)


def dose(root, h, step="one"):
    return GivenDose(root=root, at=at(h), step=step)


def release(h, step="one"):
    return Release(at=at(h), step=step)


CASES = [
    ("no dose, none", [], [], {}),
    ("never released", [dose("a", 0)], [], {"a": Deviation.NOT_RELEASED}),
    ("released before", [dose("a", 0)], [release(-1)], {}),
    ("released at the same instant", [dose("a", 0)], [release(0)], {}),
    ("released afterwards", [dose("a", 0)], [release(1)], {"a": Deviation.NOT_RELEASED}),
    ("released for the dose before", [dose("a", 0), dose("b", 24)], [release(-1)], {"b": Deviation.NOT_RELEASED}),
    ("each released", [dose("a", 0), dose("b", 24)], [release(-1), release(20)], {}),
    ("another step", [dose("a", 0, "two")], [release(-1)], {"a": Deviation.OTHER_STEP}),
    ("the newest release counts", [dose("a", 0, "two")], [release(-2), release(-1, "two")], {}),
    ("in any order", [dose("b", 24), dose("a", 0)], [release(20), release(-1)], {}),
]


@pytest.mark.parametrize(("doses", "releases", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_deviations(doses, releases, expected):
    assert deviations(doses, releases) == expected

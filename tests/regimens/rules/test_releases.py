"""Which doses were given without a release: derived, never entered."""

from datetime import UTC, datetime, timedelta

import pytest

from regimens.rules.releases import Deviation, GivenDose, Release, deviations

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def at(h):
    return START + timedelta(hours=h)


def dose(root, h, step="one"):
    return GivenDose(root=root, at=at(h), step=step)


def release(h, step="one", *, dose_at=None, replanned=None):
    later = None if replanned is None else at(replanned)
    return Release(at=at(h), step=step, for_at=at(h if dose_at is None else dose_at), replanned_at=later)


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
    ("another cohort since", [dose("a", 2)], [release(0, replanned=1)], {"a": Deviation.OTHER_COHORT}),
    ("another cohort as the dose begins", [dose("a", 1)], [release(0, replanned=1)], {"a": Deviation.OTHER_COHORT}),
    ("another cohort after the dose", [dose("a", 2)], [release(0, replanned=3)], {}),
    ("released again for the other cohort", [dose("a", 2)], [release(0, replanned=1), release(1.5)], {}),
    ("in any order", [dose("b", 24), dose("a", 0)], [release(20), release(-1)], {}),
]


EARLY = {"a": Deviation.OTHER_TIME}
WORSE = {"a": Deviation.EVENT_SINCE}
# convention G13: from 1 h before to 24 h after the time that the gate was asked about
TIMES = [
    ("an hour early", [dose("a", 47)], [release(0, dose_at=48)], (), {}),
    ("more than an hour early", [dose("a", 46.9)], [release(0, dose_at=48)], (), EARLY),
    ("a day late", [dose("a", 72)], [release(0, dose_at=48)], (), {}),
    ("more than a day late", [dose("a", 72.1)], [release(0, dose_at=48)], (), EARLY),
    ("an event before the release", [dose("a", 2)], [release(1)], (0.5, 1), {}),
    ("an event after it", [dose("a", 2)], [release(1)], (1.5,), WORSE),
    ("an event as the dose begins", [dose("a", 2)], [release(1)], (2,), WORSE),
    ("an event after the dose", [dose("a", 2)], [release(1)], (2.1,), {}),
    ("released again after the event", [dose("a", 4)], [release(1), release(3)], (2,), {}),
]


@pytest.mark.parametrize(("doses", "releases", "events", "expected"), [c[1:] for c in TIMES], ids=[c[0] for c in TIMES])
def test_a_release_is_for_a_time_and_ends_with_an_event(doses, releases, events, expected):
    assert deviations(doses, releases, [at(h) for h in events]) == expected


@pytest.mark.parametrize(("doses", "releases", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_deviations(doses, releases, expected):
    assert deviations(doses, releases) == expected

"""Whether the alert loop is alive: each limit on both sides, and what operators are told when."""

from datetime import UTC, datetime, timedelta

import pytest

from grading.rules.alerting.watchdog import Mailed, Signs, Trouble, silent_since, to_tell, wrong

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WELL = {
    "oldest_due": None, "swept_at": AT, "beacon_first_at": AT, "beacon_at": AT, "clock_offset": timedelta(0),
}  # fmt: skip


def ago(seconds: float) -> datetime:
    return AT - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ()),
        ({"oldest_due": ago(60)}, ()),
        ({"oldest_due": ago(61)}, (Trouble.OUTBOX,)),
        ({"swept_at": ago(30)}, ()),
        ({"swept_at": ago(31)}, (Trouble.SWEEP,)),
        ({"swept_at": None}, (Trouble.SWEEP,)),
        ({"swept_at": ago(-120)}, ()),  # by a clock that differs a little
        ({"swept_at": ago(-121)}, (Trouble.SWEEP,)),  # by one that was put back since
        ({"beacon_at": ago(120)}, ()),
        ({"beacon_at": ago(121)}, (Trouble.BEACON,)),
        ({"beacon_at": None, "beacon_first_at": ago(121)}, (Trouble.BEACON,)),
        ({"beacon_at": None, "beacon_first_at": ago(100)}, ()),
        ({"beacon_at": None, "beacon_first_at": None}, ()),  # nothing ever ran: the sweep says it
        ({"clock_offset": timedelta(minutes=2)}, ()),
        ({"clock_offset": timedelta(minutes=2, seconds=1)}, (Trouble.CLOCK,)),
        ({"clock_offset": -timedelta(minutes=2, seconds=1)}, (Trouble.CLOCK,)),
        ({"channels": 1}, (Trouble.CHANNEL,)),
        ({"given_up": 1}, (Trouble.GIVEN_UP,)),
        ({"swept_at": None, "given_up": 2}, (Trouble.SWEEP, Trouble.GIVEN_UP)),
    ],
)
def test_what_is_wrong(changes, expected):
    assert wrong(Signs(**WELL | changes), at=AT) == expected


def test_a_stripe_says_since_when():
    assert silent_since(first_at=ago(900), received_at=ago(300), at=AT) == ago(300)
    assert silent_since(first_at=ago(900), received_at=None, at=AT) == ago(900)


DAY = 86_400  # seconds


@pytest.mark.parametrize(
    ("told_at", "troubles", "new", "still", "over"),
    [
        ({}, [], [], [], []),
        ({}, ["sweep"], ["sweep"], [], []),
        ({"sweep": Mailed(ago(599))}, ["sweep"], [], [], []),
        ({"sweep": Mailed(ago(600))}, ["sweep"], [], ["sweep"], []),
        ({"sweep": Mailed(ago(3599), 2)}, ["sweep"], [], [], []),
        ({"sweep": Mailed(ago(3600), 2)}, ["sweep"], [], ["sweep"], []),
        ({"sweep": Mailed(ago(DAY - 1), 3)}, ["sweep"], [], [], []),
        ({"sweep": Mailed(ago(DAY), 3)}, ["sweep"], [], ["sweep"], []),
        ({"sweep": Mailed(ago(DAY - 1), 40)}, ["sweep"], [], [], []),
        ({"sweep": Mailed(ago(DAY), 40)}, ["sweep"], [], ["sweep"], []),
        ({"sweep": Mailed(ago(-1), 3)}, ["sweep"], [], ["sweep"], []),  # by a clock that was put back since
        ({"sweep": Mailed(ago(10), 3)}, ["sweep", "beacon"], ["beacon"], [], []),  # what changes, at once
        ({"sweep": Mailed(ago(10))}, [], [], [], ["sweep"]),
        ({"sweep": Mailed(ago(10))}, ["beacon"], ["beacon"], [], ["sweep"]),
    ],
)
def test_each_trouble_is_told_once_again_less_and_less_often_and_when_it_is_over(told_at, troubles, new, still, over):
    """Convention (docs/conventions.md, signs of life): 10 min, 1 h, then daily."""
    telling = to_tell(told_at, troubles, at=AT)

    assert (list(telling.new), list(telling.still), list(telling.over)) == (new, still, over)
    again = {one: Mailed(AT, told_at[one].times + 1) for one in still}
    assert dict(telling.last_told) == {one: Mailed(AT) for one in new} | again | {
        one: told_at[one] for one in troubles if one not in new + still
    }

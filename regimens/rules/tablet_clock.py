"""What the times of a ward tablet are worth, held against the server's clock when what it kept arrives.

A tablet without a network has its own clock alone. How much time went by on it between two taps is believed; where it
stood is not: the difference to the server's clock at sending (the skew) is kept and shown, and what does not fit is
named. Conventions: docs/conventions.md, "Kept on a tablet".
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SLACK = timedelta(minutes=2)  # what two clocks may differ by, as for the time at the bedside (recording/record.py)
LONGEST = timedelta(days=14)  # the entry forms offer no earlier day: older than that is a clock that fell back


class ClockDoubt(StrEnum):
    """What does not fit in the times of an entry."""

    OFF = "clock_off"  # the tablet's clock is not the server's
    KEPT_IN_FUTURE = "kept_in_future"  # kept after it was sent: the clock was put back between
    KEPT_BEFORE_OPENED = "kept_before_opened"
    KEPT_LONG_AGO = "kept_long_ago"
    MOVED = "observed_moved"  # the bedside time lay ahead, and was put back by the skew


@dataclass(frozen=True, slots=True, kw_only=True)
class TabletTimes:
    """`opened_at`, `kept_at` and `sent_at` by the tablet's clock, `received_at` by the server's as it was sent."""

    opened_at: datetime
    kept_at: datetime
    sent_at: datetime
    received_at: datetime

    @property
    def skew(self) -> timedelta:
        """By how much the tablet's clock runs ahead; negative: behind. The way of the request is in it."""
        return self.sent_at - self.received_at

    @property
    def doubts(self) -> tuple[ClockDoubt, ...]:
        holds = {
            ClockDoubt.OFF: abs(self.skew) > SLACK,
            ClockDoubt.KEPT_IN_FUTURE: self.kept_at > self.sent_at + SLACK,
            ClockDoubt.KEPT_BEFORE_OPENED: self.kept_at < self.opened_at,
            ClockDoubt.KEPT_LONG_AGO: self.sent_at - self.kept_at > LONGEST,
        }
        return tuple(doubt for doubt, applies in holds.items() if applies)

    @property
    def kept_by_server(self) -> datetime:
        """When it was kept, by the server's clock: as long before it arrived as went by on the tablet.

        What cannot be believed (a clock that was put back, a keeping before the opening) is when it arrived.
        """
        if set(self.doubts) - {ClockDoubt.OFF}:
            return self.received_at
        return self.received_at - max(self.sent_at - self.kept_at, timedelta(0))

    @property
    def opened_by_server(self) -> datetime:
        """When its form was opened, by the server's clock; never after it was kept."""
        went_by = max(self.kept_at - self.opened_at, timedelta(0))
        return self.kept_by_server - min(went_by, LONGEST)

    @property
    def late_from(self) -> datetime:
        """The instant to which an entry's lateness is counted: the earlier of both clocks' keeping.

        A bedside time that a wrong clock offered is not late by that clock's error; that it is wrong is said.
        """
        if set(self.doubts) - {ClockDoubt.OFF}:
            return self.received_at
        return min(self.kept_by_server, self.kept_at)

    def observed(self, observed_at: datetime) -> datetime:
        """The bedside time. One that lies ahead of the server's clock, and would not but for the skew, is put back
        by it; any other stays as it was said.
        """
        ahead = observed_at > self.received_at + SLACK
        return observed_at - self.skew if ahead and observed_at - self.skew <= self.received_at + SLACK else observed_at

"""What becomes of an alert: its states, who may answer, and when an answer lapses. Pure.

Acknowledging is not handling (decisions, Alerts): whoever acknowledges says who is going, and unless an action is
recorded in time the alert rises again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum


class AlertState(StrEnum):
    OPEN = "open"
    DELIVERED = "delivered"
    SEEN = "seen"
    ACKNOWLEDGED = "acknowledged"
    ACTED_ON = "acted_on"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


_S = AlertState

# The states an alert may go to from each: the table is what runs (services/transitions.py).
MOVES: Mapping[AlertState, frozenset[AlertState]] = {
    _S.OPEN: frozenset({_S.DELIVERED, _S.SEEN, _S.ACKNOWLEDGED, _S.ACTED_ON, _S.RESOLVED, _S.WITHDRAWN}),
    _S.DELIVERED: frozenset({_S.SEEN, _S.ACKNOWLEDGED, _S.ACTED_ON, _S.RESOLVED, _S.WITHDRAWN}),
    _S.SEEN: frozenset({_S.ACKNOWLEDGED, _S.ACTED_ON, _S.RESOLVED, _S.WITHDRAWN}),
    _S.ACKNOWLEDGED: frozenset({_S.ACTED_ON, _S.EXPIRED, _S.RESOLVED, _S.WITHDRAWN}),
    # Nobody acted in time: it waits for an answer again, and is not delivered or seen any more.
    _S.EXPIRED: frozenset({_S.ACKNOWLEDGED, _S.ACTED_ON, _S.RESOLVED, _S.WITHDRAWN}),
    # The treatment that was the action was taken back: it waits for an answer again.
    _S.ACTED_ON: frozenset({_S.OPEN, _S.RESOLVED, _S.WITHDRAWN}),
    # What was over and is not: a condition that holds again (services/conditions.py), an episode that is open again.
    _S.RESOLVED: frozenset({_S.WITHDRAWN, _S.OPEN}),
    # A set that was withdrawn and then restored raises the same alert again.
    _S.WITHDRAWN: frozenset({_S.OPEN}),
}

WAITING = frozenset({_S.OPEN, _S.DELIVERED, _S.SEEN, _S.EXPIRED})  # for an answer
STANDING = WAITING | {_S.ACKNOWLEDGED, _S.ACTED_ON}  # what they tell of still is


def may_become(to: AlertState) -> frozenset[AlertState]:
    """The states an alert may leave to reach `to`."""
    return frozenset(state for state, ways in MOVES.items() if to in ways)


# decisions, Alerts: 15 min at grade 3 and above, 30 min at grade 2. Grade 1 asks for no action within minutes.
LAPSES_AFTER: Mapping[int, timedelta] = {2: timedelta(minutes=30), 3: timedelta(minutes=15)}


def lapses_at(*, grade: int, acknowledged_at: datetime) -> datetime | None:
    """When an acknowledgement without an action lapses. None: it does not.

    `grade` -1 (a provisional episode) counts as 2: it would be that at least, were it CRS. So does 0, a look that did
    not come (convention): whoever goes and does not look leaves nobody watching.
    """
    counted = 2 if grade <= 0 else min(grade, max(LAPSES_AFTER))
    after = LAPSES_AFTER.get(counted)
    return None if after is None else acknowledged_at + after


class ActionKind(StrEnum):
    """What counts as handling an alert. A routine set of vital signs does not."""

    TREATMENT = "treatment"
    AT_BEDSIDE = "at_bedside"
    DECLINED = "declined"  # with a reason


def snooze_until(*, grade: int, wanted: datetime, next_due: datetime | None, at: datetime) -> datetime | None:
    """Until when an alert may be silent: as asked, never past the next due set. None: it may not.

    Nor longer than an answer at its grade would hold (convention): silence is no better than somebody who is going.
    Without a set that is due there is nothing that would look again, so it may not.
    """
    if next_due is None:
        return None
    longest = lapses_at(grade=grade, acknowledged_at=at)
    until = min(wanted, next_due, longest or wanted)
    return until if until > at else None

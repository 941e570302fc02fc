"""An alarm on a locked tablet in words: bed, grade, and for how long it has waited."""

from dataclasses import dataclass
from datetime import datetime

from crsmonitor.devices.models import Tablet
from grading.alerting.cards import card_of
from grading.alerting.selectors.ward_alarms import MOST, waiting_at
from grading.words.badges import GradeBadge
from grading.words.wording import span


@dataclass(frozen=True, slots=True, kw_only=True)
class LockAlarm:
    """`bed` empty: in none. `badge` None: a condition that has no grade, such as a look that did not come."""

    bed: str
    badge: GradeBadge | None
    waits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LockAlarms:
    shown: list[LockAlarm]
    more: int


def alarms_of(tablet: Tablet, *, at: datetime) -> LockAlarms:
    waiting = waiting_at(tablet.site_id)
    cards = [card_of(alert, at=at, may_acknowledge=False) for alert in waiting[:MOST]]
    shown = [LockAlarm(bed=card.bed, badge=card.badge, waits=span(at - card.alert.raised_at)) for card in cards]
    return LockAlarms(shown=shown, more=max(0, len(waiting) - MOST))

"""An alarm on a locked tablet in words: bed, grade, and for how long it has waited."""

from dataclasses import dataclass
from datetime import datetime

from grading.alerting.cards import card_of
from grading.alerting.selectors.ward_alarms import MOST, waiting_at
from grading.words.badges import GradeBadge
from grading.words.wording import span


@dataclass(frozen=True, slots=True, kw_only=True)
class LockAlarm:
    """`bed` empty: in none. `badge` None: a condition that has no grade, such as a look that did not come. `key`: by
    which a tablet knows it again, and rings once.
    """

    key: str
    bed: str
    badge: GradeBadge | None
    waits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LockAlarms:
    """`more`: the keys of those that the screen has no room for."""

    shown: list[LockAlarm]
    more: list[str]


def alarms_of(site_id: int, *, at: datetime) -> LockAlarms:
    waiting = waiting_at(site_id)
    cards = [card_of(alert, at=at, may_acknowledge=False) for alert in waiting[:MOST]]
    shown = [
        LockAlarm(key=str(card.alert.pk), bed=card.bed, badge=card.badge, waits=span(at - card.alert.raised_at))
        for card in cards
    ]
    return LockAlarms(shown=shown, more=[str(alert.pk) for alert in waiting[MOST:]])

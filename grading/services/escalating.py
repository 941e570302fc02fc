"""Call the next when nobody answers, and let an answer lapse that nobody acted on.

Every due time is a column of the alert (next_call_at, lapses_at). The sweep finds what is due; several at once are
harmless: the participant is held, the row looked at again, and each call is a row that can be written once.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from grading import outbox
from grading.models import Alert, AlertCall, AlertState
from grading.rules.escalation import Rung, duties_of_call, next_call_at
from grading.rules.lifecycle import WAITING
from grading.rules.rota import Duty, on_duty
from grading.selectors.rota import ladder_of, people_of, shifts_now
from grading.services.moves import UNANSWERED, move
from regimens.models import Participant

logger = logging.getLogger(__name__)

BY = "sweep"
BATCH = 200  # alerts of one sweep; the rest is there at the next
_WAITING = [state.value for state in WAITING]


def call(alert: Alert, *, at: datetime) -> None:
    """Make the next call of an alert that waits, and keep when the one after it is due. Runs in `acting`.

    A rung whose duty nobody has now is passed at once, and its row says so. At the end of the ladder, and where
    there is none, everybody who may answer is told rather than nobody.
    """
    ladder, due = ladder_of(alert.participant), alert.next_call_at or at
    number = alert.calls
    while not _made(alert, number, ladder, at=at):
        number, due = number + 1, at
    following = next_call_at(ladder, number=number, grade=alert.grade, due=due, at=at)
    columns = {"calls": number + 1, "next_call_at": following, "snoozed_until": None}
    Alert.objects.filter(pk=alert.pk).update(**columns)
    for name, value in columns.items():
        setattr(alert, name, value)


def _made(alert: Alert, number: int, ladder: Sequence[Rung], *, at: datetime) -> bool:
    duties = duties_of_call(ladder, number=number, grade=alert.grade)
    people = _on_duty(alert, duties, at=at)
    passed = not people and number < len(ladder) - 1
    if passed:
        logger.error("alert %s: nobody has the duty of call %d", alert.pk, number)
    elif not people:
        people = list(outbox.people_to_tell(alert))
    _row, is_new = AlertCall.objects.get_or_create(
        alert=alert, opening=alert.opening, number=number,
        defaults={"duties": [duty.value for duty in duties], "people": [p.pk for p in people], "at": at},
    )  # fmt: skip
    if is_new and not passed:
        outbox.queue(alert, people=people, at=at, call=number)
    return not passed


def _on_duty(alert: Alert, duties: Sequence[Duty], *, at: datetime) -> list[User]:
    shifts = shifts_now(alert.participant, at=at) if duties else []
    keys = {key for duty in duties for key in on_duty(shifts, duty, at=at)}
    if not keys:
        return []
    # On the rota, still of this site, and to be reached in some way.
    people = list(people_of(alert.participant.study, alert.participant.site).filter(pk__in=keys))
    reached = {contact.user_id for contact in outbox.contacts_to_tell(people)}
    return [person for person in people if person.email or person.pk in reached]


# --- Found by the sweep ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """An alert whose time has come: its answer lapses, or the next is called."""

    alert: UUID
    lapses: bool


def due(*, at: datetime) -> list[Due]:
    """What is due at `at`, the longest waiting first. The rest of a long list is there at the next sweep."""
    lapsed = Alert.objects.filter(state=AlertState.ACKNOWLEDGED.value, lapses_at__lte=at).order_by("lapses_at")
    waiting = Alert.objects.filter(state__in=_WAITING, next_call_at__lte=at).order_by("next_call_at")
    return [
        *(Due(pk, lapses=True) for pk in lapsed.values_list("pk", flat=True)[:BATCH]),
        *(Due(pk, lapses=False) for pk in waiting.values_list("pk", flat=True)[:BATCH]),
    ]


def meet(one: Due, *, at: datetime) -> bool:
    """Do what is due, if it still is. False: another sweep has the alert, or was first, or it was answered."""
    with acting(by=BY, reason="nobody acted in time" if one.lapses else "nobody answered"):
        # Held as by whoever records a fact; where somebody does so now, the next sweep comes in two seconds.
        held = Participant.objects.select_for_update(skip_locked=True, of=("self",)).filter(alerts=one.alert)
        if held.only("pk").first() is None:
            return False
        alert = Alert.objects.select_related("participant__study", "participant__site").get(pk=one.alert)
        return _lapse(alert, at=at) if one.lapses else _call_on(alert, at=at)


def _lapse(alert: Alert, *, at: datetime) -> bool:
    """Nobody acted in time: the alert waits again, and the next rung is called at once."""
    if alert.state != AlertState.ACKNOWLEDGED or alert.lapses_at is None or alert.lapses_at > at:
        return False
    move(alert, AlertState.EXPIRED, by=None, at=at, note="nobody acted", opening=alert.opening + 1, **UNANSWERED)
    call(alert, at=at)
    return True


def _call_on(alert: Alert, *, at: datetime) -> bool:
    if alert.state not in _WAITING or alert.next_call_at is None or alert.next_call_at > at:
        return False
    call(alert, at=at)
    return True

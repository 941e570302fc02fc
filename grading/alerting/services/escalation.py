"""Call the next when nobody answers, and let an answer lapse that nobody acted on.

Every due time is a column of the alert (escalate_at, lapses_at). The sweep finds what is due; several at once are
harmless: the participant is held, the row looked at again, and each escalation is a row that can be written once.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from crsmonitor.audit.acting import acting
from crsmonitor.pages.notices import announce
from grading.alerting.delivery import outbox, receivers
from grading.alerting.selectors.rota import escalation_steps_of, people_on_call
from grading.alerting.services.transitions import UNANSWERED, move
from grading.models import Alert, AlertState, Escalation
from grading.rules.alerting.escalation import PlannedEscalation, escalate_at, for_nurses, roles_to_page
from grading.rules.alerting.lifecycle import WAITING
from grading.rules.alerting.policy.conditions import OF_OBSERVATION
from grading.rules.alerting.watchdog import CLOCK_OFFSET
from regimens.models import Participant

logger = logging.getLogger(__name__)

BY = "sweep"
BATCH = 200  # alerts of one sweep; the rest is there at the next
_WAITING = [state.value for state in WAITING]


def escalate(alert: Alert, *, at: datetime) -> None:
    """Take the next step of an alert that waits, and keep when the one after it is due. Runs in `acting`.

    A step whose role nobody has now who can be called is passed at once, and its row says so and why. At the end of
    the steps, and where there are none, everybody who may answer is told rather than nobody.
    """
    steps, due = escalation_steps_of(alert.participant), min(alert.escalate_at or at, at)
    if alert.condition in OF_OBSERVATION:
        steps = for_nurses(steps)
    number = alert.pages_sent
    while not _made(alert, number, steps, at=at):
        number, due = number + 1, at
    repeats = _repeats(alert, last=max(len(steps) - 1, 0))
    following = escalate_at(steps, number=number, grade=alert.counts_as, due=due, at=at, repeats=repeats)
    columns = {"pages_sent": number + 1, "escalate_at": following, "snoozed_until": None}
    Alert.objects.filter(pk=alert.pk).update(**columns)
    announce(alert.participant.study_id, alert.participant.site_id)  # cards tell of the next step
    for name, value in columns.items():
        setattr(alert, name, value)


def _made(alert: Alert, number: int, steps: Sequence[PlannedEscalation], *, at: datetime) -> bool:
    on_call_roles = roles_to_page(steps, number=number, grade=alert.counts_as)
    on_call = people_on_call(alert.participant, on_call_roles, at=at)
    passed = not on_call.callable and number < len(steps) - 1
    people = on_call.reachable
    if passed:
        logger.error("alert %s: nobody has the role of step %d", alert.pk, number)
    elif not on_call.callable:
        people = list({one.pk: one for one in (*people, *receivers.people_to_tell(alert))}.values())
    mine = {"alert": alert, "occurrence": alert.occurrence, "number": number}
    is_new = not Escalation.objects.filter(**mine).exists()  # the participant is held: nobody makes it meanwhile
    if is_new:
        Escalation.objects.create(
            **mine, on_call_roles=[one.value for one in on_call_roles], people=[p.pk for p in people], at=at,
            passed_over=[{"person": key, "why": why.value} for key, why in sorted(on_call.passed_over.items())],
        )  # fmt: skip
    if is_new and (people or not passed):
        outbox.queue(alert, people=people, at=at, escalation=number)
    return not passed


def _repeats(alert: Alert, *, last: int) -> int:
    """How often the last step was taken again since nobody answers: an answer that lapsed, or a rise, begins anew."""
    taken = Escalation.objects.filter(alert=alert, occurrence=alert.occurrence, number__gte=last).count()
    return max(taken - 1, 0)


# --- Found by the sweep ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """An alert whose time has come: its answer lapses, or the next is called."""

    alert: UUID
    lapses: bool


def _lapses(at: datetime) -> Q:
    """Answers whose time is over. One given later than now is of a clock that was put back: better asked twice."""
    return Q(state=AlertState.ACKNOWLEDGED.value) & (Q(lapses_at__lte=at) | Q(acknowledged_at__gt=at + CLOCK_OFFSET))


def _is_called(at: datetime) -> Q:
    """Alerts whose next step is due. Where the last was taken later than now, the due time is no better: now."""
    last = Escalation.objects.filter(
        alert=OuterRef("pk"), occurrence=OuterRef("occurrence"), number=OuterRef("pages_sent") - 1
    )
    put_back = Q(escalate_at__gt=at + CLOCK_OFFSET) & Q(Exists(last.filter(at__gt=at + CLOCK_OFFSET)))
    return Q(state__in=_WAITING) & (Q(escalate_at__lte=at) | put_back)


def due(*, at: datetime) -> list[Due]:
    """What is due at `at`, the longest waiting first. The rest of a long list is there at the next sweep."""
    lapsed = Alert.objects.filter(_lapses(at)).order_by("lapses_at")
    waiting = Alert.objects.filter(_is_called(at)).order_by("escalate_at")
    return [
        *(Due(pk, lapses=True) for pk in lapsed.values_list("pk", flat=True)[:BATCH]),
        *(Due(pk, lapses=False) for pk in waiting.values_list("pk", flat=True)[:BATCH]),
    ]


def meet(one: Due, *, at: datetime) -> bool:
    """Do what is due, if it still is. False: another sweep has the alert, or was first, or it was answered."""
    with acting(by=BY, reason="nobody acted in time" if one.lapses else "nobody answered"):
        # Held as by whoever records a fact; where somebody does so now, the next sweep comes in two seconds.
        held = Participant.objects.select_for_update(no_key=True, skip_locked=True, of=("self",)).filter(
            alerts=one.alert
        )
        if held.only("pk").first() is None:
            return False
        still = Alert.objects.filter(_lapses(at) if one.lapses else _is_called(at), pk=one.alert)
        alert = still.select_related("participant__study", "participant__site").first()
        if alert is None:
            return False
        if one.lapses:
            # Nobody acted in time: the alert waits again, and the next role is called at once.
            move(
                alert,
                AlertState.EXPIRED,
                by=None,
                at=at,
                note="nobody acted",
                occurrence=alert.occurrence + 1,
                **UNANSWERED,
            )
        escalate(alert, at=at)
        return True

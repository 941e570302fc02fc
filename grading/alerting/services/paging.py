"""Take the steps of an alert's escalation: who is called, and the messages to them.

A save only keeps in the alert's own row that the first step is due at once (`due_at_once`), and hurries a worker when
it has committed: the row is the guarantee, as a message's is (outbox.py). Whoever moves the alert on before a worker
came takes the step first, so that nobody hears less for it.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from crsmonitor.pages.notices import announce
from grading.alerting.delivery import hints, outbox, receivers
from grading.alerting.selectors.rota import escalation_steps_of, people_on_call
from grading.models import Alert, Escalation
from grading.rules.alerting.escalation import PlannedEscalation, escalate_at, for_nurses, roles_to_page
from grading.rules.alerting.policy.conditions import OF_OBSERVATION

logger = logging.getLogger(__name__)


def due_at_once(at: datetime) -> dict[str, Any]:
    """The columns of an alert whose first step is a worker's to take: it counts from now, however late that is."""
    return {"pages_sent": 0, "escalate_at": at, "snoozed_until": None}


def hurry(alert: Alert) -> None:
    """Ask a worker for the step that is due, once this transaction has committed. What is lost here the sweep finds."""
    transaction.on_commit(partial(hints.page_soon, str(alert.pk)), robust=True)


def call_for(alert: Alert, *, at: datetime) -> None:
    """An alert that waits and for which nobody was called takes its first step. Runs in `acting`."""
    columns = due_at_once(at)
    Alert.objects.filter(pk=alert.pk).update(**columns)
    announce(alert.participant.study_id, alert.participant.site_id)
    for name, value in columns.items():
        setattr(alert, name, value)
    hurry(alert)


def settle(alert: Alert, *, at: datetime) -> None:
    """Take the first step now where it is due and no worker has come yet. Runs in `acting`, with the participant held.

    Looked at in the database: the alert may have been read before a worker took the step.
    """
    if Alert.objects.filter(pk=alert.pk, pages_sent=0, escalate_at__isnull=False).exists():
        alert.refresh_from_db(fields=["pages_sent", "escalate_at", "occurrence"])
        escalate(alert, at=at)


def escalate(alert: Alert, *, at: datetime) -> None:
    """Take the next step of an alert that waits, and keep when the one after it is due. Runs in `acting`.

    A step whose role nobody has now who can be called is passed at once, and its row says so and why. At the end of
    the steps, and where there are none, everybody who may answer is told rather than nobody.
    """
    steps, due = escalation_steps_of(alert.participant), min(alert.escalate_at or at, at)
    if alert.condition in OF_OBSERVATION:
        steps = for_nurses(steps)
    number = alert.pages_sent
    mine = Escalation.objects.filter(alert=alert, occurrence=alert.occurrence)
    numbers = set(mine.values_list("number", flat=True))  # the participant is held: nobody makes one meanwhile
    queued_at = due if number == 0 else at  # of one that was raised, what was on its way to be sent
    while not _made(alert, number, steps, is_new=number not in numbers, queued_at=queued_at, at=at):
        numbers.add(number)
        number, due = number + 1, at
    numbers.add(number)
    # How often the last step was taken again since nobody answers: an answer that lapsed, or a rise, begins anew.
    repeats = max(sum(one >= len(steps) - 1 for one in numbers) - 1, 0)
    following = escalate_at(steps, number=number, grade=alert.counts_as, due=due, at=at, repeats=repeats)
    columns = {"pages_sent": number + 1, "escalate_at": following, "snoozed_until": None}
    Alert.objects.filter(pk=alert.pk).update(**columns)
    announce(alert.participant.study_id, alert.participant.site_id)  # cards tell of the next step
    for name, value in columns.items():
        setattr(alert, name, value)


def _made(
    alert: Alert, number: int, steps: Sequence[PlannedEscalation], *, is_new: bool, queued_at: datetime, at: datetime
) -> bool:
    """Whether the step was taken, and not passed since nobody has its role. `is_new`: it has no row yet."""
    on_call_roles = roles_to_page(steps, number=number, grade=alert.counts_as)
    on_call = people_on_call(alert.participant, on_call_roles, at=at)
    passed = not on_call.callable and number < len(steps) - 1
    people = on_call.reachable
    if passed:
        logger.error("alert %s: nobody has the role of step %d", alert.pk, number)
    elif not on_call.callable:
        people = list({one.pk: one for one in (*people, *receivers.people_to_tell(alert))}.values())
    if is_new:
        Escalation.objects.create(
            alert=alert, occurrence=alert.occurrence, number=number, at=at,
            on_call_roles=[one.value for one in on_call_roles], people=[p.pk for p in people],
            passed_over=[{"person": key, "why": why.value} for key, why in sorted(on_call.passed_over.items())],
        )  # fmt: skip
    if is_new and (people or not passed):
        outbox.queue(alert, people=people, escalation=number, due=queued_at, at=at)
    return not passed

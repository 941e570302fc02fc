"""Take the steps of an alert's escalation: who is called, and the messages to them.

A save only keeps in the alert's own row that the first step is due at once (`due_at_once`), and hurries a worker when
it has committed: the row is the guarantee, as a message's is (outbox.py). Whoever moves the alert on before a worker
came takes the step first, so that nobody hears less for it.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import UUIDField

from crsmonitor.accounts.models import User
from crsmonitor.database.question import OneOf, Question
from crsmonitor.database.rows import write_each
from crsmonitor.pages.notices import announce
from grading.alerting.delivery import hints, outbox
from grading.alerting.delivery.callees import Callees
from grading.models import Alert, Delivery, Escalation
from grading.rules.alerting.escalation import PlannedEscalation, escalate_at, for_nurses, roles_to_page
from grading.rules.alerting.policy.conditions import OF_OBSERVATION

logger = logging.getLogger(__name__)

# In one statement, since each has a time of its own at which the next step is due.
_MOVE_ON = """
    UPDATE grading_alert SET pages_sent = one.pages_sent, escalate_at = one.escalate_at, snoozed_until = NULL
    FROM unnest(%s::uuid[], %s::int[], %s::timestamptz[]) AS one (id, pages_sent, escalate_at)
    WHERE grading_alert.id = one.id
"""


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
    announce(alert.participant.study_id, alert.participant.site_id, alert.participant.pk)
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
    """Take the next step of an alert that waits, and keep when the one after it is due. Runs in `acting`."""
    escalate_all([alert], at=at)


def escalate_all(alerts: Sequence[Alert], *, at: datetime) -> None:
    """The same of several, in as many statements. Their participants are held.

    A step whose role nobody has now who can be called is passed at once, and its row says so and why. At the end of
    the steps, and where there are none, everybody who may answer is told rather than nobody.
    """
    callees, there = Callees(at=at), _numbers_there(alerts)
    taken = [_take(alert, there[alert.pk], callees) for alert in alerts]
    made = [row for one in taken for row in one.rows]
    write_each(made, [])
    outbox.queue([page for one in taken for page in one.pages], at=at)
    numbers, times = zip(*(one.columns for one in taken), strict=True) if taken else ((), ())
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_ON, [[one.alert.pk for one in taken], list(numbers), list(times)])
    for study_id, site_id in {(one.participant.study_id, one.participant.site_id): None for one in alerts}:
        announce(study_id, site_id)  # cards tell of the next step
    for one in taken:
        one.alert.pages_sent, one.alert.escalate_at = one.columns
        one.alert.snoozed_until = None


def _numbers_there(alerts: Sequence[Alert]) -> dict[UUID, set[int]]:
    """The steps that were taken of the occurrence of each: the participant is held, nobody makes one meanwhile."""
    there: dict[UUID, set[int]] = {alert.pk: set() for alert in alerts}
    occurrences = {alert.pk: alert.occurrence for alert in alerts}
    for key, occurrence, number in _TAKEN.all(alerts=list(there)):
        if occurrence == occurrences[key]:
            there[key].add(number)
    return there


_TAKEN = Question(
    lambda alerts: Escalation.objects.filter(OneOf("alert", alerts, UUIDField())).values_list(
        "alert", "occurrence", "number"
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """What an alert's step makes: its rows, the pages, and how often it was called and when the next step is due."""

    alert: Alert
    rows: list[Escalation]
    pages: list[Delivery]
    columns: tuple[int, datetime | None]


def _take(alert: Alert, numbers: set[int], callees: Callees) -> _Taken:
    """`numbers`: of its steps that were taken; those that follow are added."""
    at = callees.at
    steps, due = callees.steps(alert.participant), min(alert.escalate_at or at, at)
    if alert.condition in OF_OBSERVATION:
        steps = for_nurses(steps)
    number, rows, pages = alert.pages_sent, [], []
    queued_at = due if number == 0 else at  # of one that was raised, what was on its way to be sent
    is_taken = False
    while not is_taken:
        step = _step(alert, number, steps, callees)
        is_taken = not step.passed
        if number not in numbers:
            rows.append(step.row)
            if step.people or is_taken:
                pages += outbox.pages(alert, people=step.people, callees=callees, escalation=number, due=queued_at)
        numbers.add(number)
        if not is_taken:
            number, due = number + 1, at
    # How often the last step was taken again since nobody answers: an answer that lapsed, or a rise, begins anew.
    repeats = max(sum(one >= len(steps) - 1 for one in numbers) - 1, 0)
    following = escalate_at(steps, number=number, grade=alert.counts_as, due=due, at=at, repeats=repeats)
    return _Taken(alert=alert, rows=rows, pages=pages, columns=(number + 1, following))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """`passed`: nobody has its role who can be called, and another follows."""

    row: Escalation
    people: list[User]
    passed: bool


def _step(alert: Alert, number: int, steps: Sequence[PlannedEscalation], callees: Callees) -> _Step:
    on_call_roles = roles_to_page(steps, number=number, grade=alert.counts_as)
    on_call = callees.on_call(alert.participant, on_call_roles)
    passed = not on_call.callable and number < len(steps) - 1
    people = on_call.reachable
    if passed:
        logger.error("alert %s: nobody has the role of step %d", alert.pk, number)
    elif not on_call.callable:
        people = list({one.pk: one for one in (*people, *callees.everybody(alert))}.values())
    row = Escalation(
        alert=alert, occurrence=alert.occurrence, number=number, at=callees.at,
        on_call_roles=[one.value for one in on_call_roles], people=[p.pk for p in people],
        passed_over=[{"person": key, "why": why.value} for key, why in sorted(on_call.passed_over.items())],
    )  # fmt: skip
    return _Step(row=row, people=people, passed=passed)

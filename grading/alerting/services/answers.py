"""What people do about alerts: answer, act, be silent for a while. Acknowledging is not handling."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.errors import AlreadyAcknowledged, InvalidInput
from crsmonitor.pages.notices import announce
from grading.alerting.selectors.alerts import alert_for, alerts_for
from grading.alerting.services.actions import done
from grading.alerting.services.paging import settle
from grading.alerting.services.transitions import hold, move
from grading.models import Alert, AlertEvent, AlertState
from grading.rules.alerting.lifecycle import WAITING, ActionKind, lapses_at, may_become, snooze_until


@transaction.atomic
def acknowledge(alert_id: str, *, by: User, at: datetime, responder: str | None = None) -> Alert:
    """Say: I have seen it, and this person is going (a sign-in name; None: oneself). Twice changes nothing.

    It answers what else waits for this participant at this grade or below. It lapses unless something is done.
    Raises NotFound, Forbidden, InvalidInput (that person may not answer here), AlreadyAcknowledged.
    """
    alert = alert_for(by, alert_id, Act.ACKNOWLEDGE)
    goes = by if responder is None else _colleague(responder, alert)
    with acting(by=by, reason="acknowledged"):
        hold([alert])
        if _answer(alert, by=by, responder=goes, at=at):
            for other in _same_card(alert):
                _answer(other, by=by, responder=goes, at=at)
            return alert
    alert = alert_for(by, alert_id)
    if alert.state == AlertState.WITHDRAWN:
        raise AlreadyAcknowledged("alert_withdrawn")
    if alert.acknowledged_by_id != by.pk:
        raise AlreadyAcknowledged("answered_by_another")
    return alert


def _colleague(name: str, alert: Alert) -> User:
    """The person who is named as responder: somebody who may answer this alert."""
    person = User.objects.filter(username=name, is_active=True).first()
    if person is None or not alerts_for(person, Act.ACKNOWLEDGE).filter(pk=alert.pk).exists():
        raise InvalidInput.at("responder", "nobody_may_answer")
    return person


def _answer(alert: Alert, *, by: User, responder: User, at: datetime) -> bool:
    until = lapses_at(grade=alert.counts_as, acknowledged_at=at)
    return move(
        alert, AlertState.ACKNOWLEDGED, by=by, at=at,
        acknowledged_at=at, acknowledged_by=by, responder=responder, lapses_at=until,
    )  # fmt: skip


def _same_card(alert: Alert) -> list[Alert]:
    """What else waits for the participant, at the grade of this alert or below."""
    waiting = Alert.objects.filter(participant=alert.participant_id, state__in=[s.value for s in WAITING])
    others = waiting.exclude(pk=alert.pk).select_related("participant")
    return [other for other in others if other.rank <= alert.rank]


@transaction.atomic
def act_on(alert_id: str, action: ActionKind, *, by: User, at: datetime, because: str = "") -> Alert:
    """Record that a clinician is at the bedside, or that nothing is to be done and why: the answer does not lapse.

    Raises NotFound, Forbidden, InvalidInput (a decline without a reason), AlreadyAcknowledged (it is over).
    """
    alert = alert_for(by, alert_id, Act.ACKNOWLEDGE)
    if action is ActionKind.DECLINED and not because.strip():
        raise InvalidInput.at("because", "say_why_nothing")
    with acting(by=by, reason=action.value):
        hold([alert])
        done(alert, action, by=by, at=at, because=because.strip())
        for other in _same_card(alert):
            done(other, action, by=by, at=at, because=because.strip())
    if alert.state != AlertState.ACTED_ON:
        raise AlreadyAcknowledged("alert_over")
    return alert


@transaction.atomic
def snooze(alert_id: str, *, until: datetime, because: str, by: User, at: datetime) -> Alert:
    """Be silent until then, at most until the next set is due. A higher grade is another alert and is not silent.

    Raises NotFound, Forbidden, InvalidInput (no reason, not possible), AlreadyAcknowledged (it does not wait).
    """
    alert = alert_for(by, alert_id, Act.ACKNOWLEDGE)
    if not because.strip():
        raise InvalidInput.at("because", "say_why_wait")
    state = alert.participant.current_state
    due_times = [due_at for due_at in (state.vitals_due_at, state.neuro_due_at) if due_at is not None]
    silent = snooze_until(grade=alert.counts_as, wanted=until, next_due=min(due_times, default=None), at=at)
    higher = any(other.rank > alert.rank for other in _waiting(alert))
    if silent is None or higher:
        raise InvalidInput.at("until", "higher_grade_waits" if higher else "no_set_due")
    with acting(by=by, reason=f"snoozed: {because.strip()}"):
        if not alert.pages_sent:  # silence is for the next calls: whoever is to hear of it first hears of it
            hold([alert])
            settle(alert, at=at)
        waiting = Alert.objects.filter(pk=alert.pk, state__in=[state.value for state in WAITING])
        if not waiting.update(snoozed_until=silent, escalate_at=silent):
            raise AlreadyAcknowledged("alert_not_waiting")
        AlertEvent.objects.create(
            alert=alert, state=alert.state, at=at, by=by, note=f"snoozed: {because.strip()}"[:200]
        )
        announce(alert.participant.study_id, alert.participant.site_id, alert.participant.pk)
    alert.refresh_from_db(fields=["snoozed_until", "escalate_at"])
    return alert


def _waiting(alert: Alert) -> list[Alert]:
    rows = Alert.objects.filter(participant=alert.participant_id, state__in=[state.value for state in WAITING])
    return list(rows.exclude(pk=alert.pk))


@transaction.atomic
def seen(alert_ids: Sequence[str], *, by: User, at: datetime) -> int:
    """These alerts were on this person's screen. How many moved; what she may not see or does not wait is left."""
    moving = [state.value for state in may_become(AlertState.SEEN)]
    if not Alert.objects.filter(pk__in=alert_ids, state__in=moving).exists():
        return 0  # seen by another: many look at once, and this is asked without their rights and in little time
    rows = list(alerts_for(by, Act.ACKNOWLEDGE).filter(pk__in=alert_ids, state__in=moving))
    if not rows:
        return 0
    with acting(by=by, reason="seen"):
        hold(rows)
        return sum(move(alert, AlertState.SEEN, by=by, at=at) for alert in rows)


# Whoever records a fact holds the participant, whoever moves an alert holds both: whom somebody holds is passed over.
_DELIVERED = """
    WITH held AS (
        SELECT alert.id FROM grading_alert AS alert
        JOIN regimens_participant AS participant ON participant.id = alert.participant_id
        WHERE alert.id = ANY(%s::uuid[]) AND alert.state = 'open'
        FOR NO KEY UPDATE OF alert, participant SKIP LOCKED
    ), moved AS (
        UPDATE grading_alert SET state = 'delivered' FROM held
        WHERE grading_alert.id = held.id AND grading_alert.state = 'open' RETURNING grading_alert.id
    )
    INSERT INTO grading_alertevent (alert_id, state, at, note)
    SELECT id, 'delivered', %s::timestamptz, '' FROM moved RETURNING alert_id
"""


def delivered(alerts: Iterable[Alert], *, at: datetime) -> None:
    """A first message of their occurrences has left; each as it was when the message was taken.

    Together, but for those whose participant somebody holds just now: these one by one, so that none waits for another.
    """
    opened = {alert.pk: alert for alert in alerts if alert.state == AlertState.OPEN}
    if not opened:
        return
    with acting(by="delivery", reason="a message has left"), connection.cursor() as cursor:
        cursor.execute(_DELIVERED, [list(opened), at])
        moved = [opened.pop(key) for (key,) in cursor.fetchall()]
        for study_id, site_id in {(one.participant.study_id, one.participant.site_id): None for one in moved}:
            announce(study_id, site_id)
    for alert in moved:
        alert.state = AlertState.DELIVERED.value
    for alert in opened.values():
        with acting(by="delivery", reason="a message has left"):
            hold([alert])
            move(alert, AlertState.DELIVERED, by=None, at=at)

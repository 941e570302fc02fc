"""Raise, withdraw and acknowledge alerts. The row first, then the send."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.errors import AlreadyAcknowledged
from crsmonitor.live import announce
from grading import outbox
from grading.course import Derived
from grading.models import Alert, AlertMove, AlertState, ThresholdPack
from grading.rules.alerts import asked_at, may_become, read_thresholds
from grading.rules.timeline import Rise, read_state
from grading.selectors.alerts import alert_for
from regimens.facts import Fact
from regimens.models import Participant, Study

logger = logging.getLogger(__name__)


def pack_in_force(study: Study, *, at: datetime) -> ThresholdPack | None:
    """The study's newest threshold pack that is in force. None: the study has none, and nobody is told."""
    return study.packs.filter(in_force_from__lte=at).order_by("-version").first()


def tell(derived: Derived, *, fact: Fact, by: User, at: datetime) -> list[Alert]:
    """Raise the alerts that the derived course calls for and that are not there; withdraw those it does not.

    Runs in the transaction of the fact. Returns the alerts raised now.
    """
    participant = derived.state.participant
    known: dict[tuple[str, str, int], Alert] = {}
    if derived.whole:
        mine = Alert.objects.filter(participant=participant).select_related("participant")
        known = {(a.kind, str(a.fact_root), a.grade): a for a in mine}
    elif not derived.rises:
        return []
    pack = pack_in_force(participant.study, at=at)
    if pack is None:
        if derived.rises:
            logger.error("study %s has no threshold pack in force: nobody is told", participant.study_id)
        return []
    thresholds = read_thresholds(pack.thresholds)
    raised = []
    with acting(by=by, reason=f"{type(fact).__name__} {fact.pk}"):
        for rise in derived.rises:
            asked = asked_at(thresholds, kind=rise.kind, grade=rise.grade)
            alert = known.pop((rise.kind, rise.look_root, rise.grade), None)
            if not asked or (alert is not None and alert.state != AlertState.WITHDRAWN):
                continue
            late = str(fact.pk) != rise.look_id or (derived.whole and _is_old(derived, fact))
            if alert is None:
                alert = _raise(participant, rise, list(asked), pack, late=late, at=at)
            else:
                again = {"acknowledged_at": None, "acknowledged_by": None}  # it waits for an answer again
                _move(alert, AlertState.OPEN, by=by, at=at, note="the course calls for it again", **again)
            # A late entry pages only when the state that it reveals still holds.
            if not late or _holds(derived, rise):
                outbox.queue(alert, at=at)
            raised.append(alert)
        for alert in known.values():
            if alert.state != AlertState.WITHDRAWN:
                _move(alert, AlertState.WITHDRAWN, by=by, at=at, note="the corrected course does not call for it")
                outbox.drop(alert, at=at)
    return raised


def _raise(
    participant: Participant, rise: Rise, asked: list[str], pack: ThresholdPack, *, late: bool, at: datetime
) -> Alert:
    alert = Alert.objects.create(
        participant=participant, kind=rise.kind, fact_root=rise.look_root, grade=rise.grade,
        grade_before=rise.before, at_most=rise.graded.at_most, thresholds=[str(code) for code in asked],
        reasons=[{"code": r.code, "text": r.text, "values": dict(r.values)} for r in rise.graded.reasons],
        missing=list(rise.graded.missing), flags=list(rise.graded.flags), pack=pack,
        observed_at=rise.at, raised_at=at, late=late,
    )  # fmt: skip
    AlertMove.objects.create(alert=alert, state=AlertState.OPEN.value, at=at)
    announce(participant.study_id)
    return alert


def _is_old(derived: Derived, fact: Fact) -> bool:
    newest = max((g.observed_at for g in derived.grades), default=fact.observed_at)
    return fact.observed_at < newest


def _holds(derived: Derived, rise: Rise) -> bool:
    state = read_state(derived.state.fold["state"])
    return state.standing_grade(rise.kind) >= rise.grade


def _move(alert: Alert, to: AlertState, *, by: User | None, at: datetime, note: str = "", **columns: Any) -> bool:
    """Move the alert if it may move there. False: somebody else moved it first."""
    leaving = [state.value for state in may_become(to)]
    moved = Alert.objects.filter(pk=alert.pk, state__in=leaving).update(state=to.value, **columns)
    if moved:
        AlertMove.objects.create(alert=alert, state=to.value, at=at, by=by, note=note)
        alert.refresh_from_db(fields=["state", *columns])
        announce(alert.participant.study_id)
    return bool(moved)


@transaction.atomic
def acknowledge(alert_id: str, *, by: User, at: datetime) -> Alert:
    """Say: I have seen it and somebody is going. Saying it twice changes nothing.

    Raises NotFound, Forbidden, AlreadyAcknowledged.
    """
    alert = alert_for(by, alert_id, Act.ACKNOWLEDGE)
    with acting(by=by, reason="acknowledged"):
        if _move(alert, AlertState.ACKNOWLEDGED, by=by, at=at, acknowledged_at=at, acknowledged_by=by):
            return alert
    alert = alert_for(by, alert_id)
    if alert.state == AlertState.WITHDRAWN:
        raise AlreadyAcknowledged("This alert was withdrawn: the record was corrected.")
    if alert.acknowledged_by_id != by.pk:
        raise AlreadyAcknowledged("Somebody else answered this alert first.")
    return alert

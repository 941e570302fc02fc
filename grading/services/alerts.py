"""Raise, withdraw and acknowledge alerts. The row first, then the send."""

import logging
from dataclasses import dataclass
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
from grading.rules.alerts import ThresholdCode, asked_at, may_become, read_thresholds
from grading.rules.timeline import Rise, read_state
from grading.selectors.alerts import alert_for
from regimens.facts import Fact
from regimens.models import Participant, Study

logger = logging.getLogger(__name__)


def pack_in_force(study: Study, *, at: datetime) -> ThresholdPack | None:
    """The study's newest threshold pack that is in force. None: the study has none, and nobody is told."""
    return study.packs.filter(in_force_from__lte=at).order_by("-version").first()


@dataclass(frozen=True, slots=True)
class Due:
    """What the course calls for and the alerts do not say, and the reverse.

    `missing`: each rise with what is asked and its alert, if that was withdrawn. `surplus`: alerts of no rise.
    """

    missing: list[tuple[Rise, tuple[ThresholdCode, ...], Alert | None]]
    surplus: list[Alert]
    pack: ThresholdPack | None


def due(derived: Derived, *, at: datetime) -> Due:
    """The alerts that the derived course calls for beside those that are there. Reads only."""
    participant = derived.state.participant
    known: dict[tuple[str, str, int], Alert] = {}
    if derived.whole:
        mine = Alert.objects.filter(participant=participant).select_related("participant")
        known = {(a.kind, str(a.fact_root), a.grade): a for a in mine}
    elif not derived.rises:
        return Due([], [], None)
    pack = pack_in_force(participant.study, at=at)
    if pack is None:
        if derived.rises:
            logger.error("study %s has no threshold pack in force: nobody is told", participant.study_id)
        return Due([], [], None)
    thresholds, missing = read_thresholds(pack.thresholds), []
    for rise in derived.rises:
        asked = asked_at(thresholds, kind=rise.kind, grade=rise.grade, provisional=rise.provisional)
        alert = known.pop((rise.kind, rise.look_root, rise.grade), None)
        if asked and (alert is None or alert.state == AlertState.WITHDRAWN):
            missing.append((rise, asked, alert))
    return Due(missing, [alert for alert in known.values() if alert.state != AlertState.WITHDRAWN], pack)


def tell(derived: Derived, *, fact: Fact | None, by: User | str, at: datetime) -> list[Alert]:
    """Raise the alerts that the derived course calls for and that are not there; withdraw those it does not.

    Runs in the transaction of the fact; without a fact, in that of a derivation by a command, and late.
    Returns the alerts raised now.
    """
    found = due(derived, at=at)
    if not found.missing and not found.surplus:
        return []
    raised, person = [], by if isinstance(by, User) else None
    reason = "derived again" if fact is None else f"{type(fact).__name__} {fact.pk}"
    with acting(by=by, reason=reason):
        for rise, asked, alert in found.missing:
            late = fact is None or str(fact.pk) != rise.look_id or (derived.whole and _is_old(derived, fact))
            if alert is None:
                assert found.pack is not None
                alert = _raise(derived.state.participant, rise, list(asked), found.pack, late=late, at=at)
            else:
                again = {"acknowledged_at": None, "acknowledged_by": None}  # it waits for an answer again
                _move(alert, AlertState.OPEN, by=person, at=at, note="the course calls for it again", **again)
            # A late entry pages only when the state that it reveals still holds.
            if not late or _holds(derived, rise):
                outbox.queue(alert, at=at)
            raised.append(alert)
        for alert in found.surplus:
            _move(alert, AlertState.WITHDRAWN, by=person, at=at, note="the corrected course does not call for it")
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
    if rise.provisional:
        current = state.open_provisional()
        return current is not None and current.root == rise.look_root
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

"""Raise, withdraw and resolve alerts. The row first, then the send."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.live import announce
from grading.course import Derived
from grading.models import Alert, AlertMove, AlertState, DosePeriod, ThresholdPack, Treatment
from grading.rules.alerts import ThresholdCode, asked_at, read_thresholds
from grading.rules.grades import DEATH
from grading.rules.lifecycle import STANDING, WAITING
from grading.rules.timeline import CRS, ICANS, Rise, State, read_state
from grading.selectors.packs import pack_in_force
from grading.services.escalating import call
from grading.services.moves import UNANSWERED, move
from grading.services.watching import Watched, settle, watched
from regimens.facts import Fact
from regimens.models import Participant

logger = logging.getLogger(__name__)


Key = tuple[str, str, int, int | None]  # kind, root, grade, urgency


@dataclass(frozen=True, slots=True)
class Due:
    """What the course calls for and the alerts do not say, and the reverse.

    `missing`: each rise with what is asked and its alert, if that was withdrawn, or resolved with an episode that is
    open again. `surplus`: alerts of no rise.
    `changed`: alerts of a rise that was derived from other inputs than they tell of, or from an earlier set.
    """

    missing: list[tuple[Rise, tuple[ThresholdCode, ...], Alert | None]]
    changed: list[tuple[Alert, Rise]]
    surplus: list[Alert]
    pack: ThresholdPack | None

    def __bool__(self) -> bool:
        return bool(self.missing or self.changed or self.surplus)


def due(derived: Derived, *, at: datetime) -> Due:
    """The alerts that the derived course calls for beside those that are there. Reads only.

    Of rises only: what the pack's conditions call for is watching.py's.
    """
    participant = derived.state.participant
    known: dict[Key, Alert] = {}
    if derived.whole:
        mine = Alert.objects.filter(participant=participant, condition="").select_related("participant")
        settled = [a for a in mine if derived.roots is None or str(a.fact_root) in derived.roots]
        known = {(a.kind, str(a.fact_root), a.grade, a.urgency): a for a in settled}
    elif not derived.rises:
        return Due([], [], [], None)
    pack = pack_in_force(participant.study, at=at)
    if pack is None:
        if derived.rises:
            logger.error("study %s has no threshold pack in force: nobody is told", participant.study_id)
        return Due([], [], [], None)
    thresholds, missing, changed = read_thresholds(pack.thresholds), [], []
    state = read_state(derived.state.fold["state"])
    for rise in derived.rises:
        asked = asked_at(
            thresholds, kind=rise.kind, grade=rise.grade, provisional=rise.provisional,
            before_dosing=rise.before_dosing,
        )  # fmt: skip
        alert = _known(known, rise)
        if (
            asked
            and not (alert is None and rise.quiet)
            and (
                alert is None
                or alert.state == AlertState.WITHDRAWN
                or _again(alert, rise, state)
                or _turned(alert, rise)
            )
        ):
            missing.append((rise, asked, alert))
        elif alert is not None and alert.state != AlertState.WITHDRAWN and unlike(alert, rise):
            changed.append((alert, rise))
    surplus = [alert for alert in known.values() if alert.state != AlertState.WITHDRAWN]
    return _begun_before(Due(missing, changed, surplus, pack), derived, state)


def _begun_before(found: Due, derived: Derived, state: State) -> Due:
    """A late set has shown the same grade before the set that an alert tells of: it is the same rise (Rulings 2).

    The alert moves to that set, with its answer, its calls and its clock; nobody is paged again.
    """
    missing, changed, surplus = list(found.missing), list(found.changed), list(found.surplus)
    for alert in found.surplus:
        same = [one for one in missing if one[2] is None and _is_same(one[0], alert, derived, state)]
        if same:
            latest = max(same, key=lambda one: one[0].at)
            missing.remove(latest)
            surplus.remove(alert)
            changed.append((alert, latest[0]))
    return Due(missing, changed, surplus, found.pack)


def _is_same(rise: Rise, alert: Alert, derived: Derived, state: State) -> bool:
    """Of the same grade in the same episode, and before; and the alert's own set still shows it."""
    alike = (rise.kind, rise.grade, rise.before_dosing) == (alert.kind, alert.grade, alert.is_before_dosing)
    if not alike or alert.urgency not in (None, rise.if_crs) or _again(alert, rise, state):
        return False
    return (
        _still_shows(alert, derived)
        and rise.at <= alert.observed_at
        and (rise.before_dosing or _in_one_episode(rise, alert, derived))
    )


def _still_shows(alert: Alert, derived: Derived) -> bool:
    """Whether its set still says the grade, or the treatment that was told is still on record."""
    shows = any(
        (grade.kind, str(grade.root)) == (alert.kind, str(alert.fact_root)) and grade.at_least >= max(alert.grade, 0)
        for grade in derived.grades
    )
    return shows or Treatment.objects.standing().filter(root=alert.fact_root).exists()


def _in_one_episode(rise: Rise, alert: Alert, derived: Derived) -> bool:
    return any(
        (episode.kind, bool(episode.provisional)) == (rise.kind, bool(rise.provisional))
        and episode.started_at <= rise.at
        and (episode.ended_at is None or alert.observed_at <= episode.ended_at)
        for episode in derived.episodes
    )


def _known(known: dict[Key, Alert], rise: Rise) -> Alert | None:
    """The alert of this rise, taken out. One kept before there was an urgency is of any."""
    for urgency in (rise.if_crs, None):
        if (alert := known.pop((rise.kind, rise.look_root, rise.grade, urgency), None)) is not None:
            return alert
    return None


def _again(alert: Alert, rise: Rise, state: State) -> bool:
    """Its episode was over, and a later fact says that it is not."""
    return alert.state == AlertState.RESOLVED and _is_open(rise, state)


def _turned(alert: Alert, rise: Rise) -> bool:
    """A dose entered late, or its corrected time, makes CRS of what was a fever before dosing, or the reverse."""
    return alert.is_before_dosing != rise.before_dosing


def _is_open(rise: Rise, state: State) -> bool:
    episode = state.open_provisional() if rise.provisional else state.open_episode(rise.kind)
    return episode is not None and episode.started_at <= rise.at


def unlike(alert: Alert, rise: Rise) -> dict[str, Any]:
    """What the rise says of its set where the alert tells something else, by column."""
    return {name: value for name, value in _told_of(rise).items() if getattr(alert, name) != value}


def _told_of(rise: Rise) -> dict[str, Any]:
    """What an alert says of the set at which the grade rose."""
    return {
        "observed_at": rise.at,
        "urgency": rise.if_crs,
        "grade_before": rise.before,
        "at_most": rise.graded.at_most,
        "reasons": [{"code": r.code, "text": r.text, "values": dict(r.values)} for r in rise.graded.reasons],
        "missing": list(rise.graded.missing),
        "flags": list(rise.graded.flags),
    }


def tell(derived: Derived, *, fact: Fact | None, by: User | str, at: datetime) -> list[Alert]:
    """Raise the alerts that the derived course calls for and that are not there; withdraw those it does not.

    One that stands and whose set was corrected says what the set says now, and pages nobody a second time.

    Runs in the transaction of the fact; without a fact, in that of a derivation by a command, and late.
    Returns the alerts raised now.
    """
    found, calls = due(derived, at=at), watched(derived.state, period_of(derived), at=at)
    late_by_time = derived.whole and fact is not None and _is_old(derived, fact)
    raised = _tell_rises(derived, found, calls, fact=fact, by=by, late=late_by_time, at=at) if found else []
    if derived.whole or any(rise.quiet for rise in derived.rises):
        _call_for_what_stands(derived, by=by, at=at)
    return raised + settle(calls, fact=fact, by=by, at=at, late=fact is None or late_by_time)


def period_of(derived: Derived) -> DosePeriod | None:
    """That which the state names, as it was derived."""
    state = derived.state
    return next((one for one in derived.periods if one.pk == state.period_id), None) or state.period


def _tell_rises(
    derived: Derived, found: Due, calls: Watched, *, fact: Fact | None, by: User | str, late: bool, at: datetime
) -> list[Alert]:
    raised, person = [], by if isinstance(by, User) else None
    reason = "derived again" if fact is None else f"{type(fact).__name__} {fact.pk}"
    with acting(by=by, reason=reason):
        for rise, asked, alert in found.missing:
            is_late = late or fact is None or str(fact.pk) != rise.look_id
            is_late = is_late or (rise.before_dosing and not _holds(derived, rise))  # the dose was there first
            if alert is None:
                assert found.pack is not None
                codes = [*asked, *calls.at_set(rise.kind, rise.look_root)]
                alert = _raise(derived.state.participant, rise, codes, found.pack, late=is_late, at=at)
            else:
                if _turned(alert, rise):  # an answer to the one is none to the other
                    move(alert, AlertState.WITHDRAWN, by=person, at=at, note="the first dose came before or after it")
                # It waits for an answer again.
                again = _told_of(rise) | UNANSWERED | {"opening": alert.opening + 1, "calls": 0}
                again["thresholds"] = [str(code) for code in asked]
                move(alert, AlertState.OPEN, by=person, at=at, note="the course calls for it again", **again)
            # A late entry pages only when the state that it reveals still holds.
            if not is_late or _holds(derived, rise):
                call(alert, at=at)
            raised.append(alert)
        for alert, rise in found.changed:
            Alert.objects.filter(pk=alert.pk).update(fact_root=rise.look_root, **_told_of(rise))
            announce(alert.participant.study_id)
        for alert in found.surplus:
            move(alert, AlertState.WITHDRAWN, by=person, at=at, note="the corrected course does not call for it")
    return raised


def tell_under_pack(derived: Derived, *, by: str, at: datetime) -> list[Alert]:
    """The pack in force has changed: what stands and is asked for now is told. What is over is not told afterwards."""
    found, state = due(derived, at=at), read_state(derived.state.fold["state"])
    standing = [one for one in found.missing if _is_open(one[0], state) and _holds(derived, one[0])]
    if not standing:
        return []
    calls = watched(derived.state, period_of(derived), at=at)
    return _tell_rises(derived, Due(standing, [], [], found.pack), calls, fact=None, by=by, late=True, at=at)


def _call_for_what_stands(derived: Derived, *, by: User | str, at: datetime) -> None:
    """Nothing that stands has been called for by nobody.

    A late rise to a grade that has fallen since pages nobody by itself; where the alert of the grade that is left was
    withdrawn for it, or where a later correction makes that grade stand, it is the one that has to be answered.
    """
    state = read_state(derived.state.fold["state"])
    standing = {kind: state.standing_grade(kind) for kind in (CRS, ICANS) if state.open_episode(kind)}
    provisional = state.open_provisional()
    if not any(standing.values()) and provisional is None:
        return
    mine = Alert.objects.filter(
        participant=derived.state.participant, condition="", state__in=[one.value for one in STANDING]
    ).select_related("participant__study", "participant__site")  # fmt: skip
    told = list(mine.order_by("observed_at"))
    groups = [[a for a in told if a.kind == kind and a.grade >= grade > 0] for kind, grade in standing.items()]
    if provisional is not None:
        groups.append([a for a in told if a.grade < 0 and a.observed_at >= provisional.started_at])
    with acting(by=by, reason="the course calls for it"):
        for alerts in groups:
            if alerts and all(a.state in WAITING and a.calls == 0 for a in alerts):
                call(alerts[-1], at=at)


def _raise(
    participant: Participant, rise: Rise, asked: Sequence[str], pack: ThresholdPack, *, late: bool, at: datetime
) -> Alert:
    alert = Alert.objects.create(
        participant=participant, kind=rise.kind, fact_root=rise.look_root, grade=rise.grade,
        thresholds=[str(code) for code in asked], pack=pack, raised_at=at, late=late, **_told_of(rise),
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
        return current is not None and current.started_at <= rise.at
    if rise.before_dosing and state.dose is not None:
        return False
    return state.standing_grade(rise.kind) >= rise.grade


def resolve_ended(derived: Derived, *, by: User | str, at: datetime) -> None:
    """Resolve the alerts of episodes that are over. Runs in the transaction of the fact."""
    over = [(e.kind, bool(e.provisional), e.started_at, e.ended_at) for e in derived.episodes if e.ended_at is not None]
    fever_over = _fever_before_dosing_is_over(derived)
    if not over and not fever_over:
        return
    standing = Alert.objects.filter(
        participant=derived.state.participant, state__in=[state.value for state in STANDING]
    ).select_related("participant")  # fmt: skip
    done = [
        alert
        for alert in standing
        if alert.grade != DEATH  # told at the end of its episode: it is over when somebody has answered
        and (
            fever_over
            if alert.is_before_dosing
            else any(
                (kind, provisional) == (alert.kind, alert.grade < 0) and start <= alert.observed_at <= end
                for kind, provisional, start, end in over
            )
        )
    ]
    if not done:
        return
    with acting(by=by, reason="the episode is over"):
        for alert in done:
            move(alert, AlertState.RESOLVED, by=None, at=at, note="the episode is over")


def _fever_before_dosing_is_over(derived: Derived) -> bool:
    """It is of no episode: over with the first dose, which is always a whole derivation, or with a set free of it."""
    state = read_state(derived.state.fold["state"])
    return derived.whole if state.dose is not None else not state.standing_grade(CRS)

"""A drug as the action of an alert: the one that it asks for, and nothing else (rules/alerting/actions.py)."""

from collections.abc import Iterable
from datetime import datetime

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.database import rows
from grading.alerting.delivery import outbox
from grading.alerting.services.paging import due_at_once, hurry
from grading.alerting.services.transitions import UNANSWERED, move, who_know
from grading.models import Alert, AlertAction, AlertEvent, AlertState, Treatment
from grading.rules.alerting.actions import is_action
from grading.rules.alerting.lifecycle import STANDING, WAITING, ActionKind
from grading.rules.alerting.stand_down import Why
from regimens.selectors import participants_for

_WAITING = [state.value for state in WAITING]


def done(
    alert: Alert, action: ActionKind, *, by: User, at: datetime, because: str = "", treatment: Treatment | None = None
) -> None:
    """Keep what was done about an alert, and stand down whoever was paged. Not where something was done already.

    A drug is its action also where nobody answered: then the case waits for an investigator to look.
    """
    unreviewed = action is ActionKind.TREATMENT and not _investigator_knows(alert, by)
    columns = {"unreviewed_since": at} if unreviewed else {}
    if not move(alert, AlertState.ACTED_ON, by=by, at=at, note=action.value, **columns):
        return
    AlertAction.objects.create(alert=alert, action=action.value, by=by, at=at, because=because, treatment=treatment)
    drug_class = "" if treatment is None else treatment.acts_as
    why = Why(action.value)
    outbox.stand_down(alert, why=why, by=by, but=who_know(alert, why), drug_class=drug_class, at=at)


def _investigator_knows(alert: Alert, by: User) -> bool:
    """Whether an investigator of the site answered, or records it herself."""
    people = [by] if alert.acknowledged_by is None else [by, alert.acknowledged_by]
    return any(participants_for(one, Act.JUDGE).filter(pk=alert.participant_id).exists() for one in people)


def treated(treatment: Treatment, *, by: User, at: datetime) -> None:
    """A treatment was recorded: the alerts that ask for it are acted on, those of sets up to it."""
    if treatment.withdrawn:
        return
    standing = Alert.objects.filter(
        participant=treatment.participant_id, observed_at__lte=treatment.observed_at,
        state__in=[state.value for state in STANDING - {AlertState.ACTED_ON}],
    ).select_related("participant__study", "participant__site")  # fmt: skip
    answered = [alert for alert in standing if _is_action(treatment, alert)]
    if not answered:
        return
    with acting(by=by, reason=f"Treatment {treatment.pk}"):
        for alert in answered:
            done(alert, ActionKind.TREATMENT, by=by, at=at, treatment=treatment)


def _is_action(treatment: Treatment, alert: Alert) -> bool:
    return treatment.observed_at >= alert.observed_at and is_action(
        kind=alert.kind, grade=alert.grade, condition=alert.condition,
        drug_class=treatment.acts_as, indication=treatment.indication, before_dosing=alert.is_before_dosing,
    )  # fmt: skip


def _given_for(alert: Alert) -> Treatment | None:
    """The first treatment on record that is the action of this alert. None: there is none."""
    given = Treatment.objects.standing().filter(
        participant=alert.participant_id, indication=alert.kind, observed_at__gte=alert.observed_at
    )
    treatments = given.select_related("recorded_by").order_by("observed_at", "pk")
    return next((one for one in treatments if _is_action(one, alert)), None)


def _anything_given(alert: Alert) -> bool:
    """Any treatment since: of a set that has just been recorded there is hardly one, and whoever saves waits for it."""
    since = "SELECT FROM grading_treatment WHERE participant_id = $1 AND observed_at >= $2 LIMIT 1"
    return bool(rows.fetch_all(since, [alert.participant_id, alert.observed_at]))


def treated_before(raised: Iterable[Alert], *, at: datetime) -> None:
    """Alerts raised only now, of which the action was recorded before: their page leaves, and the calls end with it."""
    raised = list(raised)
    if not any(_anything_given(alert) for alert in raised):
        return
    for alert in raised:
        given = _given_for(alert) if alert.occurrence == 1 and alert.state in WAITING else None
        if given is not None:
            with acting(by=given.recorded_by, reason=f"Treatment {given.pk}"):
                done(alert, ActionKind.TREATMENT, by=given.recorded_by, at=at, treatment=given)


def untreated(treatment: Treatment, *, by: User, at: datetime) -> None:
    """A treatment that was an action was withdrawn, or corrected to what its alert does not ask: the alert waits again.

    Not where another action of this occurrence stands beside it, or another treatment that it asks for.
    """
    acted = Alert.objects.filter(actions__treatment__root=treatment.root, state=AlertState.ACTED_ON.value).distinct()
    for alert in acted.select_related("participant__study", "participant__site"):
        if (not treatment.withdrawn and _is_action(treatment, alert)) or _another_action(alert, than=treatment):
            continue
        with acting(by=by, reason=f"Treatment {treatment.pk} is taken back"):
            given = _given_for(alert)
            if given is not None:
                _stands_by(alert, given, at=at)
                continue
            again = UNANSWERED | due_at_once(at) | {"occurrence": alert.occurrence + 1}
            move(alert, AlertState.OPEN, by=by, at=at, note="the treatment was taken back", **again)
            hurry(alert)


def _stands_by(alert: Alert, given: Treatment, *, at: datetime) -> None:
    """Another treatment is its action as well: kept, so that the alert waits again when that one is taken back too."""
    if not AlertAction.objects.filter(alert=alert, treatment__root=given.root).exists():
        by = given.recorded_by
        AlertAction.objects.create(alert=alert, action=ActionKind.TREATMENT.value, by=by, at=at, treatment=given)


def _another_action(alert: Alert, *, than: Treatment) -> bool:
    """Whether something else was done since the alert last began to wait, and stands."""
    began = AlertEvent.objects.filter(alert=alert, state__in=_WAITING).order_by("-at", "-pk").values_list("at")[:1]
    others = AlertAction.objects.filter(alert=alert, at__gte=began).exclude(treatment__root=than.root)
    return others.filter(treatment=None).exists()

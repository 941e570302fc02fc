"""Alerts a user may see."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Case, F, IntegerField, QuerySet, Value, When

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.database.question import ReaderQuestion
from crsmonitor.errors import Forbidden, NotFound
from grading.models import Alert, AlertAction, AlertState
from grading.rules.alerting.lifecycle import WAITING
from grading.rules.grades.graded import INDETERMINATE
from regimens.selectors import in_scope

# What needs an answer first.
# A provisional episode goes by its axis grade: 2 at least, were it CRS.
_RANK = Case(
    When(urgency__isnull=False, then=F("urgency")),
    When(grade=INDETERMINATE, then=Value(2)),
    default=F("grade"),
    output_field=IntegerField(),
)
# Read once for each participant, site and study of those that are shown: a join would look them up for every alert
# there is, before the list is cut.
_TOLD = (
    "participant__site", "participant__study", "participant__regimen", "participant__current_state",
    "acknowledged_by", "responder",
)  # fmt: skip
_UNREVIEWED = 1  # after what waits for an answer, whatever became of it since
_URGENCY = dict.fromkeys(WAITING, 0) | {
    AlertState.ACKNOWLEDGED: 2,
    AlertState.ACTED_ON: 3,
    AlertState.RESOLVED: 4,
    AlertState.WITHDRAWN: 5,
}


def alerts_for(user: User, act: Act = Act.SEE_WARD) -> QuerySet[Alert]:
    """Every alert this user may see (or answer), the most urgent first. The only way to reach Alert."""
    return by_urgency(Alert.objects.filter(in_scope(user, act, of="participant_id")))


def waiting_for(user: User) -> QuerySet[Alert]:
    """Those of them that wait for an answer, in no order."""
    waiting = Alert.objects.filter(state__in=[state.value for state in WAITING])
    return waiting.filter(in_scope(user, Act.SEE_WARD, of="participant_id"))


_WAITING_FOR = ReaderQuestion[Alert](waiting_for)


def is_any_waiting(user: User) -> bool:
    """Whether any alert that this user may see waits for an answer."""
    return _WAITING_FOR.exists(user)


def by_urgency(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    """With what a card tells of each, the most urgent first."""
    urgency = Case(
        When(unreviewed_since__isnull=False, then=Value(_UNREVIEWED)),
        *(When(state=state.value, then=Value(order)) for state, order in _URGENCY.items()),
        output_field=IntegerField(),
    )
    return alerts.prefetch_related(*_TOLD).order_by(urgency, _RANK.desc(), "-raised_at")


def first_of_each(alerts: Iterable[Alert]) -> list[Alert]:
    """Of each participant the first alone."""
    first: dict[int, Alert] = {}
    for alert in alerts:
        first.setdefault(alert.participant_id, alert)
    return list(first.values())


def actions_behind(alerts: Iterable[Alert]) -> dict[UUID, AlertAction]:
    """By alert: the drug that was recorded, of those that wait for review. For alerts that the user was shown."""
    waiting = [alert.pk for alert in alerts if alert.unreviewed_since is not None]
    if not waiting:
        return {}
    actions = AlertAction.objects.filter(alert__in=waiting, treatment__isnull=False).select_related("treatment", "by")
    return {action.alert_id: action for action in actions.order_by("at", "pk")}


def alert_for(user: User, alert_id: str, act: Act = Act.SEE_WARD) -> Alert:
    """The alert. NotFound for a stranger, Forbidden for somebody who may see it but not do this."""
    alert = alerts_for(user, act).prefetch_related(None).select_related(*_TOLD).filter(pk=alert_id).first()
    if alert is None:
        if alerts_for(user).filter(pk=alert_id).exists():
            raise Forbidden("role_forbids")
        raise NotFound("no_such_alert")
    return alert

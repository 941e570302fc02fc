"""An alert as a card: finished words for the one template that shows alerts, `alerting/_alert.html`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from grading.alerting.alert_words import action_text, asked_text, condition_inputs, grade_words, state_text
from grading.models import Alert, AlertAction
from grading.rules.alerting.lifecycle import STANDING, WAITING
from grading.rules.grades.graded import INDETERMINATE
from grading.rules.grades.why import NearestChanges
from grading.words import badges
from grading.words.wording import span


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    alert: Alert
    who: str
    bed: str
    was: str
    badge: badges.GradeBadge | None
    headline: str
    finding: str
    requests: list[str]
    inputs: list[str]
    age: timedelta
    age_words: str
    state: str
    is_open: bool
    may_acknowledge: bool
    may_act: bool
    unreviewed: str  # what was recorded, by whom and when; empty: it waits for no review
    also: tuple["Card", ...] = ()  # what else the list tells of the participant: answering this answers those below


def card_of(
    alert: Alert,
    *,
    at: datetime,
    may_acknowledge: bool,
    why: NearestChanges | None = None,
    action: AlertAction | None = None,
) -> Card:
    """`may_acknowledge`: this user, at this participant's site. Only an open alert has the button.

    `why` None: its set no longer gives the grade that the alert tells of, or there is none (a death). `was` and
    `badge` are of the rise of a grade; a condition has the inputs that decided instead, and the grade that stands.
    """
    participant = alert.participant
    current = getattr(participant, "current_state", None)
    is_open = alert.state in WAITING
    before = alert.grade_before
    return Card(
        alert=alert,
        who=participant.number,
        bed=current.bed if current is not None else "",
        was="" if alert.condition else badges.of_grade(alert.kind, grade=before, at_least=before, at_most=before).word,
        badge=_badge(alert, why),
        inputs=condition_inputs(alert),
        finding=grade_words(alert),
        headline=_("%(who)s: %(grade)s") % {"who": participant.number, "grade": grade_words(alert)},
        requests=[asked_text(code) for code in alert.thresholds],
        age=at - alert.observed_at,
        age_words=span(at - alert.observed_at),
        state=state_text(alert.state),
        is_open=is_open,
        may_acknowledge=is_open and may_acknowledge,
        may_act=alert.state in STANDING and may_acknowledge,
        unreviewed="" if alert.unreviewed_since is None else action_text(alert, action),
    )  # fmt: skip


def _badge(alert: Alert, why: NearestChanges | None) -> badges.GradeBadge | None:
    """A provisional episode has no grade: its set was graded 0 by definition, or could not be told.

    None: a condition of no grade, such as a look that did not come.
    """
    if alert.condition:
        grade = alert.grade
        return badges.of_grade(alert.kind, grade=grade, at_least=grade, at_most=grade) if grade > 0 else None
    least = max(alert.grade, 0)
    return badges.of_grade(
        alert.kind, grade=least if least == alert.at_most else INDETERMINATE, at_least=least, at_most=alert.at_most,
        reasons=alert.reasons, missing=alert.missing, flags=alert.flags, if_crs=alert.urgency, why=why,
    )  # fmt: skip

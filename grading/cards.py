"""An alert as a card: finished words for the one template that shows alerts, `grading/_alert.html`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from grading import faces
from grading.alert_words import asked_text, grade_words, state_text
from grading.models import Alert, AlertState
from grading.rules.catalogue import RULES
from grading.rules.grades import INDETERMINATE
from grading.wording import reason_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    alert: Alert
    who: str
    bed: str
    was: str
    face: faces.Face
    headline: str
    reasons: list[str]
    asked: list[str]
    age: timedelta
    state: str
    is_open: bool
    may_acknowledge: bool


def card_of(alert: Alert, *, at: datetime, may_acknowledge: bool) -> Card:
    """`may_acknowledge`: this user, at this participant's site. Only an open alert has the button."""
    participant = alert.participant
    current = getattr(participant, "current_state", None)
    is_open = alert.state == AlertState.OPEN
    before = alert.grade_before
    return Card(
        alert=alert,
        who=participant.number,
        bed=current.bed if current is not None else "",
        was=faces.face(alert.kind, grade=before, at_least=before, at_most=before).word,
        face=_face(alert),
        headline=_("%(who)s: %(grade)s") % {"who": participant.number, "grade": grade_words(alert)},
        reasons=list(_reasons(alert)),
        asked=[asked_text(code) for code in alert.thresholds],
        age=at - alert.observed_at,
        state=state_text(alert.state),
        is_open=is_open,
        may_acknowledge=is_open and may_acknowledge,
    )  # fmt: skip


def _face(alert: Alert) -> faces.Face:
    """A provisional episode has no grade: its set was graded 0 by definition, or could not be told."""
    least = max(alert.grade, 0)
    return faces.face(
        alert.kind, grade=least if least == alert.at_most else INDETERMINATE, at_least=least, at_most=alert.at_most,
        missing=alert.missing, flags=alert.flags if alert.grade == INDETERMINATE else (),
    )  # fmt: skip


def _reasons(alert: Alert) -> Iterable[str]:
    """In the reader's language; one that an older version of the rules gave, as it was written then."""
    for reason in alert.reasons:
        yield reason_text(reason["code"], reason["values"]) if reason["code"] in RULES else reason["text"]
    yield from (reason_text(flag, {}) for flag in alert.flags if flag in RULES)

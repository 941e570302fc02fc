"""What a locked tablet of a site shows: the enrolled tablet is the authority, so that no participant is named."""

from datetime import datetime

from grading.models import Alert
from grading.rules.alerting.lifecycle import WAITING
from grading.rules.grades.graded import INDETERMINATE

MOST = 12  # beds; the rest are counted


def waiting_at(site_id: int) -> list[Alert]:
    """Of each participant at this site the alert that waits for an answer, the most urgent one; those first of all."""
    waiting = Alert.objects.filter(participant__site=site_id, state__in=[state.value for state in WAITING])
    alerts = waiting.select_related("participant__current_state", "participant__study", "participant__site")
    first: dict[int, Alert] = {}
    for alert in sorted(alerts, key=_rank):
        first.setdefault(alert.participant_id, alert)
    return list(first.values())


def _rank(alert: Alert) -> tuple[int, datetime]:
    """As the alert list has it: a provisional episode by its axis grade, 2 at least."""
    grade = alert.grade if alert.urgency is None else alert.urgency
    return (-(2 if grade == INDETERMINATE else grade), alert.raised_at)

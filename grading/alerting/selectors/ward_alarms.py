"""What a locked tablet of a site shows: the enrolled tablet is the authority, so that no participant is named."""

from grading.alerting.selectors.alerts import by_urgency, first_of_each
from grading.models import Alert
from grading.rules.alerting.lifecycle import WAITING

MOST = 12  # beds; the rest are counted


def waiting_at(site_id: int) -> list[Alert]:
    """Of each participant at this site the alert that waits for an answer, the most urgent one; those first of all."""
    waiting = Alert.objects.filter(participant__site=site_id, state__in=[state.value for state in WAITING])
    return first_of_each(by_urgency(waiting))

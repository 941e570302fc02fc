"""An investigator has looked at a case that a recorded drug closed without her."""

from datetime import datetime

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.pages.notices import announce
from grading.alerting.selectors.alerts import alert_for
from grading.alerting.services.transitions import hold
from grading.models import Alert, AlertEvent

REVIEWED = "reviewed"


@transaction.atomic
def review(alert_id: str, *, by: User, at: datetime) -> Alert:
    """Say: I have reviewed this. Twice, or where nothing waits for it, changes nothing.

    What else of this participant waits for review at this grade or below is reviewed with it, as an answer answers it.
    Raises NotFound, Forbidden (not an investigator of the site).
    """
    alert = alert_for(by, alert_id, Act.JUDGE)
    hold([alert])
    waiting = Alert.objects.filter(participant=alert.participant_id, unreviewed_since__isnull=False)
    unreviewed = list(waiting.select_related("participant"))
    if all(one.pk != alert.pk for one in unreviewed):
        return alert
    with acting(by=by, reason=REVIEWED):
        for one in (one for one in unreviewed if one.rank <= alert.rank):
            Alert.objects.filter(pk=one.pk).update(unreviewed_since=None)
            AlertEvent.objects.create(alert=one, state=one.state, at=at, by=by, note=REVIEWED)
        announce(alert.participant.study_id, alert.participant.site_id, alert.participant.pk)
    alert.refresh_from_db(fields=["state", "unreviewed_since"])
    return alert

"""For the lock of a tablet, which is drawn by the project and knows nothing of alerts."""

from django import template
from django.utils import timezone

from crsmonitor.devices.models import Tablet
from grading.alerting.lock_words import LockAlarms, alarms_of

register = template.Library()


@register.simple_tag
def alarms_on(tablet: Tablet) -> LockAlarms:
    """What waits at the tablet's site."""
    return alarms_of(tablet.site_id, at=timezone.now())

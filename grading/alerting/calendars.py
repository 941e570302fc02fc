"""A person's shifts as a calendar feed (RFC 5545), under an address that is the key to it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from crsmonitor.accounts.models import User
from grading.alerting.delivery.secret_keys import derived
from grading.alerting.selectors.rota import own_shifts
from grading.models.on_call import ON_CALL_ROLES

BACK, AHEAD = timedelta(days=30), timedelta(days=366)


def address_of(user: User) -> str:
    """Where her calendar is. Whoever has the address may read it; a new password gives it another one."""
    return settings.SITE_URL.rstrip("/") + reverse("calendar", args=[user.pk, _keys(user)[0]])


def is_key_of(user: User, key: str) -> bool:
    return any(constant_time_compare(key, known) for known in _keys(user))


def calendar_of(user: User, *, at: datetime) -> bytes:
    """Her own shifts of a month back and a year ahead. Codes of study and site, nothing of a participant."""
    calendar = Calendar()
    calendar.add("prodid", "-//crsmonitor//rota//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("On call"))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    for shift in own_shifts(user, start=at - BACK, end=at + AHEAD):
        event = Event()
        event.add("uid", f"shift-{shift.pk}@crsmonitor")
        event.add("dtstamp", at)
        event.add("dtstart", shift.starts_at)
        event.add("dtend", shift.ends_at)
        event.add("summary", f"{ON_CALL_ROLES[shift.on_call_role]}: {shift.study.code}, {shift.site.code}")
        calendar.add_component(event)
    return calendar.to_ical()


def _keys(user: User) -> list[str]:
    # Of the password's hash, so that the key ends with the password: nothing else need be kept.
    return [digest[:40] for digest in derived("calendar", f"{user.pk}:{user.password}")]

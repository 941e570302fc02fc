"""Alarms on every page: what waits for an answer, a line for each participant, wherever its reader is working.

Drawn once for all who may see the same, as the list of alerts is (alert_list.py): nothing of a person is in it.
"""

from datetime import datetime
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.pages.live import Picture
from crsmonitor.pages.parts import Parts
from crsmonitor.web.bridge import LiveResponse
from grading.alerting.alert_words import asked_text
from grading.alerting.cards import card_of
from grading.alerting.selectors.alerts import alerts_for, first_of_each
from grading.alerting.selectors.scopes import Scope
from grading.alerting.views.alert_list import drawn_for, picture_for
from grading.alerting.views.drawn import shown, stream_of
from grading.rules.alerting.lifecycle import WAITING
from grading.rules.alerting.policy.thresholds import ThresholdCode

LINES = 50  # the most urgent. Pages show the first; each is announced, and all are counted.


def alarms_for(user: User, language: str) -> Picture:
    """What waits for an answer where this user sees the ward. Raises NotFound where she sees none."""
    alerts = picture_for(user, language)
    [scope, _language] = alerts.key  # type: ignore[misc]
    draw = partial(draw_alarms, user, scope, language)
    return Picture(key=(scope, language, "alarms"), places=alerts.places, draw=draw)


def draw_alarms(user: User, scope: Scope, language: str) -> Parts:
    return drawn_for(scope, user, language, "alerting/_alarms.html", _alarms)


def _alarms(user: User, at: datetime) -> dict[str, object]:
    """`user` stands for everybody of her scope. A line tells of the most urgent alert of its participant."""
    listed = first_of_each(alerts_for(user).filter(state__in=[state.value for state in WAITING]))
    answerable = set(
        alerts_for(user, Act.ACKNOWLEDGE).filter(pk__in=[one.pk for one in listed]).values_list("pk", flat=True)
    )
    lines = [
        (card_of(one, at=at, may_acknowledge=one.pk in answerable), _requests(one.thresholds)) for one in listed[:LINES]
    ]
    several = len({one.participant.site_id for one in listed}) > 1
    return {"lines": lines, "total": len(listed), "several": several}


def _requests(thresholds: list[str]) -> list[str]:
    """In few words: that a grade is new goes without saying where more is asked."""
    more = [code for code in thresholds if code != ThresholdCode.NEW_GRADE]
    return [asked_text(code) for code in more or thresholds]


@require_GET
def alarms(request: HttpRequest) -> HttpResponse:
    """The lines alone, for a page that is open."""
    return HttpResponse(shown(alarms_for(request.user, get_language())))


@require_GET
def alarm_stream(request: HttpRequest) -> LiveResponse:
    """The lines, each time that they change."""
    return stream_of(request, alarms_for(request.user, get_language()))


urlpatterns = [
    path("alarms/", alarms, name="alarms"),
    path("alarms/stream/", alarm_stream, name="alarm_stream"),
]

"""The head of a participant's page: who it is with the grades, what is due, the newest set, which alerts stand.

Drawn once for all who may see the same, and sent to whoever has the page open when something of this participant
changes. Nothing of a person is in it.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import NotFound
from crsmonitor.pages.live import Picture
from crsmonitor.pages.notices import PARTICIPANT, SOMEBODY
from crsmonitor.pages.parts import Parts
from crsmonitor.web.bridge import LiveResponse
from grading.alerting.cards import card_of
from grading.alerting.selectors.alerts import alerts_for
from grading.alerting.selectors.scopes import Scope, scope_of
from grading.alerting.views.alert_list import drawn_for
from grading.alerting.views.drawn import shown, stream_of
from grading.bedside import baseline_words
from grading.bedside.drawn_board import shown_grades
from grading.bedside.newest_set import trends_of
from grading.bedside.selectors.bedside import Bedside, bedside
from grading.bedside.selectors.course import newest_sets
from grading.bedside.selectors.explained import newest_of
from grading.models import Alert, VitalSigns
from grading.rules.alerting.lifecycle import STANDING
from regimens.selectors import may_for, participant_for

SHOWN = 20  # alerts, as on the page
FRESH_SECONDS = 20  # it says when it was read, and the page warns of what is older than 90 s


def picture_for(user: User, pk: int, language: str) -> Picture:
    """NotFound, Forbidden."""
    site, scope = participant_for(user, pk, Act.SEE_WARD).site_id, scope_of(user)
    draw = partial(draw_head, user, scope, language, pk, site)
    places = frozenset({(PARTICIPANT, pk), (SOMEBODY, site)})
    key = (scope, language, "head", pk, site)
    return Picture(key=key, places=places, draw=draw, may_wait=True, fresh=FRESH_SECONDS)  # alerts come by the dock


def draw_head(user: User, scope: Scope, language: str, pk: int, site: int) -> Parts:
    """NotFound where the participant has moved to another site: who still may see them begins anew."""
    return drawn_for(scope, user, language, "bedside/_live.html", partial(_head, pk, site))


def _head(pk: int, site: int, user: User, at: datetime) -> dict[str, Any]:
    """`user` stands for everybody of her scope."""
    here = bedside(user, pk, Act.SEE_WARD, at=at)
    if here.participant.site_id != site:
        raise NotFound("no_such_page")
    alerts = list(alerts_for(user).filter(participant=pk)[:SHOWN])
    context = about(user, here) | newest_and_alerts(here, newest_sets(here.participant), alerts, at=at)
    return context | {"baselines": baseline_words.lines(here.participant, may_record=context["may_record"])}


def newest_and_alerts(
    here: Bedside, sets: Sequence[VitalSigns], alerts: Sequence[Alert], *, at: datetime
) -> dict[str, Any]:
    """The newest set, the alerts that stand, and what tells whether a newer record came."""
    standing = [alert for alert in alerts if alert.state in STANDING]
    return {
        "trends": trends_of(sets),
        "newest": sets[0] if sets else None,
        "standing": [card_of(alert, at=at, may_acknowledge=False) for alert in standing],
        "changed_at": here.state.changed_at,
    }


def about(user: User, here: Bedside) -> dict[str, Any]:
    """What the banner and the buttons need."""
    crs, icans = shown_grades(here.row, newest_of([here.row]))
    recording = may_for(user, here.participant.pk, Act.RECORD)
    return {
        "participant": here.participant, "site": here.participant.site, "row": here.row, "at": timezone.now(),
        "crs": crs, "icans": icans, "may_record": recording,
    }  # fmt: skip


@require_GET
def participant_live(request: HttpRequest, pk: int) -> HttpResponse:
    """As it is now."""
    return HttpResponse(shown(picture_for(request.user, pk, get_language())))


@require_GET
def participant_stream(request: HttpRequest, pk: int) -> LiveResponse:
    """Each time that it changes."""
    return stream_of(request, picture_for(request.user, pk, get_language()))


urlpatterns: list[URLPattern] = [
    path("participants/<int:pk>/live/", participant_live, name="participant-live"),
    path("participants/<int:pk>/stream/", participant_stream, name="participant-stream"),
]

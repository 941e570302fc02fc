"""The alarms of a locked tablet: its ward's beds and grades, and nothing else of anybody.

Under the authority of the enrolled tablet: who looks at it is not asked. 404 from any other browser.
"""

from collections.abc import Collection, Sequence
from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from crsmonitor.devices.models import Tablet
from crsmonitor.devices.selectors import enrolled
from crsmonitor.devices.shifts import tablet_of
from crsmonitor.pages.live import Page, Picture
from crsmonitor.pages.parts import Parts, parts_of
from crsmonitor.web.bridge import LiveResponse
from grading.alerting.lock_words import alarms_of
from grading.alerting.views.drawn import answer_of, shown


def picture_of(site_id: int, language: str) -> Picture:
    """The same on every locked tablet of a site."""
    draw = partial(draw_lock_alarms, site_id, language)
    return Picture(key=("lock", site_id, language), places=frozenset({(0, site_id)}), draw=draw)


def draw_lock_alarms(site_id: int, language: str) -> Parts:
    with translation.override(language):
        context = {"alarms": alarms_of(site_id, at=timezone.now())}
        return parts_of(render_to_string("alerting/_lock_alarms.html", context))


def still_enrolled(pages: Sequence[Page]) -> Collection[Page]:
    """Those of tablets that nobody has revoked."""
    here = enrolled(-page.person for page in pages)
    return {page for page in pages if -page.person in here}


def _tablet(request: HttpRequest) -> Tablet:
    tablet = tablet_of(request)
    if tablet is None:
        raise Http404
    return tablet


@login_not_required
@require_GET
def lock_alarms(request: HttpRequest) -> HttpResponse:
    """As they are now."""
    return HttpResponse(shown(picture_of(_tablet(request).site_id, get_language())))


@login_not_required
@require_GET
def lock_alarm_stream(request: HttpRequest) -> LiveResponse:
    """Each time that they change. `person`: below 0 the tablet's key, which is nobody's."""
    tablet = _tablet(request)
    picture = picture_of(tablet.site_id, get_language())
    return answer_of(request, Page(person=-tablet.pk, session="", picture=picture, still=still_enrolled))


urlpatterns: list[URLPattern] = [
    path("lock/alarms/", lock_alarms, name="lock-alarms"),
    path("lock/alarms/stream/", lock_alarm_stream, name="lock-alarm-stream"),
]

"""The calendar feed of a person's shifts: read by a calendar program, which cannot sign in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from crsmonitor.accounts import languages
from crsmonitor.accounts.selectors import active_user
from crsmonitor.errors import NotFound
from grading.alerting.calendars import calendar_of, is_key_of


@login_not_required
@require_safe
def calendar(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """404 for a key that does not fit, as for a person that is not there."""
    person = active_user(pk)
    if person is None or not is_key_of(person, key):
        raise NotFound("no_such_page")
    with languages.of(person):
        feed = calendar_of(person, at=timezone.now())
    answer = HttpResponse(feed, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer


urlpatterns = [path("calendar/<int:pk>/<str:key>/shifts.ics", calendar, name="calendar")]

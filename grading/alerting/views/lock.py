"""The alarms of a locked tablet: its ward's beds and grades, and nothing else of anybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET

from crsmonitor.devices.shifts import tablet_of
from grading.alerting.lock_words import alarms_of


@login_not_required
@require_GET
def lock_alarms(request: HttpRequest) -> HttpResponse:
    """Under the authority of the enrolled tablet: who looks at it is not asked. 404 from any other browser."""
    tablet = tablet_of(request)
    if tablet is None:
        raise Http404
    return render(request, "alerting/_lock_alarms.html", {"alarms": alarms_of(tablet, at=timezone.now())})


urlpatterns: list[URLPattern] = [path("lock/alarms/", lock_alarms, name="lock-alarms")]

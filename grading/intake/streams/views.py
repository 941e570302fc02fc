"""The series of a participant as a picture, with what of it was proposed as sets."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from grading.intake.streams.selectors import devices_of, series_of
from grading.rules.intake.streams.thinning import FEVER_FROM_C, QUIET, StreamReading, start_of, thin

SHOWN = timedelta(hours=48)
WIDTH, HEIGHT = 960, 240  # of the picture, in its own units
LOW, HIGH = 35.0, 42.0  # °C at its edges


@require_safe
def temperatures(request: HttpRequest, pk: int) -> HttpResponse:
    at = timezone.now()
    since = start_of(at - SHOWN, QUIET)
    participant, devices = devices_of(request.user, pk, since=since)
    drawn = [_drawn(name, series_of(participant, name, since=since, until=at), since, at) for name in devices]
    context = {
        "participant": participant, "site": participant.site, "since": since, "at": at, "devices": drawn,
        "width": WIDTH, "height": HEIGHT, "fever_y": _y(float(FEVER_FROM_C)),
    }  # fmt: skip
    return render(request, "intake/temperatures.html", context)


def _drawn(name: str, series: list[StreamReading], since: datetime, at: datetime) -> dict[str, Any]:
    def x(instant: datetime) -> float:
        return round((instant - since) / (at - since) * WIDTH, 1)

    thinned = thin(series, until=at)
    points = " ".join(f"{x(one.at)},{_y(float(one.celsius))}" for one in series)
    marks = [(x(one.reading.at), _y(float(one.reading.celsius))) for one in thinned]
    return {"name": name, "points": points, "marks": marks, "thinned": thinned, "count": len(series)}


def _y(celsius: float) -> float:
    """A value beyond the edge is drawn on it."""
    share = (min(max(celsius, LOW), HIGH) - LOW) / (HIGH - LOW)
    return round(HEIGHT - share * HEIGHT, 1)


urlpatterns: list[URLPattern] = [
    path("participants/<int:pk>/temperatures/", temperatures, name="temperatures"),
]

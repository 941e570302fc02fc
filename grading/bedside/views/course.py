"""The course on the participant page: which stretch of time is shown, and what one may go to."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from crsmonitor.errors import InvalidInput
from grading.bedside.course_chart import chart_of
from grading.bedside.course_words import rows_of
from grading.bedside.selectors.timeline_page import LEAD, LONGEST, CourseWindow, Timeline, timeline_page
from regimens.models import DoseStatus
from regimens.wording import step_text

WHOLE = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    label: str
    query: str
    here: bool


def course_of(request: HttpRequest, pk: int, *, at: datetime) -> dict[str, Any]:
    """What `_course.html` shows. InvalidInput for a stretch that cannot be read."""
    page = timeline_page(request.user, pk, at=at, window=_window(request))
    rows = rows_of(page)
    return {
        "page": page, "rows": rows, "chart": chart_of(page, rows), "links": _links(page, request),
        "rest": _rest(page),
    }  # fmt: skip


def _rest(page: Timeline) -> str:
    """The query of the same stretch with all its sets. Empty: they are here, or more are never shown."""
    if not page.cut or page.most == LONGEST:
        return ""
    edges = {"from": page.window.start, "to": page.end + timedelta(seconds=1)}  # whole seconds are written
    return f"?{urlencode({name: _written(edge) for name, edge in edges.items() if edge is not None})}"


def _window(request: HttpRequest) -> CourseWindow | None:
    """None: nothing was asked for."""
    if request.GET.get("course") == WHOLE:
        return CourseWindow()
    start, end = _instant(request, "from"), _instant(request, "to")
    if start is None and end is None:
        return None
    if start is not None and end is not None and start >= end:
        raise InvalidInput("ends_before_it_begins")
    return CourseWindow(start=start, end=end)


def _instant(request: HttpRequest, name: str) -> datetime | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        instant = parse_datetime(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise InvalidInput("needs_offset")
    return instant


def _links(page: Timeline, request: HttpRequest) -> list[Link]:
    """The usual window, each dose, and the whole course."""
    zone = ZoneInfo(page.participant.site.time_zone)
    chosen = {name: request.GET[name] for name in ("course", "from", "to") if name in request.GET}
    given = [dose for dose in page.every_dose if dose.status != DoseStatus.NOT_GIVEN]
    stretches: list[tuple[str, dict[str, str]]] = [(_("Since the last dose") if given else _("Last 7 days"), {})]
    if len(given) > 1:
        ends = [after.observed_at for _dose, after in pairwise(given)]
        for dose, end in zip(given, ends, strict=False):
            label = f"{step_text(dose.step.label)}, {dose.observed_at.astimezone(zone):%Y-%m-%d}"
            stretches.append((label, {"from": _written(dose.observed_at - LEAD), "to": _written(end)}))
    stretches.append((_("Whole course"), {"course": WHOLE}))
    return [
        Link(label=label, query=f"?{urlencode(query)}#course", here=query == chosen) for label, query in stretches
    ]  # fmt: skip


def _written(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

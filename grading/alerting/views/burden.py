"""Alert burden: how often people are called, and how often that led to something. As a page and as CSV."""

import csv
from collections.abc import Iterable
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crsmonitor.accounts.roles import Act
from grading.alerting.alert_words import asked_text
from grading.alerting.forms.burden import PeriodForm
from grading.alerting.selectors.burden import NO_POLICY, BurdenOfPlace, burden_for, by_study, newest_day, places_for
from grading.models import Channel
from grading.rules.alerting.burden import Burden, Group, Line, NurseShift
from regimens.selectors import may

BAR = 120  # pixels of the longest
COLUMNS = (
    "study", "site", "first_day", "last_day", "group", "name", "alerts", "participant_days",
    "alerts_per_participant_day", "nurse_shifts", "alerts_per_nurse_shift", "alerts_by_night", "share_by_night",
    "alerts_acted_on", "share_acted_on", "pages", "pages_per_participant_day", "pages_per_nurse_shift", "stand_downs",
)  # fmt: skip


def line_text(line: Line) -> str:
    """A line in words."""
    group, name = line
    shifts = {
        NurseShift.DAY.value: _("Day shift, 07-15"),
        NurseShift.EVENING.value: _("Evening shift, 15-23"),
        NurseShift.NIGHT.value: _("Night shift, 23-07"),
    }
    match group:
        case Group.ALL:
            return _("All alerts")
        case Group.SHIFT:
            return shifts[name]
        case Group.ASKED:
            return asked_text(name)
        case Group.CHANNEL:
            return _("Messages by %(channel)s") % {"channel": Channel(name).label}
        case _policy:
            if name == str(NO_POLICY):
                return _("No threshold policy")
            return _("Threshold policy v%(version)s") % {"version": name}


def _rows(place: BurdenOfPlace) -> list[dict[str, object]]:
    most = max(one.alerts for one in place.lines.values())
    return [
        {"words": line_text(line), "one": one, "bar": BAR * one.alerts // most if most else 0, "of": line[0].value}
        for line, one in place.lines.items()
    ]


def _period_form(request: HttpRequest) -> PeriodForm:
    """Raises NotFound to a stranger."""
    return PeriodForm(request.GET, newest=newest_day(places_for(request.user), at=timezone.now()))


def _page(request: HttpRequest, form: PeriodForm) -> HttpResponse:
    first, last = form.days()
    places = burden_for(request.user, first=first, last=last, at=timezone.now())
    studies = [
        {"study": study, "tables": [{"site": one.site, "rows": _rows(one)} for one in tables]}
        for study, tables in by_study(places)
    ]
    context = {"form": form, "first": first, "last": last, "studies": studies}
    context["runs_a_site"] = may(request.user, Act.RUN_WARD)
    return render(request, "alerting/burden.html", context, status=200 if form.is_valid() else 400)


@require_GET
def burden(request: HttpRequest) -> HttpResponse:
    return _page(request, _period_form(request))


@require_GET
def burden_csv(request: HttpRequest) -> HttpResponse:
    """The same figures, a line of the page a row; with dates that cannot be, the page that says so."""
    form = _period_form(request)
    if not form.is_valid():
        return _page(request, form)
    first, last = form.days()
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="alert-burden-{first}-{last}.csv"'
    writer = csv.writer(answer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for burden_of_place in burden_for(request.user, first=first, last=last, at=timezone.now()):
        place = (burden_of_place.study.code, burden_of_place.site.code if burden_of_place.site else "", first, last)
        writer.writerows(
            (*place, group.value, name, *_figures(one)) for (group, name), one in burden_of_place.lines.items()
        )
    return answer


def _figures(one: Burden) -> Iterable[object]:
    """From `alerts` on; empty is "nothing to count over"."""
    yield from (one.alerts, _short(one.participant_days), _short(one.per_participant_day))
    yield from (one.shifts, _short(one.per_shift), one.by_night, _short(one.share_by_night))
    yield from (one.acted_on, _short(one.share_acted_on))
    yield from (one.pages, _short(one.pages_per_participant_day), _short(one.pages_per_shift), one.stand_downs)


def _short(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.4f}"


urlpatterns: list[URLPattern] = [
    path("burden/", burden, name="burden"),
    path("burden.csv", burden_csv, name="burden_csv"),
]

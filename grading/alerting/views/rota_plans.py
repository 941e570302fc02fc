"""Many shifts at once by page, a shift handed over, and the rota as a file."""

import csv
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from crsmonitor.accounts.roles import Act
from crsmonitor.errors import InvalidInput, NotFound
from grading.alerting.forms.rota_plans import COLUMNS, CopyWeekForm, HandOverForm, PatternForm, RotaFileForm
from grading.alerting.selectors.rota import people_of, rota_for, standing_shifts
from grading.alerting.services.on_call import rota_plans
from grading.alerting.services.on_call.rota import place_for
from grading.models.on_call import ON_CALL_ROLES
from grading.rules.alerting.on_call.rota import OnCallRole
from regimens.models import Site, Study

FILE_AHEAD = timedelta(weeks=12)  # how far the file of a rota goes


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, study: str, site: str) -> HttpResponse:
    """Three forms: a pattern, a week to copy, a file. A POST says which by the name of its button."""
    trial, place = place_for(request.user, study, site, Act.RUN_WARD)
    people = people_of(trial, place)
    typed = {name: request.POST if name in request.POST else None for name in ("repeat", "copy", "load")}
    page = {
        "repeat": PatternForm(typed["repeat"], people=people),
        "copy": CopyWeekForm(typed["copy"]),
        "load": RotaFileForm(typed["load"], request.FILES, site=place, people=people),
    }
    if request.method == "POST" and (done := _planned(request, trial, place, page)) is not None:
        return done
    context = page | {"study": trial, "site": place, "people": people, "roles": ON_CALL_ROLES, "columns": COLUMNS}
    return render(request, "alerting/rota_plan.html", context, status=400 if request.method == "POST" else 200)


def _planned(request: HttpRequest, study: Study, site: Site, page: dict[str, Any]) -> HttpResponse | None:
    """None: what was typed needs another look."""
    by = request.user
    repeat, copy, load = page["repeat"], page["copy"], page["load"]
    bound = next((form for form in (repeat, copy, load) if form.is_bound), None)
    if bound is None or not bound.is_valid():
        return None
    try:
        if bound is repeat:
            role = OnCallRole(repeat.cleaned_data["on_call_role"])
            rota_plans.repeat(study, site, on_call_role=role, pattern=repeat.pattern, by=by)
        elif bound is copy:
            rota_plans.copy_week(study, site, **copy.cleaned_data, by=by)
        elif "sure" in request.POST:
            rota_plans.put_on_all(study, site, load.planned, by=by, reason="rota: file")
        else:
            return _dry_run(request, study, site, load)
    except InvalidInput as error:
        bound.take(error)
        return None
    return redirect("rota", study.code, site.code)


def _dry_run(request: HttpRequest, study: Study, site: Site, form: RotaFileForm) -> HttpResponse:
    names = {one.pk: one.get_username() for one in people_of(study, site)}
    wanted = rota_plans.planned(study, site, form.planned)
    rows = [(ON_CALL_ROLES[one.on_call_role.value], names[one.hours.person], one.hours) for one in wanted.new]
    context = {"study": study, "site": site, "rows": rows, "there": wanted.there, "text": form.cleaned_data["text"]}
    return render(request, "alerting/rota_dry_run.html", context)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, study: str, site: str, pk: int) -> HttpResponse:
    """Hand one shift over, or swap it."""
    trial, place = place_for(request.user, study, site, Act.RUN_WARD)
    at = timezone.now()
    shifts = standing_shifts(trial, place, at=at)
    shift = shifts.filter(pk=pk).first()
    if shift is None:
        raise NotFound("no_such_shift")
    others = shifts.exclude(person=shift.person)
    form = HandOverForm(
        request.POST if request.method == "POST" else None, people=people_of(trial, place), others=others
    )
    if form.is_bound and form.is_valid():
        person, other = form.cleaned_data["person"], form.cleaned_data["other"]
        try:
            if person:
                rota_plans.hand_over(trial, place, shift.pk, person=person, by=request.user, at=at)
            else:
                rota_plans.swap(trial, place, shift.pk, other.pk, by=request.user, at=at)
        except InvalidInput as error:
            form.take(error)
        else:
            return redirect("rota", study, site)
    context = {
        "study": trial, "site": place, "shift": shift, "form": form, "others": others, "running": shift.starts_at <= at,
        "people": people_of(trial, place).exclude(pk=shift.person_id),
    }  # fmt: skip
    return render(request, "alerting/rota_change.html", context, status=400 if form.is_bound else 200)


@require_GET
def rota_csv(request: HttpRequest, study: str, site: str) -> HttpResponse:
    """The shifts of the next weeks in the columns of the file that can be loaded."""
    trial, place = place_for(request.user, study, site, Act.SEE_WARD)
    at, zone = timezone.now(), ZoneInfo(place.time_zone)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rota-{trial.code}-{place.code}.csv"'
    writer = csv.writer(answer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for shift in rota_for(request.user, trial, place, start=at, end=at + FILE_AHEAD):
        writer.writerow(
            [shift.on_call_role, shift.person, *(_clock(t, zone) for t in (shift.starts_at, shift.ends_at))]
        )
    return answer


def _clock(at: datetime, zone: ZoneInfo) -> str:
    """With its offset, so that it names one instant in the hour that comes twice."""
    return at.astimezone(zone).isoformat(timespec="minutes")


urlpatterns = [
    path("rota/<str:study>/<str:site>/plan/", plan, name="rota_plan"),
    path("rota/<str:study>/<str:site>/rota.csv", rota_csv, name="rota_csv"),
    path("rota/<str:study>/<str:site>/<int:pk>/change/", change, name="shift_change"),
]

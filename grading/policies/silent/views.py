"""Silent runs: those of a study, one with what it would have said beside what was raised, and its alerts as CSV."""

import csv
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crsmonitor.errors import Forbidden, InvalidInput, NotFound
from grading.alerting.alert_words import asked_text
from grading.models import SilentRun
from grading.policies.selectors import policies_for, policy_in_force
from grading.policies.silent.computing import waiting_for
from grading.policies.silent.figures import Side, by_day, by_participant, real_side, silent_side
from grading.policies.silent.forms import BeginForm, EndForm
from grading.policies.silent.selectors import CourseOfRun, courses_for, may_run, run_for, runs_for
from grading.policies.silent.services import begin_run, end_run, versions_of
from grading.policies.silent.words import (
    ENDS,
    LISTED,
    VERDICTS,
    alert_text,
    apart_text,
    asks_text,
    clock,
    end_text,
)
from grading.rules.alerting.policy.replay import Rules, read_rules
from grading.rules.alerting.policy.silent import ComparedAlert, SilentRules
from grading.rules.alerting.policy.silent_runs import fell_out
from grading.rules.treatment.policy_numbers import BadPolicy
from regimens.models import Study
from regimens.selectors import studies_for

SHOWN = 50  # alerts of each list; the CSV has all
COLUMNS = (
    "participant", "site", "verdict", "kind", "grade", "condition", "real_utc", "silent_utc", "minutes_later",
    "raised_utc", "real_asks", "silent_asks", "real_pages", "silent_pages", "real_pages_on_call",
    "silent_pages_on_call", "real_escalations", "silent_escalations",
)  # fmt: skip


def _study(request: HttpRequest, code: str) -> Study:
    study = studies_for(request.user).filter(code=code).first()
    if study is None:
        raise NotFound("no_such_study")
    if not may_run(request.user, study):
        raise Forbidden("role_forbids")
    return study


@require_http_methods(["GET", "POST"])
def silent_runs(request: HttpRequest, code: str) -> HttpResponse:
    """The runs of a study; a POST begins one."""
    study, at = _study(request, code), timezone.now()
    in_force = policy_in_force(study, at=at)
    versions = [one for one in policies_for(request.user) if one.study_id == study.pk and one != in_force]
    data = request.POST if request.method == "POST" else None
    form = BeginForm(data, versions=versions, initial={"policy": request.GET.get("version", "")})
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            run = begin_run(int(typed["policy"]), because=typed["because"], by=request.user, at=at)
        except InvalidInput as error:
            form.take(error)
        else:
            messages.success(request, _("%(version)s runs silently: it tells nobody.") % {"version": run.policy})
            return redirect("silent-run", run.pk)
    runs = [(one, end_text(one)) for one in runs_for(request.user).filter(study=study)]
    context = {"study": study, "in_force": in_force, "versions": versions, "form": form, "runs": runs}
    return render(request, "policies/silent_runs.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def silent_run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run; a POST ends it."""
    run, at = run_for(request.user, pk), timezone.now()
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            end_run(run.pk, because=form.cleaned_data["because"], by=request.user, at=at)
        except InvalidInput as error:
            form.take(error)
        else:
            messages.success(request, _("The silent run has ended."))
            return redirect("silent-run", run.pk)
    courses = list(courses_for(request.user, run))
    until = run.ended_at or at
    context = {
        "run": run, "form": form, "now": at, **_state(run, at=at),
        "computed_at": max((one.computed_at for one in courses), default=None),
        "waiting": waiting_for(request.user, run, at=at), "courses": len(courses),
        "figures": _figures(courses, since=run.begun_at, until=until),
        "tables": [
            {"name": _("By day of the site"), "rows": by_day(courses), "days": True},
            {"name": _("By participant"), "rows": by_participant(courses), "days": False},
        ],
        "lists": _lists(courses), "by_looks": _by_looks(run),
    }  # fmt: skip
    return render(request, "policies/silent_run.html", context, status=400 if form.is_bound else 200)


@require_GET
def silent_run_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Every alert of either side, a row each. Times are UTC."""
    run = run_for(request.user, pk)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"silent-run-{run.study.code}-{run.pk}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(answer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for course in courses_for(request.user, run):
        writer.writerows(_cells(course, line) for line in course.content.lines)
    return answer


def _cells(course: CourseOfRun, line: ComparedAlert) -> tuple[object, ...]:
    """Empty: that side says nothing."""
    minutes = line.minutes_later
    return (
        course.participant, course.site, line.verdict.value, line.kind, line.grade, line.condition,
        _utc(line.real_at), _utc(line.silent_at), "" if minutes is None else minutes, _utc(line.raised_at),
        " ".join(line.real_codes), " ".join(line.silent_codes), line.real.pages, line.silent.pages,
        line.real.on_call, line.silent.on_call, line.real.escalations, line.silent.escalations,
    )  # fmt: skip


def _utc(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _state(run: SilentRun, *, at: datetime) -> dict[str, Any]:
    """Whether it runs. One that cannot go on says so before the job has ended it."""
    if run.ended_at is not None:
        return {"runs": False, "end": end_text(run)}
    why = fell_out(versions_of(run, at=at))
    return {"runs": why is None, "end": "" if why is None else str(ENDS[why.value])}


def _by_looks(run: SilentRun) -> list[str]:
    """Conditions about missing looks that both have not alike: compared by when the looks came."""
    try:
        silent = read_rules(run.policy.data)
        in_force = Rules() if run.against is None else read_rules(run.against.data)
    except BadPolicy:
        return []
    both = SilentRules(in_force=in_force, silent=silent)
    return [asked_text(code.value) for code in silent.not_replayed if not both.is_alike(code.value)]


def _figures(courses: list[CourseOfRun], *, since: datetime, until: datetime) -> list[tuple[str, object, object]]:
    real, silent = (side(courses, since=since, until=until) for side in (real_side, silent_side))
    rows: tuple[tuple[str, Callable[[Side], object]], ...] = (
        (_("Alerts"), lambda side: side.burden.alerts),
        (_("By night"), lambda side: side.burden.by_night),
        (_("Pages"), lambda side: side.calls.pages),
        (_("Pages to the on-call investigator"), lambda side: side.calls.on_call),
        (_("Escalations"), lambda side: side.calls.escalations),
        (_("Participant-days"), lambda side: side.burden.participant_days),
        (_("Alerts per participant-day"), lambda side: side.burden.per_participant_day),
        (_("Nurse shifts"), lambda side: side.burden.shifts),
        (_("Alerts per nurse shift"), lambda side: side.burden.per_shift),
        (_("Pages per nurse shift"), _pages_per_shift),
    )
    return [(name, value(real), value(silent)) for name, value in rows]


def _pages_per_shift(side: Side) -> Decimal | None:
    """None: there was no shift with anybody under observation."""
    return Decimal(side.calls.pages) / side.burden.shifts if side.burden.shifts else None


def _lists(courses: list[CourseOfRun]) -> list[dict[str, Any]]:
    lines = [(course, line) for course in courses for line in course.content.lines]
    lists = []
    for verdict in LISTED:
        rows = sorted((pair for pair in lines if pair[1].verdict is verdict), key=lambda pair: pair[1].at)
        lists.append({
            "name": VERDICTS[verdict], "count": len(rows), "more": len(rows) - SHOWN,
            "rows": [_row(*pair) for pair in rows[-SHOWN:]],
        })  # fmt: skip
    return lists


def _row(course: CourseOfRun, line: ComparedAlert) -> dict[str, Any]:
    return {
        "participant": course.participant, "site": course.site, "alert": alert_text(line),
        "real": clock(line.real_at, course.zone), "silent": clock(line.silent_at, course.zone),
        "apart": apart_text(line), "real_asks": asks_text(line.real_codes), "silent_asks": asks_text(line.silent_codes),
    }  # fmt: skip


urlpatterns: list[URLPattern] = [
    path("studies/<str:code>/silent-runs/", silent_runs, name="silent-runs"),
    path("silent-runs/<int:pk>/", silent_run, name="silent-run"),
    path("silent-runs/<int:pk>/alerts.csv", silent_run_csv, name="silent-run-csv"),
]

"""manage.py replay_policy FILE: what a changed policy would have told over recorded courses. Sends nothing."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from grading.alerting.selectors.everybody import standing
from grading.management.commands.load_policy import policy_of, study_of
from grading.management.progress import INTERRUPTED, bar, stop_on_ctrl_c
from grading.policies.courses import everybodys_courses
from grading.policies.library import Policy, read_policy
from grading.policies.selectors import policy_in_force
from grading.rules.alerting.policy.replay import (
    Comparison,
    Load,
    RecordedCourse,
    ReplayedAlert,
    Rules,
    compare,
    read_rules,
)
from grading.rules.grades.graded import INDETERMINATE
from grading.simulation.icu_file import BadFile, Row, read
from grading.simulation.policy_bench import icu_courses
from grading.simulation.replay import Assumptions

SAY_EVERY = 25  # courses, where no terminal shows a bar
SHOWN = 20  # alerts of each list


class Command(BaseCommand):
    help = (
        "Run a changed policy over recorded courses and compare it with the policy in force (ICU data: with the "
        "default policy). Nothing is sent and nothing is written. ICU patients had no CRS: their alerts say only what "
        "the rules do with such vitals."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the changed policy, a YAML file")
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--study", metavar="CODE", help="over the courses recorded in this study")
        where.add_argument("--icu", type=Path, metavar="FILE", help="over the ICU stays of icu_vitals_demo.csv.gz")
        parser.add_argument("--participants", type=_some, metavar="N", help="only the first N")
        parser.add_argument("--assume-room-air", action="store_true", help="ICU: as in replay_icu")
        parser.add_argument("--assume-no-support", action="store_true", help="ICU: as in replay_icu")

    def handle(
        self, *args: Any, file: Path, study: str | None, icu: Path | None, participants: int | None,
        assume_room_air: bool, assume_no_support: bool, **options: Any,
    ) -> None:  # fmt: skip
        policy, at = policy_of(file), timezone.now()
        if icu is not None:
            assumed = Assumptions(room_air=assume_room_air, no_support=assume_no_support)
            rows = _read(icu)
            total = len({row.stay for row in rows})
            stream, before, against = icu_courses(rows, assumed), read_rules(read_policy().data), "the default policy"
        else:
            trial = study_of(str(study))
            in_force = policy_in_force(trial, at=at)
            before = read_rules(in_force.data) if in_force else Rules()
            against = f"{in_force}, in force" if in_force else "no policy: nobody is told"
            stream, total = everybodys_courses(trial), standing(study=trial.code, number=None)
        total = min(total, participants or total)
        if not total:
            raise CommandError("there is no course yet")
        courses, stopped = self._courses(stream, total)
        after = read_rules(policy.data)
        compared = compare(courses, before, after, until=_until(courses, at=at))
        left_out = sorted({*before.not_replayed, *after.not_replayed})
        self.stdout.write("\n".join(_report(compared, policy, against, left_out)))
        if stopped:
            self.stdout.write(f"Interrupted after {len(courses)} of {total} courses: the figures are of these.")
            sys.exit(INTERRUPTED)

    def _courses(self, stream: Iterator[RecordedCourse], total: int) -> tuple[list[RecordedCourse], bool]:
        courses: list[RecordedCourse] = []
        with (
            stop_on_ctrl_c() as interrupts,
            bar(self.stdout, "replay", of="courses", total=total, every=SAY_EVERY) as advance,
        ):
            while len(courses) < total and not interrupts and (course := next(stream, None)) is not None:
                courses.append(course)
                advance()
        return courses, bool(interrupts) and len(courses) < total


def _some(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a number of participants")
    return int(text)


def _read(path: Path) -> list[Row]:
    try:
        return read(path)
    except BadFile as error:
        raise CommandError(f"{path.name}: {error}") from None
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None


def _until(courses: Sequence[RecordedCourse], *, at: datetime) -> datetime:
    """Where a course that goes on is cut: now. Nobody looks beyond the end of one that is over."""
    open_ = any(one.watched is not None and one.watched.end is None for one in courses)
    ends = [one.watched.end for one in courses if one.watched is not None and one.watched.end is not None]
    return at if open_ or not ends else max(ends)


def _report(comparison: Comparison, policy: Policy, against: str, left_out: Sequence[str]) -> Iterator[str]:
    yield ""
    yield f"courses        {comparison.courses}, {comparison.sets} sets"
    yield f"before         {against}"
    yield f"after          {policy.title}"
    yield f"{'':15}{'before':>10}{'after':>10}"
    for name, before, after in _figures(comparison.before, comparison.after):
        yield f"{name:15}{before:>10}{after:>10}"
    for name, alerts in (("gained", comparison.gained), ("lost", comparison.lost)):
        yield from _listed(name, [alert_line(alert) for alert in alerts])
    yield from _listed("otherwise", [f"{alert_line(was)} -> {_now(was, now)}" for was, now in comparison.otherwise])
    yield "pages          whom the first call of an alert is for; nobody answered, so that later calls are not counted"
    if left_out:
        yield f"not replayed   {', '.join(left_out)}: a record does not say who would have looked in time"


def _figures(before: Load, after: Load) -> Iterator[tuple[str, str, str]]:
    yield "alerts", str(before.burden.alerts), str(after.burden.alerts)
    yield "by night", str(before.burden.by_night), str(after.burden.by_night)
    yield "pages", str(before.pages), str(after.pages)
    yield "nurse shifts", str(before.burden.shifts), str(after.burden.shifts)
    yield "alerts a shift", _short(before.burden.per_shift), _short(after.burden.per_shift)
    yield "pages a shift", _short(before.pages_per_shift), _short(after.pages_per_shift)


def _short(value: Decimal | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _listed(name: str, lines: Sequence[str]) -> Iterator[str]:
    yield f"{name:15}{len(lines)}"
    yield from (f"  {line}" for line in lines[:SHOWN])
    if len(lines) > SHOWN:
        yield f"  ... and {len(lines) - SHOWN} more"


def _now(was: ReplayedAlert, now: ReplayedAlert) -> str:
    return ", ".join(now.codes) if was.at == now.at else f"{now.at:%Y-%m-%d %H:%M}"


def alert_line(alert: ReplayedAlert) -> str:
    """`DEMO-001 2026-03-02 21:00 crs grade 1: new_grade`."""
    grade = "grade not known" if alert.grade == INDETERMINATE else f"grade {alert.grade}"
    return f"{alert.participant} {alert.at:%Y-%m-%d %H:%M} {alert.kind} {grade}: {', '.join(alert.codes)}"

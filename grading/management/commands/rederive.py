"""manage.py rederive: make every projection again from the facts, or see whether it says what they say."""

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from grading.alerting.selectors.everybody import ids_of, standing
from grading.course.compare import Difference
from grading.exports.lines.checking import checked_lines
from grading.management.processes import in_order
from grading.management.progress import INTERRUPTED, bar, stop_on_ctrl_c
from grading.recording.rederiving import Rederived, rederive_participant

SAY_EVERY = 25  # participants, where no terminal shows a bar
SHOWN = 200  # differences that are written out, however many there are


def rederive_one(participant_id: int, *, check: bool) -> Rederived:
    return rederive_participant(participant_id, check=check, at=timezone.now())


def some(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a number of processes")
    return int(text)


class Command(BaseCommand):
    help = (
        "Compute grades, episodes, dose periods, the board's rows and lines of exports again from the facts. Each "
        "participant is one transaction; run it again after an interruption. Alerts that the course calls for are "
        "raised, marked late, those it does not are withdrawn, and those of corrected sets say what the sets say now."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where anything differs")
        parser.add_argument("--study", metavar="CODE", help="only this study")
        parser.add_argument("--participant", metavar="NUMBER", help="only this participant")
        parser.add_argument("--jobs", metavar="N", type=some, help="processes; one for each core where it is not said")

    def handle(
        self, *args: Any, check: bool, study: str | None, participant: str | None, jobs: int | None, **options: Any
    ) -> None:
        total = standing(study=study, number=participant)
        if not total:
            raise CommandError("no such participant" if study or participant else "there is no participant")
        done, sets, differences, last = 0, 0, 0, ""
        with (
            stop_on_ctrl_c() as interrupts,
            bar(self.stdout, "rederive", of="participants", total=total, every=SAY_EVERY) as advance,
        ):
            ids = ids_of(study=study, number=participant)
            jobs = min(jobs or os.cpu_count() or 1, total)
            for outcome in in_order(partial(rederive_one, check=check), ids, jobs=jobs, interrupts=interrupts):
                self._tell(outcome.number, outcome.differences, room=SHOWN - differences)
                done, sets, last = done + 1, sets + outcome.sets, outcome.number
                differences += len(outcome.differences)
                advance()
        if done == total:
            for lines in checked_lines(study=study, number=participant, at=timezone.now()):
                self._tell(lines.study.code, lines.differences, room=SHOWN - differences)
                differences += len(lines.differences)
                if not check:
                    lines.make_again(at=timezone.now())
        if differences > SHOWN:
            self.stdout.write(f"... and {differences - SHOWN} more")
        what = "differ" if check else "differed and were made to agree"
        self.stdout.write(f"{done} participants, {sets} sets: {differences} values {what}")
        if interrupts and done < total:
            self.stdout.write(f"Interrupted after {last}, {done} of {total}: run the same command again.")
            sys.exit(INTERRUPTED)
        if check and differences:
            sys.exit(1)

    def _tell(self, whose: str, differences: Sequence[Difference], *, room: int) -> None:
        for one in differences[: max(room, 0)]:
            where = f"{whose}: {one.table} {one.row}{f' {one.column}' if one.column else ''}"
            self.stdout.write(f"{where}: stored {one.stored!r}, derived {one.derived!r}")

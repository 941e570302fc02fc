"""`manage.py qualify`: is this installation fit for use (iq), and does it do what it should (oq)?"""

import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from grading.qualification.checks import Tried, grades, installation, record


class Command(BaseCommand):
    help = (
        "Qualify this installation (docs/validation): iq tries what is installed, oq whether it grades as ASTCT says "
        "and whether what is on record holds. One line for each thing tried; exits 1 where one does not hold."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("which", choices=["iq", "oq"])
        parser.add_argument("--no-record", action="store_true", help="oq: the rules alone, nothing of the database")
        parser.add_argument("--out", type=Path, metavar="FILE", help="keep it as JSON too; no such file yet")

    def handle(self, *, which: str, no_record: bool, out: Path | None, **options: Any) -> None:
        at = timezone.now()
        tried = []
        for one in steps(which, at=at, no_record=no_record):
            self.stdout.write(f"{'ok  ' if one.holds else 'FAIL'} {one.name}" + (f" ({one.note})" if one.note else ""))
            tried.append(one)
        failed = sum(not one.holds for one in tried)
        text = json.dumps({"which": which, "at": at.isoformat(), "tried": [one.plain() for one in tried]}, indent=1)
        if out is not None:
            self._keep(out, text)
        self.stdout.write(f"{which}: {len(tried)} tried, {failed} failed; SHA-256 {sha256(text)}")
        if failed:
            sys.exit(1)

    def _keep(self, out: Path, text: str) -> None:
        try:
            with out.open("x", encoding="utf-8") as file:
                file.write(text)
        except OSError as problem:
            raise CommandError(f"{out}: {problem.strerror}") from None


def steps(which: str, *, at: datetime, no_record: bool) -> Iterator[Tried]:
    if which == "iq":
        yield from installation()
        return
    yield from grades()
    if not no_record:
        yield from record(at=at)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

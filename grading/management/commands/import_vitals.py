"""manage.py import_vitals: a file of vital signs into the review queue, as the page does it."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crsmonitor.accounts.models import User
from crsmonitor.error_words import detail_of, fields_of
from crsmonitor.errors import DomainError
from grading.intake.files.selectors import mapping_of, place_for
from grading.intake.files.services import cancel, dry_run, keep_file, queue, take_file
from grading.intake.files.words import FAULTS
from grading.models import IntakeFile
from grading.rules.intake.files.mapping import FileMapping


class Command(BaseCommand):
    help = (
        "Take a CSV file of vital signs into the review queue. Its columns are read as the page read them the last "
        "time at this study and site, or as --mapping says. The same file twice adds nothing; run it again after an "
        "interruption."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--study", metavar="CODE", required=True)
        parser.add_argument("--site", metavar="CODE", required=True)
        parser.add_argument("--by", metavar="NAME", required=True, help="who sends it: sign-in name")
        parser.add_argument("--mapping", metavar="FILE", type=Path, help="JSON: grading/rules/intake/files/mapping.py")
        parser.add_argument("--dry-run", action="store_true", help="say what it would do, and each fault")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._take(**options)
        except DomainError as error:
            texts = [text for some in fields_of(error).values() for text in some]
            raise CommandError("; ".join(texts) or detail_of(error)) from None

    def _take(self, *, file: Path, study: str, site: str, by: str, mapping: Path | None, **options: Any) -> None:
        person = User.objects.filter(username=by, is_active=True).first()
        if person is None:
            raise CommandError(f"no account {by!r}")
        place = place_for(person, study, site)
        chosen = mapping_of(*place) if mapping is None else _mapping_in(mapping)
        if chosen is None:
            raise CommandError("no file was read here before: say --mapping")
        at = timezone.now()
        kept = keep_file(*place, file.read_bytes(), by=person, at=at)
        reading = dry_run(kept, chosen, by=person, at=at, most=None)
        for fault in reading.faults:
            self.stdout.write(f"line {fault.line}, {fault.column or '-'}: {FAULTS[fault.code]}")
        if options["dry_run"]:
            cancel(kept)
            self.stdout.write(f"{len(reading.entries)} lines, {len(reading.faults)} faults; nothing was kept")
            return
        queue(kept, chosen, by=person, at=at)
        waiting = IntakeFile.objects.select_related("study", "site", "sent_by").get(pk=kept.pk)
        take_file(waiting, clock=timezone.now)
        counts = " ".join(f"{name} {count}" for name, count in waiting.counts.items())
        self.stdout.write(f"{waiting.lines_done} of {waiting.lines_in_all} lines: {counts}")


def _mapping_in(path: Path) -> FileMapping:
    try:
        return FileMapping.of(json.loads(path.read_text()))
    except (TypeError, ValueError) as error:
        raise CommandError(f"{path}: {error}") from None

"""Check a packet without a database: every file against its hash, and every grade derived again from its own rows."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from django.core.management.base import BaseCommand, CommandError

from grading.exports.packet.regrading.grades import GRADED, Regrading
from grading.exports.packet.verifying import faults_in


class Command(BaseCommand):
    help = "Check every file of a packet against its manifest, and derive every grade again. Needs no database."
    requires_system_checks: list[str] = []  # Django's

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_: Any) -> None:
        try:
            with file.open("rb") as packet:
                faults = list(faults_in(packet))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        for fault in faults:
            self.stderr.write(str(fault))
        if faults:  # what was changed is not derived from
            raise CommandError(f"{len(faults)} faults in {file.name}; no grade was derived again")
        self.stdout.write(f"{file.name}: every file is as its manifest says")
        self._derive_again(file)

    def _derive_again(self, file: Path) -> None:
        regrading, problems = Regrading(), 0
        with ZipFile(file) as archive:
            for problem in regrading.problems(archive):
                self.stderr.write(str(problem))
                problems += 1
        for dataset in GRADED:
            derived, agreeing = regrading.derived[dataset], regrading.agreeing[dataset]
            self.stdout.write(f"{dataset}: {derived} grades derived again, {agreeing} agree")
        if problems:
            raise CommandError(f"{problems} differences in {file.name}")

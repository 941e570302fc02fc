"""Check a packet without a database: its files against their hashes, its grades and rows of ADCRSP derived again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from django.core.management.base import BaseCommand, CommandError

from grading.exports.packet.regrading.grades import ADCRSP, GRADED, Regrading
from grading.exports.packet.verifying import faults_in


class Command(BaseCommand):
    help = "Check the files of a packet, and derive its grades and the rows of ADCRSP again. Needs no database."
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
        cells, agreeing, columns = regrading.derived[ADCRSP], regrading.agreeing[ADCRSP], len(regrading.columns)
        self.stdout.write(f"{ADCRSP}: {cells} values of {columns} columns derived again, {agreeing} agree")
        for column in regrading.not_derived():
            self.stdout.write(f"{ADCRSP}: not derived: {column}")
        if problems:
            raise CommandError(f"{problems} differences in {file.name}")

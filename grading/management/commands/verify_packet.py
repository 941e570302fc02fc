"""Check a packet without a database: every file against the hashes of its manifest."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from grading.exports.packet.verifying import faults_in


class Command(BaseCommand):
    help = "Check every file of a packet against its manifest. Needs no database."
    requires_system_checks: list[str] = []  # Django's

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_: Any) -> None:
        with file.open("rb") as packet:
            faults = list(faults_in(packet))
        for fault in faults:
            self.stderr.write(str(fault))
        if faults:
            raise CommandError(f"{len(faults)} faults in {file.name}")
        self.stdout.write(f"{file.name}: every file is as its manifest says")

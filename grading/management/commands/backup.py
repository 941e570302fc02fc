"""`manage.py backup FOLDER`: the whole database, in one instant, with what must be in it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone

from crsmonitor.backup import dump
from crsmonitor.backup.programs import BackupFailed


class Command(BaseCommand):
    help = "Take a backup of the database into a new folder inside FOLDER (docs/operating/backup.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where backups are kept; not on the database's own disk")

    def handle(self, *, folder: Path, **options: Any) -> None:
        try:
            taken = dump.take(folder, source=connections["owner"].settings_dict, at=timezone.now())
        except BackupFailed as failed:
            raise CommandError(str(failed)) from None
        self.stdout.write(str(taken))

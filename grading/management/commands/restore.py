"""`manage.py restore FOLDER`: a backup into the empty database of DATABASE_OWNER_URL, its unsent messages held."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone

from crsmonitor.backup import restoring
from crsmonitor.backup.programs import BackupFailed
from grading.alerting.delivery import holds


class Command(BaseCommand):
    help = (
        "Restore a backup into the empty database that DATABASE_OWNER_URL names. What was unsent then is held until "
        "`manage.py held_messages` releases or discards it. Exits 1 where anything differs from the backup's manifest."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder that `manage.py backup` printed")
        parser.add_argument("--reason", required=True, help="kept in the audit trail")

    def handle(self, *, folder: Path, reason: str, **options: Any) -> None:
        owner = connections["owner"]
        try:
            differences = restoring.restore(folder, into=owner.settings_dict)
        except BackupFailed as failed:
            raise CommandError(str(failed)) from None
        call_command("migrate", verbosity=0)  # of an older backup; and the running role gets its rights
        held = holds.hold(by="command:restore", reason=reason, at=timezone.now())
        self.stdout.write(
            f"restored; held until `manage.py held_messages` decides: {sum(held.values())} messages {held}"
        )
        if differences:
            raise CommandError("\n".join(["this is not what was backed up:", *differences]))
        self.stdout.write("next: manage.py upgrade, verify_audit, rederive --check (docs/operating/backup.md)")

"""`manage.py restore_drill`: take a backup, restore it beside the database, and try whether everything is there."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone

from crsmonitor.backup import dump, restoring
from crsmonitor.backup.programs import BackupFailed

NOWHERE = "redis://127.0.0.1:9/0"
SEEN = "--skip-checks"  # of Django, which migrate has made: they import every page, half of what a command takes


class Command(BaseCommand):
    help = (
        "Restore the newest backup (or one taken now) into a database of its own, then: rows of each table as in its "
        "manifest, verify_audit, rederive --check, and a drill's alert into a file. Nothing leaves. Exits 1 where "
        "anything differs, and removes the database again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?", help="a backup; without it, one is taken now")

    def handle(self, *, folder: Path | None, **options: Any) -> None:
        try:
            with tempfile.TemporaryDirectory(prefix="crs-drill-") as place:
                owner = connections["owner"].settings_dict
                backup = folder or dump.take(Path(place), source=owner, at=timezone.now())
                failures = list(self.differences(backup, owner, place=place))
        except BackupFailed as failed:
            raise CommandError(str(failed)) from None
        if failures:
            raise CommandError("\n".join(["the restored database is not the one that was backed up:", *failures]))
        self.stdout.write("the backup can be restored: everything is there")

    def differences(self, backup: Path, owner: dict[str, Any], *, place: str) -> Iterator[str]:
        name = f"{owner['NAME'][:40]}_drill_{os.getpid()}"
        with restoring.scratch(owner, name=name, user=settings.DATABASES["default"]["USER"]) as database:
            yield from restoring.restore(backup, into=database)
            self.stdout.write(f"restored {backup.name}: {sum(restoring.opened(backup).tables.values())} rows")
            for words in (
                ["migrate", "--verbosity", "0"],
                ["verify_audit", SEEN],
                ["rederive", "--check", SEEN],
                ["rehearse_alerts", SEEN],
            ):
                yield from self._try(words, database=name, place=place)

    def _try(self, words: list[str], *, database: str, place: str) -> Iterator[str]:
        """One command, with the restored database for its own and no way out."""
        done = subprocess.run(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), *words],
            env=os.environ | elsewhere(database, place=place), capture_output=True, text=True, check=False,
        )  # fmt: skip
        named = " ".join(word for word in words if word != SEEN)
        last_words = done.stdout.strip().splitlines()[-1:]
        self.stdout.write("\n".join([f"{named}: {'failed' if done.returncode else 'ok'}", *last_words]))
        if done.returncode:
            yield "\n".join([named, *done.stdout.strip().splitlines()[-5:], *done.stderr.strip().splitlines()[-5:]])


def elsewhere(database: str, *, place: str) -> dict[str, str]:
    """The environment of a command on that database: mail becomes files, no gateway, no broker."""
    return {
        "DJANGO_SETTINGS_MODULE": "crsmonitor.settings",
        "DATABASE_URL": _renamed(settings.DATABASE_URL, database),
        "DATABASE_OWNER_URL": _renamed(settings.OWNER_URL, database),
        "REDIS_URL": NOWHERE, "CRS_STATE_DIR": place, "EMAIL_URL": "", "CRS_GATEWAYS": "", "DB_POOL": "0",
        "LOG_LEVEL": "ERROR",
    }  # fmt: skip


def _renamed(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()

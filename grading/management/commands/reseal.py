"""`manage.py reseal`: what is sealed, under the first of CRS_SEALING_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from crsmonitor.accounts.tokens import reseal_shifts
from crsmonitor.security.sealing import CannotOpen
from grading.alerting.services.endpoints import reseal


class Command(BaseCommand):
    help = "Seal again what is kept sealed, under the first of CRS_SEALING_KEYS. Exits 1 where one cannot be opened."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reason", required=True, help="kept in the audit trail")

    def handle(self, *, reason: str, **options: Any) -> None:
        try:
            with transaction.atomic():
                number = reseal(by="command:reseal", reason=reason)
                number += reseal_shifts(by="command:reseal", reason=reason)
        except CannotOpen:
            raise CommandError("A secret opens with none of CRS_SEALING_KEYS: nothing was changed.") from None
        self.stdout.write(f"{number} secrets sealed under the first key")

"""manage.py access_list --day D: who could do what in which study and site on that day, from the audit trail."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from regimens.access import access_on


class Command(BaseCommand):
    help = "Who had access on a day (UTC): study, site, person, role, since, until, acts; tabs between. Empty is all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, required=True, help="YYYY-MM-DD")
        parser.add_argument("--study", help="of this study only, and operators")

    def handle(self, *, day: date, study: str | None, **_: Any) -> None:
        for row in access_on(day):
            if study is None or row.study in ("", study):
                span = [at.isoformat(timespec="seconds") for at in (row.since, row.until)]
                self.stdout.write("\t".join([row.study, row.site, row.person, row.role, *span, ",".join(row.acts)]))

"""manage.py gate_sweep: every transition of the library through the gate, as a table. No database."""

from typing import Any

from django.core.management.base import BaseCommand

from regimens.library.swept import as_markdown, sweep


class Command(BaseCommand):
    help = (
        "Where the gate goes on and where it holds, over every transition of the library: Markdown on standard output."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **_: Any) -> None:
        self.stdout.write(as_markdown(sweep()), ending="")

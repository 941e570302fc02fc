"""`manage.py held_messages`: what waits after a restore, and what becomes of it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from grading.alerting.delivery import holds

ACTS = {"hold": holds.hold, "release": holds.release, "discard": holds.discard}
DONE = {"hold": "held", "release": "released: they leave with the next sweep", "discard": "discarded"}


class Command(BaseCommand):
    help = (
        "Messages that were queued before a restore do not leave until somebody decides. Without a word: how many "
        "wait. `hold`: do so for all that is queued now (after a restore by other means, before workers start). "
        "`release`: let them leave. `discard`: drop them, since they left before or their time is over."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", nargs="?", choices=list(ACTS))
        parser.add_argument("--reason", help="kept in the audit trail")

    def handle(self, *, act: str | None, reason: str | None, **options: Any) -> None:
        if act is None:
            self._say(holds.counts(), "wait for a decision")
        elif not reason:
            raise CommandError("say why: --reason 'restored from last night'")
        else:
            self._say(ACTS[act](by=f"command:held_messages {act}", reason=reason, at=timezone.now()), DONE[act])

    def _say(self, counts: dict[str, int], what: str) -> None:
        by_kind = "".join(f", {count} {name}" for name, count in counts.items())
        self.stdout.write(f"{sum(counts.values())} messages {what}{by_kind}")

"""`manage.py revive_deliveries`: messages that were given up are queued again, once their channel is repaired."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from grading.alerting.delivery import outbox
from grading.alerting.selectors.dead import dead_deliveries


class Command(BaseCommand):
    help = "Queue messages again that were given up. Those of alerts that wait for nobody any more are dropped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--study", metavar="CODE", help="only this study's")
        parser.add_argument("--reason", help="what was repaired; needed unless --dry-run")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        dead = dead_deliveries(study=options["study"])
        if options["dry_run"]:
            for delivery in dead:
                self.stdout.write(f"{delivery.pk} {delivery.channel} {delivery.alert.state} {delivery.failure}")
            self.stdout.write(f"{len(dead)} given up")
            return
        if not options["reason"]:
            raise CommandError("say why: --reason 'mail server repaired'")
        queued, dropped = outbox.revive(dead, reason=options["reason"], at=timezone.now())
        self.stdout.write(f"{queued} queued again, {dropped} dropped: their alerts are over")

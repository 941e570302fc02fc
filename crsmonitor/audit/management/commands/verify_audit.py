"""Check every chain of the audit trail and what it says of the tables, and print the heads to keep somewhere else."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crsmonitor.audit import anchors
from crsmonitor.audit.models import AuditEvent, AuditHead
from crsmonitor.audit.verifying import note, problems

SHOWN = 200  # problems that are written out, however many there are


class Command(BaseCommand):
    help = (
        "Verify the hash chains of the audit trail, that every fact and setting is as the trail says, and that what is "
        "derived is what the facts say. Exits 1 where anything does not hold."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--heads", action="store_true", help="print subject, number and hash of each chain's end")

    def handle(self, *, heads: bool, **options: Any) -> None:
        if heads:
            for head in AuditHead.objects.order_by("subject").iterator():
                self.stdout.write(f"{head.subject}\t{head.seq}\t{head.hash}")
            return
        broken, at = 0, timezone.now()
        for broken, link in enumerate(problems(at=at), start=1):
            if broken <= SHOWN:
                self.stderr.write(f"{link.subject} #{link.seq}: {link.what}")
        note(broken, at=at)
        if broken:
            raise CommandError(f"{broken} broken links")
        anchor = anchors.newest()
        against = "no anchor is kept here" if anchor is None else f"goes on from {anchor.name}"
        self.stdout.write(f"{AuditEvent.objects.count()} events, every chain holds, {against}")

"""Check every chain of the audit trail, and print the heads to keep somewhere else."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crsmonitor.audit.models import AuditEvent, AuditHead
from crsmonitor.audit.selectors import broken_links


class Command(BaseCommand):
    help = "Verify the hash chains of the audit trail. Exits 1 when one does not hold."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--heads", action="store_true", help="print subject, number and hash of each chain's end")

    def handle(self, *, heads: bool, **options: Any) -> None:
        if heads:
            for head in AuditHead.objects.order_by("subject").iterator():
                self.stdout.write(f"{head.subject}\t{head.seq}\t{head.hash}")
            return
        broken = broken_links()
        for link in broken:
            self.stderr.write(f"{link.subject} #{link.seq}: {link.what}")
        if broken:
            raise CommandError(f"{len(broken)} broken links")
        self.stdout.write(f"{AuditEvent.objects.count()} events, every chain holds")

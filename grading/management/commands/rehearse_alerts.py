"""`manage.py rehearse_alerts`, for restore_drill alone: nothing of before leaves, and a drill's message does."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crsmonitor.errors import InvalidInput
from grading.alerting.delivery import channels, holds, outbox
from grading.alerting.selectors.drills import drill_sites
from grading.alerting.services.drills import hold as hold_drill
from grading.models import Channel, Drill, DrillMessage
from regimens.models import Site, Study


class Command(BaseCommand):
    help = "For restore_drill: hold what is unsent, then let a drill's message become a file."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
            raise CommandError("mail would leave this machine: only restore_drill calls this, with EMAIL_URL unset")
        held = holds.hold(by="command:restore_drill", reason="a restored database", at=timezone.now())
        if waiting := outbox.due(at=timezone.now()):
            raise CommandError(f"{len(waiting)} messages of before the restore would leave a second time")
        message = _first_message()
        if message is None:
            self.stdout.write(f"{sum(held.values())} messages held; no site has anybody to tell, so no alert was tried")
            return
        claimed = outbox.claim(str(message.pk), at=timezone.now())
        if claimed is None:
            raise CommandError("a drill's message was queued and no worker may take it")
        channels.send(claimed, at=timezone.now())
        outbox.mark_sent(claimed, at=timezone.now())
        mailed = "".join(path.read_text() for path in Path(settings.EMAIL_FILE_PATH).iterdir())
        if message.key not in mailed:
            raise CommandError("a drill's message left and did not arrive")
        self.stdout.write(f"{sum(held.values())} messages held; a drill's alert was queued, sent and has arrived")


def _first_message() -> DrillMessage | None:
    """By mail, of the first site where somebody would be told. None: there is none."""
    for study in Study.objects.order_by("pk"):
        for site in drill_sites(study, code=None):
            drill = _drill(study, site)
            message = drill and drill.messages.filter(channel=Channel.EMAIL.value, contact=None).first()
            if message:
                return message
    return None


def _drill(study: Study, site: Site) -> Drill | None:
    try:
        return hold_drill(study, site, by="restore_drill", reason="a restored database", at=timezone.now())
    except InvalidInput:
        return None

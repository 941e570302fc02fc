"""Django's command, as an act that the audit trail knows."""

from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from crsmonitor.audit.acting import acting


class Command(createsuperuser.Command):
    def handle(self, *args: Any, **options: Any) -> str | None:
        with acting(by="command:createsuperuser", reason="administrator made on the server"):
            return super().handle(*args, **options)

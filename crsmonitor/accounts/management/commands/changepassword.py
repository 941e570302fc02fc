"""Django's command, as an act that the audit trail knows."""

from typing import Any

from django.contrib.auth.management.commands import changepassword

from crsmonitor.audit.acting import acting


class Command(changepassword.Command):
    def handle(self, *args: Any, **options: Any) -> str | None:
        with acting(by="command:changepassword", reason="password set on the server"):
            return super().handle(*args, **options)

"""Django's command, as an act that the audit trail knows. Its holder changes it at the first sign-in."""

from typing import Any

from django.contrib.auth.management.commands import changepassword

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting


class Command(changepassword.Command):
    def handle(self, *args: Any, **options: Any) -> str | None:
        with acting(by="command:changepassword", reason="password set on the server"):
            answer = super().handle(*args, **options)
            User.objects.filter(username=options["username"]).update(must_change_password=True)
            return answer

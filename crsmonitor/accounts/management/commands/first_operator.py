"""Make the one account that a server without a study needs, and print how to sign in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting

NAME = "operator"
PASSWORD = "set-up-first"  # noqa: S105 - printed on the screen, and refused in production
WHY = "the first operator of an empty server"


class Command(BaseCommand):
    help = "Make the first operator of an empty server, for a look at setting up. In production: createsuperuser."

    def handle(self, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Not for production: everybody knows this password. Use createsuperuser.")
        if not User.objects.filter(is_staff=True, is_active=True).exists():
            with acting(by="command:first_operator", reason=WHY):
                User.objects.create_superuser(NAME, f"{NAME}@demo.example", PASSWORD)
        self.stdout.write(f"No demo. Sign in as the operator and set up the first study; password {PASSWORD}:")
        self.stdout.write(f"  {NAME}")

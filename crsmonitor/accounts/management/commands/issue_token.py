"""Issue a key for a machine that acts as a user."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crsmonitor.accounts.models import ApiToken, TokenScope, User
from crsmonitor.accounts.tokens import MOST_DAYS
from crsmonitor.audit.acting import acting


class Command(BaseCommand):
    help = "Issue an API key for USER and print it. It is shown this once; only its hash is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", metavar="USER", help="sign-in name")
        parser.add_argument("--label", required=True, help="what the key is for, at most 80 characters")
        parser.add_argument("--scope", nargs="+", required=True, choices=TokenScope.values, help="what the key may do")
        parser.add_argument("--days", type=int, required=True, help=f"how long it lasts: 1 to {MOST_DAYS}")

    def handle(self, *, user: str, label: str, scope: list[str], days: int, **options: Any) -> None:
        if not 1 <= days <= MOST_DAYS:
            raise CommandError(f"--days is between 1 and {MOST_DAYS}")
        label = label.strip()
        if not 1 <= len(label) <= 80 or not label.isprintable():
            raise CommandError("--label is 1 to 80 printable characters")
        holder = User.objects.filter(username=user, is_active=True).first()
        if holder is None:
            raise CommandError(f"no active user is called {user}")
        at = timezone.now()
        with acting(by="issue_token", reason=f"a key for {label}"):
            token, key = ApiToken.issue(
                user=holder, label=label, scopes=scope, at=at, expires_at=at + timedelta(days=days)
            )
        self.stderr.write(f"token {token.pk} of {holder.get_username()}, until {token.expires_at:%Y-%m-%d %H:%M} UTC")
        self.stdout.write(key)

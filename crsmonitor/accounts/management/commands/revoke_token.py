"""End an API key before its time."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crsmonitor.accounts.models import ApiToken
from crsmonitor.audit.acting import acting


class Command(BaseCommand):
    help = "Revoke the API key with this number, as issue_token printed it. The next request with it is refused."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int, metavar="ID")

    def handle(self, *, id: int, **options: Any) -> None:  # noqa: A002 - the argument's own name
        with acting(by="revoke_token", reason="revoked"):
            ended = ApiToken.objects.filter(pk=id, revoked_at=None).update(revoked_at=timezone.now())
        if not ended:
            raise CommandError(f"no key {id} that could be revoked")
        self.stdout.write(f"token {id} is revoked")

"""Link an account to a person of the single sign-on, who then needs no password here."""

from argparse import ArgumentParser
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from crsmonitor.accounts.models import User
from crsmonitor.audit.events import record_event


class Command(BaseCommand):
    help = "Let the person whom the single sign-on calls SUBJECT (its claim `sub`) in as USER."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", metavar="USER")
        parser.add_argument("subject", metavar="SUBJECT")

    def handle(self, *, user: str, subject: str, **options: Any) -> None:
        holder = User.objects.filter(username=user, is_active=True).first()
        if holder is None:
            raise CommandError(f"no active user is called {user}")
        if SocialAccount.objects.filter(provider=settings.SINGLE_SIGN_ON, uid=subject).exists():
            raise CommandError("this person is linked already")
        SocialAccount.objects.create(user=holder, provider=settings.SINGLE_SIGN_ON, uid=subject)
        record_event("sign_in_linked", by="command:link_sign_in", subject=f"user:{holder.pk}")

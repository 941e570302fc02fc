"""Make the demo trial once, and print how to sign in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from grading.simulation import demo
from regimens.models import Study


class Command(BaseCommand):
    help = "Make the demo trial if it is not there. Never in production: its passwords are printed."

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo trial is not for production: everybody knows its passwords.")
        if not Study.objects.filter(code=demo.STUDY).exists():
            demo.build(at=timezone.now())
        self.stdout.write(f"Demo sign-ins, password {demo.PASSWORD}:")
        for name, role, site in demo.PEOPLE:
            self.stdout.write(f"  {name:<14}{role.value.replace('_', ' ')}, {site or 'all sites'}")

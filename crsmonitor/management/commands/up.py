"""`manage.py up`: the whole product in one command."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from crsmonitor.operating.supervisor import Supervisor


class Command(BaseCommand):
    help = "Run everything in the foreground: database, broker, web, worker, beat. Ctrl-C stops all of it."
    requires_system_checks = []  # some look at the database, which is not started yet

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=int, help="port to listen on (default: 8000, or the next free one)")
        parser.add_argument("--empty", action="store_true", help="without the demo trial: one operator, no study")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("`up` is for demonstration and development: set CRS_MODE=demo (see docker-compose.yml)")
        supervisor = Supervisor(
            base=settings.BASE_DIR, host=options["host"], port=options["port"], empty=options["empty"]
        )  # fmt: skip
        sys.exit(supervisor.run())

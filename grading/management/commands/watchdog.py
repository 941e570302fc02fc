"""`manage.py watch`: looks at the alert loop from outside, without Celery and without the broker.

It mails the operators by itself, once for each trouble, again less and less often, and when it is over; while all is
well it calls a dead man's switch outside, which notices where this process, its machine or its network is gone.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connections
from django.utils import timezone
from django.utils.translation import gettext as _

from crsmonitor.jobs.limited import within
from crsmonitor.logs.lines import say_start
from grading.alerting.delivery.signs_of_life import signs
from grading.alerting.watchdog_words import trouble_text
from grading.rules.alerting.watchdog import Mailed, Telling, Trouble, to_tell, wrong

logger = logging.getLogger(__name__)

LOOK_SECONDS = 10  # a database that does not answer at all is one that is down
PING_SECONDS = 5


class Command(BaseCommand):
    help = "Mail the operators when alerts may not arrive. Runs until it is stopped; --once looks once, for cron."
    requires_system_checks = []  # it starts also where something is wrong

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="look once and say it; exit code 1 where all is not well"
        )
        parser.add_argument("--every", type=float, default=30, metavar="SECONDS", help="how often to look (30)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            troubles = look()
            for trouble in troubles:
                self.stdout.write(trouble_text(trouble))
            raise SystemExit(1 if troubles else 0)
        say_start("watchdog")
        known: Mapping[str, Mailed] = {}
        while True:
            known = self.turn(known)
            time.sleep(options["every"])

    def turn(self, known: Mapping[str, Mailed]) -> Mapping[str, Mailed]:
        """Look and tell. Returns what the operators know now: what could not be mailed is told at the next turn."""
        troubles = look()
        telling = to_tell(known, troubles, at=timezone.now())
        if telling:
            logger.warning("watch: new %s, still %s, over %s", telling.new, telling.still, telling.over)
        if not troubles:
            ping()
        return telling.last_told if not telling or mail(telling) else known


def look() -> Sequence[Trouble]:
    """What is wrong now. A database that is down or hangs is a trouble too."""

    def ask() -> Sequence[Trouble]:
        try:
            at = timezone.now()
            return wrong(signs(at=at), at=at)
        finally:
            connections.close_all()  # of this thread

    try:
        return within(LOOK_SECONDS, ask)
    except (DatabaseError, TimeoutError) as error:
        logger.error("watch: the database does not answer (%s)", type(error).__name__)
        return (Trouble.DATABASE,)


def mail(telling: Telling) -> bool:
    """Whether the mail server took it."""
    bad = telling.new + telling.still
    lines = [*map(trouble_text, bad), *(_("Over: %(what)s") % {"what": trouble_text(one)} for one in telling.over)]
    if not settings.OPERATOR_EMAIL:
        logger.error("watch: OPERATOR_EMAIL is not set, no operator is told")
        return True
    message = EmailMessage(
        subject=_("[crsmonitor] Alerts may not arrive") if bad else _("[crsmonitor] Alerts arrive again"),
        body="\n".join([*lines, "", settings.SITE_URL]) + "\n",
        to=settings.OPERATOR_EMAIL,
    )
    try:
        return bool(message.send())
    except OSError as error:  # smtplib's errors are
        logger.error("watch: the mail server did not take it (%s)", type(error).__name__)
        return False


def ping() -> None:
    """Call the dead man's switch: all is well."""
    if not settings.DEADMAN_URL:
        return
    try:
        httpx.get(settings.DEADMAN_URL, timeout=PING_SECONDS, trust_env=True).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        logger.error("watch: the dead man's switch was not reached (%s)", type(error).__name__)

"""`manage.py drill`: a labelled test alert to the people on the rota now, and a report of who answered and when."""

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from crsmonitor.error_words import detail_of
from crsmonitor.errors import DomainError
from grading.alerting.selectors.drills import Reached, drill_report, drill_sites
from grading.alerting.services.drills import hold
from grading.models import DrillMessage
from regimens.models import Study

NEWEST = 0  # of --report without an id


class Command(BaseCommand):
    help = "Send a test alert to the people on the rota now; where a site has no rota, to whom an alert would tell."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--study", metavar="CODE", help="the study to try")
        parser.add_argument("--site", metavar="CODE", help="only this site; without it, every site of the study")
        parser.add_argument("--reason", default="", help="why, for the record")
        parser.add_argument("--by", default="", metavar="NAME", help="who holds it; without it, the system's user")
        parser.add_argument(
            "--report", nargs="?", type=int, const=NEWEST, metavar="ID",
            help="say who answered a drill and when; without an id, the newest",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if options["report"] is not None:
            self._report(options["report"] or None)
        elif options["study"]:
            self._hold(options)
        else:
            raise CommandError("say which study: --study CODE, or --report")

    def _hold(self, options: dict[str, Any]) -> None:
        study = Study.objects.filter(code=options["study"]).first()
        if study is None:
            raise CommandError(f"no study {options['study']!r}")
        sites = list(drill_sites(study, code=options["site"]))
        if not sites:
            raise CommandError(f"study {study.code} has no such site")
        by, untold = options["by"] or _user(), []
        for site in sites:
            try:
                drill = hold(study, site, by=by, reason=options["reason"], at=timezone.now())
            except DomainError as error:
                untold.append(detail_of(error))
                continue
            people = sorted({message.recipient.username for message in drill.messages.select_related("recipient")})
            self.stdout.write(f"drill {drill.pk}: {study.code} {site.code}, told: {', '.join(people)}")
        if untold:
            raise CommandError("\n".join(untold))

    def _report(self, drill_id: int | None) -> None:
        try:
            drill, people = drill_report(drill_id)
        except DomainError as error:
            raise CommandError(detail_of(error)) from None
        self.stdout.write(f"drill {drill.pk}: {drill.study.code} {drill.site.code}, {drill.at:%Y-%m-%d %H:%M:%S} UTC")
        self.stdout.write(f"held by {drill.by}" + (f": {drill.reason}" if drill.reason else ""))
        for one in people:
            self.stdout.write(f"{one.person.username}: {_how(one)}")
            for message in one.messages:
                self.stdout.write(f"  {_way(message)}")
        answers = sum(one.took is not None for one in people)
        self.stdout.write(f"{len(people)} told, {answers} answered, {len(people) - answers} did not")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return "manage.py drill"


def _how(one: Reached) -> str:
    return "did not answer" if one.took is None else f"answered after {int(one.took.total_seconds())} s"


def _way(message: DrillMessage) -> str:
    if message.sent_at:
        return f"{message.channel}: left at {message.sent_at:%H:%M:%S} UTC"
    return f"{message.channel}: has not left, {message.state}" + (f" ({message.failure})" if message.failure else "")

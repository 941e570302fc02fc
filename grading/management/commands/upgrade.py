"""`manage.py upgrade`: everything that a new version asks of the database, said as it is done. May be run again."""

from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from crsmonitor import __version__, health
from crsmonitor.database import upgrading
from crsmonitor.operating import release
from grading.alerting.selectors.everybody import standing
from grading.policies.selectors import unreadable_policies


class Command(BaseCommand):
    help = (
        "Migrate, give the running role its rights, derive again where the rules have changed since the last upgrade, "
        "read every threshold policy that is in force, and collect static files. People may go on saving meanwhile. "
        "Each step is said; run again, it does what is left. Exits 1 where something needs a person."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-static", action="store_true", help="an image has its files already")
        parser.add_argument("--no-rederive", action="store_true", help="derive by hand, with `manage.py rederive`")

    def handle(self, *, no_static: bool, no_rederive: bool, **options: Any) -> None:
        self._say(f"crsmonitor {__version__}, commit {release.commit()}")
        self._migrate()
        self._read_policies()
        derived = self._rederive(skip=no_rederive)
        if not no_static:
            call_command("collectstatic", interactive=False, verbosity=0)
            self._say("static files: collected")
        if derived:
            upgrading.write_down()
        self._say("done")

    def _migrate(self) -> None:
        missing = health.migrations_missing()
        upgrading.migrate_beside_others(self._say)
        self._say(f"migrated: {', '.join(missing)}" if missing else "migrations: none was missing; rights were given")

    def _read_policies(self) -> None:
        """Before anything is derived by them. Nothing is changed without a person's approval."""
        if complaints := unreadable_policies(at=timezone.now()):
            raise CommandError("\n".join([*complaints, "draft and approve another policy with the version of before"]))
        self._say("policies: each that is in force can be read")

    def _rederive(self, *, skip: bool) -> bool:
        """Whether the projections are of these rules afterwards."""
        if upgrading.rules_of_database() == upgrading.rules_digest():
            self._say("rules: as at the last upgrade, nothing to derive")
            return True
        if not standing(study=None, number=None):
            self._say("rules: there is no participant, nothing to derive")
            return True
        if skip:
            self._say("rules: they have changed. Run `manage.py rederive`, then `manage.py upgrade` again")
            return False
        self._say("rules: they have changed, deriving again")
        call_command("rederive", stdout=self.stdout)
        return True

    def _say(self, words: str) -> None:
        self.stdout.write(f"upgrade: {words}")

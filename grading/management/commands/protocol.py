"""manage.py protocol REGIMEN: a regimen as a protocol appendix, or two of them as a difference."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from grading.dosing.protocol import appendix_of, title_of
from regimens.library.protocol import Section, sections_of
from regimens.library.written import as_html, as_markdown, changes_as_html, changes_as_markdown, differences
from regimens.management.commands.load_regimen import document_named
from regimens.models import Regimen, Study
from regimens.services.versions import version_in_force

PAGE = {"markdown": as_markdown, "html": as_html}
CHANGES = {"markdown": changes_as_markdown, "html": changes_as_html}


class Command(BaseCommand):
    help = (
        "Print a regimen as a protocol appendix (English). With --study: its own version, with the observation plan, "
        "the edit checks, the gate and the threshold policy in force. A regimen of the library needs no database."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "regimen", help="an id of the library or a YAML file; with --study, its code or CODE:VERSION"
        )
        parser.add_argument("--study", help="the study's code: its own version, the newest or the one named")
        parser.add_argument("--variant", help="one region's label alone: US, EU, CH")
        parser.add_argument("--format", choices=list(PAGE), default="markdown")
        parser.add_argument("--against", help="an earlier regimen, named in the same way: print what becomes different")

    def handle(
        self,
        *args: Any,
        regimen: str,
        study: str | None,
        variant: str | None,
        format: str,  # noqa: A002  the option is called so
        against: str | None,
        **_: Any,
    ) -> None:
        title, sections = _named(regimen, study, variant)
        if against is None:
            self.stdout.write(PAGE[format](title, sections))
            return
        title_before, before = _named(against, study, variant)
        self.stdout.write(CHANGES[format](f"{title_before} to {title}", differences(before, sections)))


def _named(name: str, study: str | None, variant: str | None) -> tuple[str, list[Section]]:
    """Title and sections. Of the library or a file: the document alone, since no study has chosen a policy for it."""
    try:
        if study is None:
            document = document_named(name)
            return document.data["title"], sections_of(document, variant)
        version = _version(name, study)
        return title_of(version), appendix_of(version, variant=variant, at=timezone.now())
    except KeyError as error:
        raise CommandError(f"no variant {error} in this regimen") from None


def _version(name: str, study: str) -> Regimen:
    trial = Study.objects.filter(code=study).first()
    if trial is None:
        raise CommandError(f"no study {study!r}")
    code, _, number = name.partition(":")
    if number and not number.isdecimal():
        raise CommandError(f"{name}: CODE or CODE:VERSION is needed")
    version = trial.regimens.filter(code=code, version=int(number)).first() if number else version_in_force(trial, code)
    if version is None:
        raise CommandError(f"{study} has no regimen {name!r}")
    return version

"""manage.py load_regimen FILE|ID --study CODE: check a regimen, show what it changes, keep it as a draft.

A draft is approved by page, by an investigator who signs: nobody signs through a command.
"""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crsmonitor.error_words import detail_of
from crsmonitor.errors import DomainError
from regimens.library import BadDocument, Document, as_json, names, plan_of, read
from regimens.library.protocol import sections_of
from regimens.library.written import differences
from regimens.models import Regimen, Study
from regimens.selectors import LOOKS, WINDOW, missing_for_enrolment
from regimens.services.drafting import draft
from regimens.services.versions import (
    RISK_WINDOW,
    OwnPlan,
    document_of,
    looks_by_step,
    newest_version,
    version_in_force,
)

BY = "command:load_regimen"
FIRST = "the study's first version"


def document_named(given: str) -> Document:
    """The library's regimen of this id, or the one in this file. Raises CommandError with every place."""
    try:
        return read(given if given in names() else Path(given))
    except BadDocument as error:
        places = "\n".join(f"{given}: {problem}" for problem in error.problems)
        raise CommandError(places) from None
    except OSError as error:
        library = ", ".join(names())
        raise CommandError(f"{given}: {error.strerror}; the library holds: {library}") from None


class Command(BaseCommand):
    help = "Draft a regimen of the library, or a study's own: a new version, with what it changes shown."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("regimen", help="a YAML file, or the id of a regimen of the library")
        parser.add_argument("--study", help="the study's code")
        parser.add_argument("--variant", default="", help="the region whose label is followed: US, EU, CH")
        parser.add_argument("--reason", default="", help="why; an amendment needs one")
        for option, most in (("--vitals-every-h", 99), ("--neuro-every-h", 99), ("--risk-window-h", 32767)):
            parser.add_argument(
                option, type=_hours(most), metavar="H", help="after every step for which the file does not say it"
            )
        parser.add_argument("--check", action="store_true", help="check and show, change nothing")

    def handle(
        self, *args: Any, regimen: str, study: str | None, variant: str, reason: str, check: bool, **options: Any
    ) -> None:
        document = document_named(regimen)
        if variant and variant not in document.data.get("variants", {}):
            known = ", ".join(sorted(document.data.get("variants", {}))) or "none"
            raise CommandError(f"{regimen}: variants: no variant {variant!r}; there are: {known}")
        if study is None:
            if not check:
                raise CommandError("say for which --study, or --check the file alone")
            self.stdout.write(f"{document.id}: checked, nothing is wrong with it")
            return
        trial = _study(study)
        if not variant and plan_of(document).labels_differ:
            known = ", ".join(sorted(document.data["variants"]))
            raise CommandError(f"{regimen}: the labels differ, say with --variant which is followed: {known}")
        before = newest_version(trial, document.id)
        looks = {name: options[name] for name in LOOKS if options.get(name) is not None}
        if before is not None and not self._tell(before, document, variant) and not looks:
            stays = "a draft" if before.approved_at is None else "in force"
            self.stdout.write(f"{trial.code}: nothing changes, {before} stays {stays}")
            return
        try:
            if check:
                looks_by_step(document, before=version_in_force(trial, document.id), own=OwnPlan(looks=looks))
                self.stdout.write(f"{trial.code}: checked, nothing written")
                return
            made = draft(
                study=trial, document=document, variant=variant, by=BY, reason=reason or ("" if before else FIRST),
                at=timezone.now(), own=OwnPlan(looks=looks),
            )  # fmt: skip
        except DomainError as error:
            hint = f" ({_ASKED[RISK_WINDOW]})" if error.message.code == "risk_windows_lacking" else ""
            raise CommandError(detail_of(error) + hint) from None
        self.stdout.write(f"{trial.code}: {made} drafted, {made.steps.count()} steps; an investigator approves it")
        for name, steps in missing_for_enrolment(made).items():
            self.stdout.write(f"! not ready to enrol: {name} of {', '.join(steps)} ({_ASKED[name]})")

    def _tell(self, before: Regimen, document: Document, variant: str) -> bool:
        """Say what would become different. False: nothing."""
        was = document_of(before)
        if was is None:
            self.stdout.write(f"! {before} was set up by hand: there is no file to compare with")
            return True
        changes = [str(change) for change in differences(sections_of(was), sections_of(document))]
        if before.variant != variant:
            changes.insert(0, f"~ variant: {before.variant or 'none'} -> {variant or 'none'}")
        for line in changes:
            self.stdout.write(line)
        return bool(changes) or was.data != as_json(document.data)


def _study(code: str) -> Study:
    trial = Study.objects.filter(code=code).first()
    if trial is None:
        known = ", ".join(Study.objects.order_by("code").values_list("code", flat=True)) or "none"
        raise CommandError(f"no study {code!r}; there are: {known}")
    return trial


_ASKED = {name: f"--{name.replace('_', '-')}, or in the file" for name in LOOKS} | {
    WINDOW: "observation of the region's label, in a file of the study's own"
}


def _hours(most: int) -> Callable[[str], Decimal]:
    """Above 0 and at most so many; of a risk window whole ones."""

    def read_hours(text: str) -> Decimal:
        try:
            hours = Decimal(text)
        except InvalidOperation:
            hours = Decimal(0)
        if not hours.is_finite() or not 0 < hours <= most or hours != round(hours, 2):
            raise ArgumentTypeError(f"{text!r}: hours above 0, at most {most}, with at most two decimals")
        return hours

    return read_hours

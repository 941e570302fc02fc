"""manage.py load_pack STUDY [FILE]: check a threshold pack, show what it changes, bring it into force."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from grading.packs import DEFAULT, differences, read_pack, untold
from grading.rules.alerts import BadPack, read_thresholds
from grading.rules.drugs import pack as drug_pack
from grading.selectors.packs import pack_in_force
from grading.services.packs import load_pack
from regimens.models import Study


class Command(BaseCommand):
    help = "Bring a threshold pack into force for a study, from now on: a new version, with what it changes shown."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study", help="the study's code")
        parser.add_argument(
            "file", nargs="?", type=Path, default=DEFAULT, help="a YAML file; without it, the default pack"
        )
        parser.add_argument("--reason", default="", help="why, for the audit trail")
        parser.add_argument("--dry-run", action="store_true", help="check and show, change nothing")

    def handle(self, *args: Any, study: str, file: Path, reason: str, dry_run: bool, **options: Any) -> None:
        found = Study.objects.filter(code=study).first()
        if found is None:
            known = ", ".join(Study.objects.order_by("code").values_list("code", flat=True)) or "none"
            raise CommandError(f"no study {study!r}; there are: {known}")
        try:
            pack = read_pack(file)
        except BadPack as error:
            raise CommandError(f"{file.name}: {error}") from None
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        now = timezone.now()
        before = pack_in_force(found, at=now)
        changes = differences(read_thresholds(before.thresholds) if before else (), pack.thresholds)
        changes += drug_pack.differences(drug_pack.read_drugs(before.drugs) if before else None, pack.drugs)
        for line in (*changes, *(f"! {line}" for line in untold(pack.thresholds))):
            self.stdout.write(line)
        if before and not changes:
            self.stdout.write(f"{found.code}: nothing changes, v{before.version} stays in force")
            return
        if dry_run:
            self.stdout.write(f"{found.code}: checked, nothing written")
            return
        made = load_pack(pack, study=found, by="command:load_pack", reason=reason or f"load_pack {file.name}", at=now)
        self.stdout.write(f"{found.code}: {made} in force from {now:%Y-%m-%d %H:%M} UTC")

"""manage.py load_policy STUDY [FILE]: checks a policy, shows what it changes, drafts it or brings it into force."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crsmonitor.error_words import detail_of
from crsmonitor.errors import InvalidInput
from grading.policies.error_words import policy_error_text
from grading.policies.library import DEFAULT, Policy, read_policy, untold
from grading.policies.selectors import policy_in_force
from grading.policies.services import draft_policy, load_policy
from grading.rules.alerting.policy.diff import differences
from grading.rules.treatment.policy_numbers import BadPolicy
from regimens.models import Study

BY = "command:load_policy"


class Command(BaseCommand):
    help = (
        "A new version of a study's threshold policy, with what it changes shown. In force from now on, drafted and "
        "approved by whoever runs this; with --draft, an investigator of the study approves it on its page."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study", help="the study's code")
        parser.add_argument(
            "file", nargs="?", type=Path, default=DEFAULT, help="a YAML file; without it, the default policy"
        )
        parser.add_argument("--reason", default="", help="why, for the version and the audit trail")
        parser.add_argument("--draft", action="store_true", help="only draft it: nobody is told by it until approved")
        parser.add_argument("--dry-run", action="store_true", help="check and show, change nothing")

    def handle(
        self, *args: Any, study: str, file: Path, reason: str, draft: bool, dry_run: bool, **options: Any
    ) -> None:  # fmt: skip
        trial = study_of(study)
        policy = policy_of(file)
        now = timezone.now()
        before = policy_in_force(trial, at=now)
        changes = differences(before.data if before else {}, policy.data)
        lines = [line for change in changes for line in change.lines]
        for line in (*lines, *(f"! {line}" for line in untold(policy.thresholds))):
            self.stdout.write(line)
        if before and not changes:
            self.stdout.write(f"{trial.code}: nothing changes, v{before.version} stays in force")
            return
        if dry_run:
            self.stdout.write(f"{trial.code}: checked, nothing written")
            return
        do, reason = draft_policy if draft else load_policy, reason.strip() or f"load_policy {file.name}"
        try:
            made = do(policy, study=trial, by=BY, reason=reason, at=now)
        except InvalidInput as error:
            raise CommandError(detail_of(error)) from None
        state_text = "drafted, not in force" if draft else f"in force from {now:%Y-%m-%d %H:%M} UTC"
        self.stdout.write(f"{trial.code}: {made} {state_text}")


def study_of(code: str) -> Study:
    """The study of this code. Raises CommandError with those that there are."""
    study = Study.objects.filter(code=code).first()
    if study is None:
        known = ", ".join(Study.objects.order_by("code").values_list("code", flat=True)) or "none"
        raise CommandError(f"no study {code!r}; there are: {known}")
    return study


def policy_of(file: Path) -> Policy:
    """The policy in a file. Raises CommandError with the place of a mistake."""
    try:
        return read_policy(file)
    except BadPolicy as error:
        raise CommandError(f"{file.name}: {error.where}: {policy_error_text(error)}") from None
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None

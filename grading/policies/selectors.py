"""Threshold policies: which is in force, and the versions that a user may see."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.errors import NotFound
from grading.models import AlertPolicy
from grading.rules.alerting.policy.conditions import read_conditions
from grading.rules.alerting.policy.thresholds import read_thresholds
from grading.rules.treatment.drug_rules import DrugRules, read_drugs
from grading.rules.treatment.policy_numbers import BadPolicy
from regimens.models import Study
from regimens.selectors import studies_for


def policy_in_force(study: Study, *, at: datetime) -> AlertPolicy | None:
    """The threshold policy that came into force last. None: the study has none, and nobody is told."""
    policies = AlertPolicy.objects.filter(study=study, in_force_from__lte=at)
    return policies.order_by("-in_force_from", "-version").first()


def policies_in_force(studies: Iterable[int], *, at: datetime) -> dict[int, AlertPolicy]:
    """The same for several studies, by their keys; one without is left out."""
    policies = AlertPolicy.objects.filter(study__in=studies, in_force_from__lte=at)
    return {one.study_id: one for one in policies.order_by("study", "-in_force_from", "-version").distinct("study")}


def drug_rules(study: Study, *, at: datetime) -> DrugRules | None:
    """What that policy says of drugs. None: nothing, and nothing is computed."""
    policy = policy_in_force(study, at=at)
    return None if policy is None else read_drugs(policy.drugs)


def unreadable_policies(*, at: datetime) -> list[str]:
    """For an upgrade: policies in force that this version's rules do not read, each with its place and code."""
    in_force = [policy_in_force(study, at=at) for study in Study.objects.order_by("code")]
    return [words for policy in in_force if policy is not None for words in _complaints(policy)]


def _complaints(policy: AlertPolicy) -> list[str]:
    try:
        read_thresholds(policy.thresholds)
        read_conditions(policy.thresholds, drugs=read_drugs(policy.drugs))
    except BadPolicy as bad:
        return [f"{policy.study.code} version {policy.version} cannot be read: {bad.args[0]} ({bad.args[1]})"]
    return []


def policies_for(user: User) -> QuerySet[AlertPolicy]:
    """Every version in the user's studies, drafts too, the newest first."""
    policies = AlertPolicy.objects.filter(study__in=studies_for(user))
    return policies.select_related("study", "drafted_by", "approved_by").order_by("study__code", F("version").desc())


def policy_for(user: User, policy_id: int) -> AlertPolicy:
    """One of them. Raises NotFound for a stranger."""
    policy = policies_for(user).filter(pk=policy_id).first()
    if policy is None:
        raise NotFound("no_such_policy")
    return policy

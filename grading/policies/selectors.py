"""Threshold policies: which is in force, and the versions that a user may see."""

from datetime import datetime

from django.db.models import F, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.errors import NotFound
from grading.models import AlertPolicy
from grading.rules.treatment.drug_rules import DrugRules, read_drugs
from regimens.models import Study
from regimens.selectors import studies_for


def policy_in_force(study: Study, *, at: datetime) -> AlertPolicy | None:
    """The threshold policy that came into force last. None: the study has none, and nobody is told."""
    policies = AlertPolicy.objects.filter(study=study, in_force_from__lte=at)
    return policies.order_by("-in_force_from", "-version").first()


def drug_rules(study: Study, *, at: datetime) -> DrugRules | None:
    """What that policy says of drugs. None: nothing, and nothing is computed."""
    policy = policy_in_force(study, at=at)
    return None if policy is None else read_drugs(policy.drugs)


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

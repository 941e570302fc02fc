"""How long the drugs of a study's participants can hide a fever: by the policy that was in force when each was given.

A version that comes into force later leaves what was derived before it as it was.
"""

from datetime import datetime, timedelta
from functools import cached_property

from grading.models import AlertPolicy, Treatment
from grading.rules.treatment.drug_rules import read_drugs
from grading.rules.treatment.masking_hours import Masking, MaskingRule, hides_for


def masking_rules(drugs: object) -> tuple[MaskingRule, ...]:
    """Of the drug rules of a policy, as stored. Empty: it has none."""
    rules = read_drugs(drugs)
    return () if rules is None else rules.masking


class Masks:
    """Of one study. The policies are read when a drug is first asked about."""

    def __init__(self, study_id: int) -> None:
        self.study_id = study_id

    @cached_property
    def _versions(self) -> list[tuple[datetime, tuple[MaskingRule, ...]]]:
        policies = AlertPolicy.objects.filter(study_id=self.study_id, in_force_from__isnull=False)
        versions = policies.order_by("in_force_from", "version").values_list("in_force_from", "drugs")
        return [(since, masking_rules(drugs)) for since, drugs in versions if since is not None]

    def lasts(self, treatment: Treatment) -> timedelta | None:
        """None: the policy says nothing of it, and the default of its class holds."""
        at = treatment.observed_at
        rules = next((rules for since, rules in reversed(self._versions) if since <= at), ())
        return hides_for(rules, drug=treatment.drug, masking=Masking(treatment.acts_as))

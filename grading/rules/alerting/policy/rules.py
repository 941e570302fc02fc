"""A policy as the rules read it: each part when it is first asked for, and once. Pure."""

from functools import cached_property

from grading.rules.alerting.policy.conditions import Condition, read_conditions
from grading.rules.alerting.policy.thresholds import Threshold, is_condition, read_thresholds
from grading.rules.treatment.drug_rules import DrugRules, read_drugs


class PolicyRules:
    """What its sections say, as stored. Raises BadPolicy where a part that is asked for cannot be read."""

    def __init__(self, thresholds: list[object], drugs: object) -> None:
        self._thresholds, self._drugs = thresholds, drugs

    @cached_property
    def thresholds(self) -> tuple[Threshold, ...]:
        return read_thresholds(self._thresholds)

    @cached_property
    def has_conditions(self) -> bool:
        """So that something may come due."""
        return any(map(is_condition, self._thresholds))

    @cached_property
    def drugs(self) -> DrugRules | None:
        return read_drugs(self._drugs)

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Those that are in force."""
        return tuple(one for one in read_conditions(self._thresholds, drugs=self.drugs) if one.is_in_force)

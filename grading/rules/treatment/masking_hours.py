"""How long a drug can hide a fever, by a study's policy: never shorter than the default of its class. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from grading.rules.drugs.names import AGENTS, reading
from grading.rules.treatment.policy_numbers import BadPolicy, Bounds, number


class Masking(StrEnum):
    """Drug classes that can hide a fever."""

    ANTIPYRETIC = "antipyretic"
    ANTICYTOKINE = "anticytokine"
    CORTICOSTEROID = "corticosteroid"


# How long each class can hide a fever. Local setting, no source: chosen long, since a fever thought masked
# is asked about and a fever not thought of is missed. A study may set its own.
MASKING_HOURS = {Masking.ANTIPYRETIC: 8, Masking.CORTICOSTEROID: 72, Masking.ANTICYTOKINE: 21 * 24}
MOST_HOURS = 1440  # 60 days: against slips of the pen
_MASKS = {masking.value for masking in Masking}


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskingRule:
    """`code`: a class of drugs that can hide a fever, or one drug of such a class by its generic name."""

    code: str
    hours: Decimal
    source: str


def class_of_rule(code: str) -> Masking | None:
    """None: neither a class that can hide a fever nor a drug of one."""
    named = AGENTS[code].entered_as if code in AGENTS else code
    return Masking(named) if named in _MASKS else None


def read_masking_rule(code: object, hours: object, source: str, where: str) -> MaskingRule:
    """Raises BadPolicy: a fever that is thought masked is asked about, so that a policy may only lengthen it."""
    masking = class_of_rule(code) if isinstance(code, str) else None
    if masking is None:
        known = [name for name, agent in AGENTS.items() if agent.entered_as in _MASKS]
        raise BadPolicy(f"{where}.code", "policy_one_of", choices=", ".join([*sorted(_MASKS), *known]))
    read = number(hours, f"{where}.hours", Bounds(MASKING_HOURS[masking], MOST_HOURS))
    return MaskingRule(code=str(code), hours=Decimal(str(read)), source=source)


def hides_for(rules: Iterable[MaskingRule], *, drug: str, masking: Masking) -> timedelta | None:
    """By the rule of this drug, else of its class. None: the policy has none, and the default of the class holds."""
    hours = {rule.code: rule.hours for rule in rules}
    lasts_h = hours.get(reading(drug).drug or "", hours.get(masking.value))
    return None if lasts_h is None else timedelta(minutes=int(lasts_h * 60))

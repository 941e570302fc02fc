"""The doses that are one tap: computed from the policy in force for this participant, and nothing without a source."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from grading.models import CurrentState
from grading.policies.selectors import drug_rules
from grading.rules.drugs.names import TOCILIZUMAB
from grading.rules.treatment.steroids import ladder_at
from grading.treatment.selectors.drugs import TocilizumabLedger
from regimens.models import Participant


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseKey:
    """`indication`: what the policy gives it for; empty: it gives it for more than one thing."""

    drug: str
    dose: Decimal
    unit: str
    indication: str = ""
    capped: bool = False


def dose_keys(participant: Participant, ledger: TocilizumabLedger, *, at: datetime) -> list[DoseKey]:
    """Tocilizumab for the weight on record, then the steroids of the grades as they stand. Empty: nothing is known."""
    keys = [*_tocilizumab(ledger), *_steroids(participant, at=at)]
    return list(dict.fromkeys(keys))


def _tocilizumab(ledger: TocilizumabLedger) -> Iterator[DoseKey]:
    expected = ledger.expected
    if expected is not None and expected.mg is not None:
        yield DoseKey(drug=TOCILIZUMAB, dose=expected.mg, unit="mg", capped=expected.capped)


def _steroids(participant: Participant, *, at: datetime) -> Iterator[DoseKey]:
    rules = drug_rules(participant.study, at=at)
    state = CurrentState.objects.filter(participant=participant).first()
    if rules is None or state is None:
        return
    for kind in ("crs", "icans"):
        grade = getattr(state, f"{kind}_at_least", None)
        for step in ladder_at(rules.ladder, kind=kind, grade=grade) if grade else ():
            yield DoseKey(drug=step.drug, dose=step.dose, unit=step.unit, indication=kind)

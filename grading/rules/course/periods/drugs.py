"""The drugs of a dose period: what was given, how much, and when first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from grading.rules.drugs.names import TOCILIZUMAB
from grading.rules.treatment.indication import is_premedication, is_prophylaxis, treats_syndrome
from grading.rules.treatment.premedication import PREMEDICATION_WITHIN
from grading.rules.treatment.steroids import dexamethasone_mg
from regimens.rules.elapsed import hours, two_decimals


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodDrug:
    at: datetime
    drug: str
    drug_class: str
    indication: str
    dose: Decimal | None
    unit: str


@dataclass(kw_only=True)
class Given:
    """The drugs of a period; totals are made of all of them."""

    tocilizumab_doses: int = 0
    tocilizumab_mg: Decimal | None = None
    tocilizumab_first_at: datetime | None = None
    tocilizumab_prophylaxis: bool = False
    steroid_dexamethasone_mg: Decimal | None = None
    steroid_first_at: datetime | None = None
    steroid_premedication: bool = False
    steroid_premedication_mg: Decimal | None = None
    other_anticytokine: bool = False

    def add_up(self, drugs: Sequence[PeriodDrug], *, dosed_at: datetime) -> None:
        """All drugs given inside the period and in the hours before its dose, in order of time."""
        inside = [d for d in drugs if d.at >= dosed_at]
        treating = [d for d in inside if treats_syndrome(d.indication)]
        toci = [d for d in treating if d.drug == TOCILIZUMAB]
        self.tocilizumab_doses = len(toci)
        self.tocilizumab_first_at = toci[0].at if toci else None
        self.tocilizumab_mg = _total(d.dose if d.unit == "mg" else None for d in toci)
        self.tocilizumab_prophylaxis = any(d.drug == TOCILIZUMAB and is_prophylaxis(d.indication) for d in inside)
        self.other_anticytokine = any(d.drug_class == "anticytokine" and d.drug != TOCILIZUMAB for d in treating)
        steroids = [d for d in treating if d.drug_class == "corticosteroid"]
        self.steroid_first_at = steroids[0].at if steroids else None
        self.steroid_dexamethasone_mg = _total(_dexamethasone_mg(d) for d in steroids)
        before = [
            d
            for d in drugs
            if d.drug_class == "corticosteroid"
            and is_premedication(d.indication)
            and dosed_at - PREMEDICATION_WITHIN <= d.at <= dosed_at
        ]
        self.steroid_premedication = bool(before)
        self.steroid_premedication_mg = _total(_dexamethasone_mg(d) for d in before)


@dataclass(kw_only=True)
class GivenFlags:
    """The same as the export says it. None: nobody looked or treated, so that nothing given is not known either."""

    tocilizumab_flag: bool | None = None
    tocilizumab_n: int | None = None
    tocilizumab_h: Decimal | None = None
    prophylaxis_flag: bool | None = None
    steroid_flag: bool | None = None
    premedication_flag: bool | None = None
    anticytokine_flag: bool | None = None

    def answer(self, given: Given, *, looked: bool, dosed_at: datetime) -> None:
        """What is known of the drugs. `looked`: a set or an assessment is of this period."""
        first = given.tocilizumab_first_at
        known = looked or given.tocilizumab_doses > 0 or given.steroid_first_at is not None
        self.tocilizumab_flag = _answer(given.tocilizumab_doses > 0, known)
        self.tocilizumab_n = given.tocilizumab_doses if known else None
        self.tocilizumab_h = None if first is None else hours(first - dosed_at)
        self.prophylaxis_flag = _answer(given.tocilizumab_prophylaxis, known)
        self.steroid_flag = _answer(given.steroid_first_at is not None, known)
        self.premedication_flag = _answer(given.steroid_premedication, known)
        self.anticytokine_flag = _answer(given.other_anticytokine, known)


def _answer(recorded: bool, known: bool) -> bool | None:
    return recorded if recorded or known else None


def _dexamethasone_mg(given: PeriodDrug) -> Decimal | None:
    return dexamethasone_mg(given.drug, given.dose, given.unit)


def _total(doses: Iterable[Decimal | None]) -> Decimal | None:
    """The sum; None where there is nothing to add or one of them is not known: a part is not a total."""
    known = list(doses)
    if not known or any(dose is None for dose in known):
        return None
    return two_decimals(sum((dose for dose in known if dose is not None), Decimal(0)))

"""From the contract's fields to what the numerics take: the hazard that holds, and its periods."""

from collections.abc import Iterable

from regimens.design import parameters
from regimens.design.contract.shared import LAST_PERIOD_D, DoseAt, HazardGiven
from regimens.design.doses import DosePeriod, periods_of
from regimens.design.parameters import Drug, Hazard


def hazard_of(drug: Drug, given: HazardGiven | None) -> Hazard:
    """The one given replaces the drug's: without effects of CAR-T or prophylaxis."""
    if given is None:
        assert drug.hazard is not None
        return drug.hazard
    return parameters.given_hazard(
        smax_per_d=given.smax_per_d,
        s50_ug_ml=given.s50_ug_ml,
        hill=parameters.HILL if given.hill is None else given.hill,
        kin_per_d=parameters.KIN_PER_D if given.kin_per_d is None else given.kin_per_d,
        i50_ug_ml=given.i50_ug_ml,
    )


def dose_periods(doses: Iterable[DoseAt], horizon_d: float | None, last_period_d: float | None) -> list[DosePeriod]:
    last = LAST_PERIOD_D if last_period_d is None else last_period_d
    return periods_of((dose.t_d for dose in doses), horizon_d, last)

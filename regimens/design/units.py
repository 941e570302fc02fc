"""One unit a quantity inside: days, mg, L, ug/mL (which is mg/L). Everything else is turned here, once."""

HOURS_PER_DAY = 24.0
UG_PER_MG = 1000.0
NG_PER_UG = 1000.0  # so ug/mL to ng/mL
AVOGADRO = 6.02214076e23
PM_PER_M = 1e12


def days(hours: float) -> float:
    return hours / HOURS_PER_DAY


def ng_ml(ug_ml: float) -> float:
    return ug_ml * NG_PER_UG


def ng_ml_of_pm(pm: float, mw_kda: float) -> float:
    """1 pM of 1 kDa is 1 fg/uL, 0.001 ng/mL."""
    return pm * mw_kda / 1000


def pm_of_ng_ml(ng: float, mw_kda: float) -> float:
    return ng * 1000 / mw_kda


def pm_of_receptors(cells_per_ml: float, receptors_per_cell: float) -> float:
    """What receptors on cells would be as a dissolved concentration."""
    return cells_per_ml * 1e3 * receptors_per_cell / AVOGADRO * PM_PER_M

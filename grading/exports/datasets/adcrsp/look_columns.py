"""Columns of ADCRSP: vital signs and support."""

from grading.exports.datasets.adcrsp import sql
from grading.exports.datasets.adcrsp.sql import so_far
from grading.exports.datasets.dataset import Column

_READINGS = "over standing readings in the period; below 30 C is missing"
_BASELINE = "Last valid reading in [-24 h, 0] of this dose"
_RAN = (
    "Recorded start to stop, two at once counted once; to the cut while the period is open; null where a stop is "
    "missing in a period that is over;"
)

# fmt: off
VITALS: tuple[Column, ...] = (
    Column("TEMPMAX", "Max Temperature", "N", "C", _READINGS, "VS.TEMP", "period.temperature_max_c", "core",
           concept="C174446"),
    Column("SBPMIN", "Min Systolic BP", "N", "mmHg", _READINGS, "VS.SYSBP", "period.sbp_min", "core", concept="C25298"),
    Column("DBPMIN", "Min Diastolic BP", "N", "mmHg", _READINGS, "VS.DIABP", "period.dbp_min", concept="C25299"),
    Column("MAPMIN", "Min Mean Arterial Pressure", "N", "mmHg",
           f"{_READINGS}; of a set without an entered mean (SBP + 2 x DBP) / 3, to one decimal: MAPCOMFL", "VS.MAP",
           "period.mean_pressure_min", concept="C49679"),
    Column("MAPCOMFL", "Min Mean Arterial Pressure Computed Flag", "C1", "Y/N",
           "Y: MAPMIN was made of the other two pressures; N: it was entered, also where both are as low", "sponsor",
           "period.mean_pressure_min_computed"),
    Column("HRMAX", "Max Heart Rate", "N", "beats/min", _READINGS, "VS.HR", "period.heart_rate_max", concept="C49677"),
    Column("RRMAX", "Max Respiratory Rate", "N", "breaths/min", _READINGS, "VS.RESP",
           "period.respiratory_rate_max", concept="C49678"),
    Column("SPO2MIN", "Min Oxygen Saturation", "N", "%", _READINGS, "VS.OXYSAT", "period.spo2_min", "core",
           concept="C60832"),
    Column("TEMPMXH", "Time to Max Temperature", "N", "h", "First time of TEMPMAX from ASPRSDTM", "VS",
           "period.temperature_max_h"),
    Column("FEVHRS", "Hours with Fever", "N", "h",
           "Sum of intervals between two readings of 38.0 or more that follow each other in the period, each capped at "
           "8 h; 0: none such; null where no temperature was read", "VS", "period.fever_h"),
    Column("TEMPBL", "Baseline Temperature", "N", "C", f"{_BASELINE}; below 30 C is missing",
           "VS, ABLFL per subperiod", "period.temperature_before_c", concept="C174446"),
    Column("SBPBL", "Baseline Systolic BP", "N", "mmHg", _BASELINE, "VS, ABLFL per subperiod",
           "period.sbp_before", concept="C25298"),
    Column("SPO2BL", "Baseline Oxygen Saturation", "N", "%", _BASELINE, "VS, ABLFL per subperiod",
           "period.spo2_before", concept="C60832"),
)
SUPPORT: tuple[Column, ...] = (
    Column("O2MAXN", "Max Oxygen Device Level (N)", "N", "0-6",
           "0 air 1 low-flow NC/blow-by 2 simple mask 3 Venturi/NRB 4 HFNC 5 CPAP/BiPAP 6 invasive", "PR",
           "period.oxygen_level_max", "core"),
    Column("O2MAXC", "Max Oxygen Device", "C40", "", "Decode of O2MAXN", "PR.PRTRT/PRDECOD", "period.oxygen_max",
           "core"),
    Column("O2FLMAX", "Max Oxygen Flow", "N", "L/min", "Over the sets of the period; 0 where O2MAXN is 0", "PR.PRDOSE",
           sql.OXYGEN_FLOW),
    Column("FIO2MAX", "Max Fraction of Inspired Oxygen", "N", "%",
           "Over the sets of the period that say it; room air alone says none", "VS.FIO2", "period.fio2_max_percent",
           concept="C38082"),
    Column("O2HRS", "Hours on Oxygen", "N", "h",
           f"{_RAN} 0 without one where every device in the sets is room air", "PR",
           so_far("oxygen")),
    Column("VASOPN", "Max Concurrent Vasopressors", "N", "",
           "Distinct vasopressors in one set; vasopressin and inotropes do not count", "CM", "period.vasopressors_max",
           "core"),
    Column("VASOVFL", "Vasopressin Given Flag", "C1", "Y/N", "In any set that says which vasopressors ran", "CM",
           "period.vasopressin_given"),
    Column("VASOHRS", "Hours on Any Vasopressor", "N", "h",
           f"{_RAN} 0 without one where the sets say that none ran", "CM",
           so_far("vasopressor")),
    Column("BOLUSFL", "IV Fluid Bolus Flag", "C1", "Y/N", "In any set that says whether one was given", "CM",
           "period.bolus_given"),
)
# fmt: on

"""The columns of ADCRSP as the other rows of its packet give them, by the names of the dictionary.

Each is a function of one dose period, that gives UNKNOWN where the packet does not tell this cell. The columns of
`NOT_DERIVED` are never told, each for its reason: `verify_packet` names both.
"""

from collections.abc import Callable
from datetime import UTC
from decimal import Decimal
from statistics import median
from typing import Any

from grading.exports.packet.regrading.cells import UNKNOWN, PeriodCells
from grading.rules.course.periods.dosing import NEXT_DOSE
from grading.rules.grades.graded import VERSION
from regimens.rules.dose import total_mg
from regimens.rules.elapsed import hours, two_decimals

NOT_DERIVED = {
    "COHORT": "who was put into which cohort leaves no ward",
    "DOSCHKFL": "confirmations by a second person are in no other data set",
    "RELDEVC": "releases of doses are in no other data set",
    **dict.fromkeys(
        ("CRSSERFL", "CRSOUT", "CRSACN", "NXDELFL"),
        "what investigators say of an episode as an event is in no other data set",
    ),
    "QRYOPENN": "queries are in no other data set",
    "SIGNDTM": "signatures of observation windows are in no other data set",
    "LSTMODTM": "it moves with records of which no data set tells when they came in",
}
# Of times that are told to the second or the hundredth, where what they are made of is finer.
WITHIN = {"ALRTMEDM": Decimal("0.01"), "DOSDLYH": Decimal("0.01")}


Cell = Callable[[PeriodCells], Any]


def _of_dose(name: str) -> Cell:
    return lambda one: one.dose.text(name)


def _of_row(name: str) -> Cell:
    return lambda one: getattr(one.row, name)


def _of_given(value: Cell) -> Cell:
    """Null where the dose was not given."""
    return lambda one: value(one) if one.is_given else None


def _by_ice(value: Cell) -> Cell:
    return _of_given(lambda one: value(one) if one.subject.text("NEUROIN") == "ICE" else None)


def _at_site(value: Cell) -> Cell:
    """Where a dose was not given, the participant may have been elsewhere at its planned time."""
    return lambda one: value(one) if one.is_given else UNKNOWN


def _delay(one: PeriodCells) -> Any:
    if not one.dose.text("PLANDTM"):
        return UNKNOWN  # by the plan of the regimen
    return hours(one.row.started_at - one.dose.instant("PLANDTM"))


def _longest_gap(one: PeriodCells) -> Any:
    row = one.row
    if row.window_ends_at is None:
        return None
    since, until = row.last_vitals_at or row.started_at, min(row.window_ends_at, one.ended_at)
    return row.longest_gap_h if since >= until else max(row.longest_gap_h or Decimal(0), hours(until - since))


def _next_delay(one: PeriodCells) -> Any:
    return None if one.is_open or one.later is None else one.later.text("DOSDLYH")


def _total_mg(one: PeriodCells) -> Any:
    return total_mg(one.dose.value("ADOSE"), one.dose.text("DOSEU"), weight_kg=one.weight)


def _risk_complete(one: PeriodCells) -> Any:
    if not one.dose.text("RISKWH"):
        return UNKNOWN if not one.dose.text("STEPNUM") else None
    return one.row.risk_ends_at <= one.cut if one.is_open else one.row.risk_complete


def _censored(one: PeriodCells) -> Any:
    if not one.dose.text("RISKWH") and not one.dose.text("STEPNUM") and one.row.ended_by != NEXT_DOSE:
        return UNKNOWN
    if one.is_open:
        return None if one.row.risk_ends_at is None else one.row.risk_ends_at > one.cut
    return one.row.censored


def _with_crs(one: PeriodCells) -> Any:
    if not one.row.icans_final_any:
        return None
    after = one.row.icans_after_crs
    return after is not None and after <= one.concurrence


def _study_day(one: PeriodCells) -> Any:
    assert one.first_day is not None  # of this dose, or of an earlier one
    return (one.row.started_at.astimezone(one.zone).date() - one.first_day).days + 1


def _observed_percent(one: PeriodCells) -> Any:
    looked, expected = one.counted("ON TIME", "LATE"), one.expected("VITALS")
    if expected is UNKNOWN:
        return UNKNOWN
    return two_decimals(Decimal(100 * looked) / expected) if expected else None


def _phase(one: PeriodCells) -> Any:
    return UNKNOWN if one.period.phase is None else one.period.phase


def _first_part(one: PeriodCells) -> Any:
    return one.period.first_part  # None, as it is withheld, where no step is told


def _country(one: PeriodCells) -> Any:
    return one.subject.text("COUNTRY") if one.dose.text("SITEID") == one.subject.text("SITEID") else UNKNOWN


def _status(one: PeriodCells) -> str:
    return "OPEN" if one.is_open else "SIGNED" if one.written.text("SIGNDTM") else "COMPLETE"


def _oxygen_flow(one: PeriodCells) -> Any:
    return 0 if one.row.oxygen_level_max == 0 else one.row.oxygen_flow_max_l_min


def _usubjid(one: PeriodCells) -> str:
    return f"{one.study}-{one.subject.text('SITEID')}-{one.subject.text('SUBJID')}"


# fmt: off
DERIVED: dict[str, Cell] = {
    # Whose, and under which plan
    "STUDYID": lambda one: one.study, "USUBJID": _usubjid, "SUBJID": lambda one: one.subject.text("SUBJID"),
    "SITEID": _at_site(_of_dose("SITEID")), "COUNTRY": _at_site(_country), "TZ": _at_site(_of_dose("TZ")),
    "REGIMEN": _of_dose("REGIMEN"), "REGVER": _of_dose("REGVER"),
    # The dose
    "DOSENUM": _of_row("dose_number"), "APERIOD": lambda one: 1, "ASPER": _of_row("dose_number"),
    "STEPDOSN": _first_part, "ASPERC": _of_dose("ASPERC"), "APHASE": _phase, "PDOSE": _of_dose("PDOSE"),
    "ADOSE": lambda one: one.dose.value("ADOSE"), "DOSEU": _of_dose("DOSEU"), "ADOSEMG": _of_given(_total_mg),
    "DOSWT": _of_given(lambda one: one.weight), "ROUTE": _of_dose("ROUTE"), "DOSSTAT": _of_dose("DOSSTAT"),
    "ASPRSDTM": _of_given(lambda one: one.local(one.row.started_at)), "DOSENDTM": _of_dose("AENDTM"),
    "ASPRSDT": _of_given(lambda one: one.day_number(one.row.started_at)),
    "ASPREDT": _of_given(lambda one: one.day_number(one.ended_at)),
    "ASPREDTM": _of_given(lambda one: one.local(one.ended_at)), "ASPRSDY": _of_given(_study_day),
    "PERDURH": _of_given(lambda one: hours(one.ended_at - one.row.started_at)),
    "PERENDC": _of_given(lambda one: "DATA CUT" if one.is_open else one.row.ended_by),
    "CENSFL": _of_given(_censored), "RISKWCFL": _of_given(_risk_complete), "DOSDLYH": _of_given(_delay),
    "PREMSTFL": _of_row("premedication_flag"), "SETTING": _of_row("setting"),
    # CRS
    "CRSFL": _of_row("crs_final_any"), "CRSCARFL": _of_row("crs_final_carried"),
    "CRSEPN": _of_row("crs_final_episodes"), "CRSRECFL": _of_row("crs_final_recurrent"),
    "CRSMAXGR": _of_row("crs_final_grade"), "CRSMAXAG": _of_row("crs_max_grade"),
    "CRSADJFL": _of_row("crs_adjusted"), "CRSMAXUP": _of_row("crs_at_most"), "CRSPRVFL": _of_row("crs_unjudged"),
    "CRSPKGR": _of_row("crs_final_peak"), "CRSRJDFL": _of_row("crs_judge_again"),
    "CRSONDT": lambda one: one.day_number(one.row.crs_final_onset_at),
    "CRSENDT": lambda one: one.day_number(one.row.crs_final_resolved_at),
    "CRSONDTM": lambda one: one.local(one.row.crs_final_onset_at), "CRSONH": _of_row("crs_onset_h"),
    "CRSMXH": _of_row("crs_max_h"), "CRSENDTM": lambda one: one.local(one.row.crs_final_resolved_at),
    "CRSDURH": lambda one: one.lasted("crs", "duration_h"),
    "CRSDUR1H": lambda one: one.lasted("crs", "first_duration_h", most=1), "CRSONGFL": _of_row("crs_final_ongoing"),
    # Vital signs and support
    "TEMPMAX": _of_row("temperature_max_c"), "SBPMIN": _of_row("sbp_min"), "DBPMIN": _of_row("dbp_min"),
    "MAPMIN": _of_row("mean_pressure_min"), "MAPCOMFL": _of_row("mean_pressure_min_computed"),
    "HRMAX": _of_row("heart_rate_max"), "RRMAX": _of_row("respiratory_rate_max"), "SPO2MIN": _of_row("spo2_min"),
    "TEMPMXH": _of_row("temperature_max_h"), "FEVHRS": _of_row("fever_h"), "TEMPBL": _of_row("temperature_before_c"),
    "SBPBL": _of_row("sbp_before"), "SPO2BL": _of_row("spo2_before"), "O2MAXN": _of_row("oxygen_level_max"),
    "O2MAXC": _of_row("oxygen_max"), "O2FLMAX": _oxygen_flow, "FIO2MAX": _of_row("fio2_max_percent"),
    "O2HRS": lambda one: one.so_far("oxygen"), "VASOPN": _of_row("vasopressors_max"),
    "VASOVFL": _of_row("vasopressin_given"), "VASOHRS": lambda one: one.so_far("vasopressor"),
    "BOLUSFL": _of_row("bolus_given"),
    # Treatment
    "TOCIFL": _of_row("tocilizumab_flag"), "TOCIN": _of_row("tocilizumab_n"),
    "TOCIMG": lambda one: one.total(one.row.tocilizumab_flag, "tocilizumab_mg"),
    "TOCIONH": _of_row("tocilizumab_onset_h"), "TOCIDSH": _of_row("tocilizumab_h"),
    "TOCIPRFL": _of_row("prophylaxis_flag"), "STERFL": _of_row("steroid_flag"),
    "STERDXMG": lambda one: one.total(one.row.steroid_flag, "steroid_dexamethasone_mg"),
    "STPRDXMG": lambda one: one.total(one.row.premedication_flag, "steroid_premedication_mg"),
    "STERONH": _of_row("steroid_onset_h"), "OACYTFL": _of_row("anticytokine_flag"),
    # ICANS
    "ICNFL": _of_row("icans_final_any"), "ICNMAXGR": _of_row("icans_final_grade"),
    "ICNRJDFL": _of_row("icans_judge_again"), "ICNMAXAG": _of_row("icans_max_grade"),
    "ICNONH": _of_row("icans_onset_h"), "ICNDURH": lambda one: one.lasted("icans", "duration_h"),
    "ICNCRSFL": _with_crs, "ICEMIN": _of_row("ice_min"), "ICEBL": _by_ice(_of_row("ice_before")),
    "CAPDMAX": _of_row("capd_max"), "SEIZFL": _of_row("seizure_seen"),
    # Hospital
    "HOSPH": lambda one: one.so_far("hospital"), "ICUH": lambda one: one.so_far("icu"),
    "ICUFL": lambda one: None if (time := one.so_far("icu")) is None else time > 0,
    "NXDELH": _of_given(_next_delay),
    # How well it was looked after
    "OBSEXPN": _of_given(lambda one: one.expected("VITALS")), "OBSRECN": _of_given(lambda one: one.counted("ON TIME")),
    "OBSLATEN": _of_given(lambda one: one.counted("LATE")), "OBSMISN": _of_given(lambda one: one.counted("MISSED")),
    "OBSPCT": _of_given(_observed_percent), "MAXGAPH": _of_given(_longest_gap),
    "ICEEXPN": _by_ice(lambda one: one.expected("NEURO")), "ICERECN": _by_ice(_of_row("ice_recorded")),
    "DEVICEN": _of_given(_of_row("imported_readings")), "CORRN": _of_given(lambda one: one.corrections),
    "ALRTN": _of_given(lambda one: len(one.alerts)), "ALRTACKN": _of_given(lambda one: len(one.minutes)),
    "ALRTMEDM": lambda one: median(one.minutes) if one.minutes else None,
    "ALRTMAXM": lambda one: max(one.minutes, default=None),
    "ALRTESCN": _of_given(lambda one: sum(row.whole("ESCALN") != 0 for row in one.alerts)),
    # Where the row comes from
    "PERSTAT": _of_given(_status),
    "GRADVER": lambda one: f"ASTCT2019/{VERSION}",
    "CUTDTM": lambda one: one.cut.astimezone(UTC).isoformat(timespec="seconds"),
}
# fmt: on

"""The columns of ADCRSP: one table that makes the header, the rows and the data dictionary."""

from dataclasses import dataclass

from grading.exports import sql
from grading.exports.sql import by_ice, expected, flag, given, hours, local, open_or, so_far, spent
from grading.rules.grades.graded import VERSION


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: C with its length, N, or DT. `sql` reads the value. `need`: key, core or empty."""

    name: str
    label: str
    kind: str
    unit: str
    derivation: str
    mapping: str
    sql: str
    need: str = ""

    @property
    def is_text(self) -> bool:
        return self.kind.startswith("C")


_READINGS = "over standing readings in the period; below 30 C is missing"
_RAN = (
    "Recorded start to stop, two at once counted once; to the cut while the period is open; null where a stop is "
    "missing in a period that is over;"
)
_LOOKED = "null when nothing was recorded in the period"

# Of the columns and what they mean. 2.0: CRSPRVFL, CRSPKGR, CRSRJDFL, ICNRJDFL; CRSFL and CRSMAXGR are empty while a
# provisional episode is unjudged; a judgement holds while the computed grade is not above the one that was judged.
# 2.2: OTHER COHORT in RELDEVC; the columns of UNBLINDING are empty in a blinded study.
DATASET_VERSION = "2.2"

# fmt: off
COLUMNS: tuple[Column, ...] = (
    # Who and under which plan
    Column("STUDYID", "Study Identifier", "C20", "", "Study code", "DM.STUDYID", "cut.study", "key"),
    Column("USUBJID", "Unique Subject Identifier", "C40", "",
           "STUDYID-site of enrolment-SUBJID; the pseudonymous study number, the same after a transfer",
           "DM.USUBJID", "period.usubjid", "key"),
    Column("SUBJID", "Subject Identifier for the Study", "C20", "", "Study number as entered", "DM.SUBJID",
           "period.subject_number"),
    Column("SITEID", "Study Site Identifier", "C10", "", "Site where the dose was given", "DM.SITEID",
           "period.site_code", "core"),
    Column("COUNTRY", "Country", "C3", "", "ISO 3166 alpha-3 of the site", "DM.COUNTRY", "period.country"),
    Column("TZ", "Site Time Zone", "C40", "", "IANA name; the zone of all DT columns but CUTDTM and LSTMODTM",
           "sponsor", "period.time_zone", "core"),
    Column("REGIMEN", "Regimen Code", "C20", "", "Regimen under which this dose was given", "sponsor",
           "period.regimen_code", "core"),
    Column("REGVER", "Regimen Definition Version", "C20", "", "Version of that regimen, frozen since its first dose",
           "sponsor", "period.regimen_version"),
    # The dose
    Column("DOSENUM", "Dose Number (Dose Period)", "N", "",
           "1..n by actual start, a dose not given by its planned time", "ASPER; EX.EXSEQ order", "period.dose_number",
           "key"),
    Column("APERIOD", "Period", "N", "", "Always 1: a regimen has one treatment period", "ADaM APERIOD", "1"),
    Column("ASPER", "Subperiod within Period", "N", "", "DOSENUM", "ADaM ASPER", "period.dose_number"),
    Column("ASPERC", "Subperiod within Period (C)", "C40", "",
           "Label of the step, its short one where it has more than 40 characters", "ADaM ASPERC; EX.EXCAT/VISIT",
           "period.step_label", "core"),
    Column("APHASE", "Phase", "C20", "",
           "STEP-UP | TREATMENT (target dose) | RE-START (a step-up dose after a dose of a later step)",
           "ADaM APHASE", "period.phase", "core"),
    Column("PDOSE", "Planned Dose", "N", "DOSEU",
           "From the regimen version, for the participant's cohort and the last weight up to the dose; null where it "
           "doses by cohort and the participant is in none, without a weight that it needs, and in another unit",
           "EC.ECDOSE (planned) / EXPLDOS", "period.planned_dose", "core"),
    Column("ADOSE", "Actual Dose", "N", "DOSEU", "Amount given, in the unit entered", "EX.EXDOSE",
           "period.dose_amount", "core"),
    Column("DOSEU", "Dose Unit", "C12", "", "mg | ug | mg/kg | ug/kg", "EX.EXDOSU", "period.dose_unit", "core"),
    Column("DOSCHKFL", "Dose Confirmed by a Second Person", "C1", "",
           "Y where somebody else than who recorded this version of the dose confirmed it on their own session by the "
           "cut; N otherwise; null where none was given", "SUPPEX (sponsor)", sql.CONFIRMED),
    Column("ROUTE", "Route", "C20", "", "SUBCUTANEOUS | INTRAVENOUS", "EX.EXROUTE", "period.dose_route"),
    Column("DOSSTAT", "Dose Status", "C20", "",
           "GIVEN | PARTIAL | INTERRUPTED | NOT GIVEN; the last carries nulls below", "EC.ECOCCUR/ECREASOC",
           "period.dose_status", "core"),
    Column("ASPRSDTM", "Dose Start (Period Start)", "DT", "datetime", "Actual dose start", "EX.EXSTDTC / ADaM PxxSwSDM",
           "period.started_local", "core"),
    Column("DOSENDTM", "Dose End", "DT", "datetime", "End of infusion; the start for a subcutaneous dose", "EX.EXENDTC",
           sql.DOSE_ENDED),
    Column("ASPREDTM", "Period End", "DT", "datetime",
           "min(next dose start, end of observation, death, data cut); the period is half-open", "ADaM PxxSwEDM",
           open_or(local("cut.at", "period.time_zone"), "period.ended_local"), "core"),
    Column("ASPRSDY", "Study Day of Dose", "N", "d", "1 = date of the first dose given, both in the site's zone",
           "EX.EXSTDY", "period.study_day"),
    Column("PERDURH", "Period Length", "N", "h", "Elapsed hours from ASPRSDTM to ASPREDTM", "derived",
           open_or(hours("period.started_at", "cut.at"), "period.length_h"), "core"),
    Column("PERENDC", "Reason Period Ended", "C20", "",
           "NEXT DOSE | DATA CUT | END OBSERVATION | DISCONTINUED | DEATH | LOST", "DS",
           sql.ENDED_BY, "core"),
    Column("CENSFL", "Censored Period Flag", "C1", "Y/N",
           "Y: PERENDC is not NEXT DOSE and the risk window was not completed; null where the step names no window",
           "derived", sql.CENSORED, "core"),
    Column("RISKWCFL", "Risk Window Completed Flag", "C1", "Y/N",
           "Y: the period lasted at least the step's risk window; null where the step names none", "derived",
           sql.RISK_COMPLETE),
    Column("DOSDLYH", "Delay vs Planned Dose Time", "N", "h", "Actual minus planned start", "EC/EX",
           "period.delay_h"),
    Column("RELDEVC", "Release Deviation", "C20", "",
           "NOT RELEASED: no release stood since the dose before | OTHER STEP: the newest was of another step | "
           "EVENT SINCE: CRS or ICANS began or was worse since | OTHER COHORT: the participant was put into another "
           "cohort since | OTHER TIME: given more than 1 h before or 24 h after the time released for; null: given as "
           "released, or the regimen has no rules on file", "DV",
           "period.release_deviation"),
    Column("PREMSTFL", "Steroid Premedication Flag", "C1", "Y/N",
           f"Corticosteroid as premedication in the 24 h up to the dose; {_LOOKED}", "CM",
           "period.premedication_flag"),
    # CRS
    Column("CRSFL", "Any CRS Flag", "C1", "Y/N",
           "Y: an episode began in the period, one whose final grade is 0 not counted. N: none, and one set at least "
           "left no doubt. Else null, also while a provisional episode that nobody has judged could make it Y",
           "AE/ADCRS", "period.crs_final_any", "core"),
    Column("CRSCARFL", "CRS Ongoing from Earlier Period Flag", "C1", "Y/N",
           f"An earlier episode was still open at this dose; not counted in CRSFL; {_LOOKED}, and while only a "
           "provisional episode was", "AE", "period.crs_final_carried", "core"),
    Column("CRSEPN", "Number of CRS Episodes", "N", "",
           "Episodes with onset in the period, counted as in CRSFL; null while one is unjudged", "ADCRS",
           "period.crs_final_episodes", "core"),
    Column("CRSRECFL", "Recurrent CRS Flag", "C1", "Y/N", "Y: CRSFL is Y and CRS began in an earlier period", "derived",
           "period.crs_final_recurrent", "core"),
    Column("CRSMAXGR", "Max ASTCT CRS Grade", "N", "0-5",
           "Max FINAL grade of those episodes: the central reviewer's, else the investigator's, while the computed "
           "grade is not above the one they judged; else CRSMAXAG; 0: none. Null while a provisional episode that "
           "nobody has judged could be higher", "RS/FA->ADCRS AVAL; AETOXGR", "period.crs_final_grade", "core"),
    Column("CRSMAXAG", "Max ASTCT CRS Grade (Computed)", "N", "0-5",
           "Engine grade before any change by a person, a set with data missing counting as its least grade; "
           "0: none; 5: recorded death", "RS origin Derived", "period.crs_max_grade"),
    Column("CRSADJFL", "CRS Grade Changed by Investigator Flag", "C1", "Y/N",
           "CRSMAXGR<>CRSMAXAG, by the investigator or the central reviewer; flags, times and hours of CRS and ICANS "
           "follow the final grade, CRSMAXAG, CRSMAXUP and ICNMAXAG stay computed",
           "sponsor", "period.crs_adjusted"),
    Column("CRSMAXUP", "Max ASTCT CRS Grade, Upper Bound", "N", "0-5",
           "The grade CRSMAXAG could be, were what was not looked at as bad as possible and a provisional episode CRS",
           "sponsor", "period.crs_at_most"),
    Column("CRSPRVFL", "Unjudged Provisional CRS Flag", "C1", "Y/N",
           "Y: hypotension or hypoxia that may be CRS (a provisional episode began in the period or was open at its "
           f"dose) and nobody has judged it, or it has worsened since; {_LOOKED}", "sponsor",
           "period.crs_unjudged", "core"),
    Column("CRSPKGR", "Peak ASTCT CRS Grade in Period", "N", "0-5",
           "Highest grade reached in the period by any episode, one carried in from an earlier period too; a final "
           "grade counts where the maximum was reached. Null where nobody looked, and while an unjudged provisional "
           "episode could be higher", "RS/FA", "period.crs_final_peak", "core"),
    Column("CRSRJDFL", "CRS To Be Judged Again Flag", "C1", "Y/N",
           "Y: the computed grade of an episode of the period is above the one that was judged, and nobody has judged "
           "again: the computed grade is final; null without a judgement of CRS", "sponsor",
           "period.crs_judge_again"),
    Column("CRSONDTM", "First CRS Onset", "DT", "datetime", "Onset of the first episode in the period", "AE.AESTDTC",
           "period.crs_onset_local", "core"),
    Column("CRSONH", "CRS Onset from Dose Start", "N", "h", "CRSONDTM - ASPRSDTM", "derived (LDOSEDTM)",
           "period.crs_onset_h", "core"),
    Column("CRSMXH", "Time to First Max CRS Grade", "N", "h", "From ASPRSDTM", "derived",
           "period.crs_max_h"),
    Column("CRSENDTM", "Last CRS Resolution", "DT", "datetime", "First set of the time observed free; null if not over",
           "AE.AEENDTC", "period.crs_resolved_local"),
    Column("CRSDURH", "CRS Duration, All Episodes", "N", "h",
           "Sum of end - onset, beyond the period's end too; an episode not over counts to the cut", "ADCRS.ADURN",
           spent("crs", "duration_h"), "core"),
    Column("CRSDUR1H", "CRS Duration, First Episode", "N", "h", "As CRSDURH, the first episode alone", "ADCRS.ADURN",
           spent("crs", "first_duration_h", first="1")),
    Column("CRSONGFL", "CRS Ongoing at Period End Flag", "C1", "Y/N",
           "An episode of the period was not over at ASPREDTM",
           "AE.AEENRTPT", "period.crs_final_ongoing",
           "core"),
    # Vital signs
    Column("TEMPMAX", "Max Temperature", "N", "C", _READINGS, "VS.TEMP", "period.temperature_max_c", "core"),
    Column("SBPMIN", "Min Systolic BP", "N", "mmHg", _READINGS, "VS.SYSBP", "period.sbp_min", "core"),
    Column("DBPMIN", "Min Diastolic BP", "N", "mmHg", _READINGS, "VS.DIABP", "period.dbp_min"),
    Column("MAPMIN", "Min Mean Arterial Pressure", "N", "mmHg", _READINGS, "VS.MAP",
           "period.mean_pressure_min"),
    Column("HRMAX", "Max Heart Rate", "N", "beats/min", _READINGS, "VS.HR", "period.heart_rate_max"),
    Column("RRMAX", "Max Respiratory Rate", "N", "breaths/min", _READINGS, "VS.RESP",
           "period.respiratory_rate_max"),
    Column("SPO2MIN", "Min Oxygen Saturation", "N", "%", _READINGS, "VS.OXYSAT", "period.spo2_min", "core"),
    Column("TEMPMXH", "Time to Max Temperature", "N", "h", "First time of TEMPMAX from ASPRSDTM", "VS",
           "period.temperature_max_h"),
    # Support
    Column("O2MAXN", "Max Oxygen Device Level (N)", "N", "0-6",
           "0 air 1 low-flow NC/blow-by 2 simple mask 3 Venturi/NRB 4 HFNC 5 CPAP/BiPAP 6 invasive", "PR",
           "period.oxygen_level_max", "core"),
    Column("O2MAXC", "Max Oxygen Device", "C40", "", "Decode of O2MAXN", "PR.PRTRT/PRDECOD", "period.oxygen_max",
           "core"),
    Column("O2FLMAX", "Max Oxygen Flow", "N", "L/min", "Over the sets of the period", "PR.PRDOSE",
           "period.oxygen_flow_max_l_min"),
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
    # Treatment
    Column("TOCIFL", "Tocilizumab Given Flag", "C1", "Y/N", f"Given in the period for CRS or ICANS; {_LOOKED}", "CM",
           "period.tocilizumab_flag", "core"),
    Column("TOCIN", "Tocilizumab Doses", "N", "", f"As TOCIFL; {_LOOKED}", "CM",
           "period.tocilizumab_n", "core"),
    Column("TOCIMG", "Tocilizumab Total", "N", "mg", "Sum of the doses entered in mg", "CM.CMDOSE",
           "period.tocilizumab_mg"),
    Column("TOCIONH", "First Tocilizumab from CRS Onset", "N", "h", "First dose - CRSONDTM; negative if before onset",
           "CM", "period.tocilizumab_onset_h", "core"),
    Column("TOCIDSH", "First Tocilizumab from Dose Start", "N", "h", "First dose - ASPRSDTM", "CM",
           "period.tocilizumab_h"),
    Column("TOCIPRFL", "Tocilizumab Prophylaxis Flag", "C1", "Y/N", f"As prophylaxis, not in TOCIFL; {_LOOKED}",
           "CM.CMINDC", "period.prophylaxis_flag"),
    Column("STERFL", "Corticosteroid for CRS/ICANS Flag", "C1", "Y/N", f"Given in the period as treatment; {_LOOKED}",
           "CM", "period.steroid_flag", "core"),
    Column("STERDXMG", "Cumulative Steroid, Dexamethasone Equiv", "N", "mg",
           "Treatment only, doses entered in mg or g: dexamethasone and betamethasone 1, methylprednisolone and "
           "triamcinolone 0.1875, prednisone and prednisolone 0.15, hydrocortisone 0.0375", "CM derived",
           "period.steroid_dexamethasone_mg", "core"),
    Column("STPRDXMG", "Premedication Steroid, Dex Equiv", "N", "mg",
           "Corticosteroid as premedication in the 24 h up to this dose, converted as STERDXMG", "CM derived",
           "period.steroid_premedication_mg"),
    Column("STERONH", "First Steroid from CRS Onset", "N", "h", "First treatment dose - CRSONDTM", "CM",
           "period.steroid_onset_h"),
    Column("OACYTFL", "Other Anticytokine Therapy Flag", "C1", "Y/N",
           f"Anakinra, siltuximab, ... for CRS or ICANS; {_LOOKED}", "CM", "period.anticytokine_flag"),
    # ICANS
    Column("ICNFL", "Any ICANS Flag", "C1", "Y/N", "As CRSFL, from the neurological assessments", "AE",
           "period.icans_final_any", "core"),
    Column("ICNMAXGR", "Max ASTCT ICANS Grade", "N", "0-5", "As CRSMAXGR", "RS/FA", "period.icans_final_grade",
           "core"),
    Column("ICNRJDFL", "ICANS To Be Judged Again Flag", "C1", "Y/N", "As CRSRJDFL, of ICANS", "sponsor",
           "period.icans_judge_again"),
    Column("ICNMAXAG", "Max ASTCT ICANS Grade (Computed)", "N", "0-5", "As CRSMAXAG", "RS", "period.icans_max_grade"),
    Column("ICNONH", "ICANS Onset from Dose Start", "N", "h", "Onset of the first episode - ASPRSDTM", "derived",
           "period.icans_onset_h", "core"),
    Column("ICNDURH", "ICANS Duration", "N", "h", "As CRSDURH", "derived", spent("icans", "duration_h"),
           "core"),
    Column("ICNCRSFL", "ICANS Concurrent with CRS Flag", "C1", "Y/N",
           "ICANS began during CRS or within the study's days (default 7) after it; null without ICANS", "derived",
           sql.ICANS_WITH_CRS),
    Column("ICEMIN", "Min ICE Score", "N", "0-10", "Of assessments with all items", "FT", "period.ice_min", "core"),
    Column("CAPDMAX", "Max CAPD Score", "N", "0-32", "Where the participant is assessed by CAPD", "RS",
           "period.capd_max"),
    # Hospital
    Column("HOSPH", "Hospital Hours", "N", "h", "Overlap of stays with the period; null when no stay is recorded", "HO",
           so_far("hospital"), "core"),
    Column("ICUFL", "ICU Stay Flag", "C1", "Y/N", "ICUH above 0", "HO",
           flag(f"{so_far('icu')} > 0")),
    Column("ICUH", "ICU Hours", "N", "h", "As HOSPH, intensive care alone", "HO",
           so_far("icu"), "core"),
    # Data quality
    Column("OBSEXPN", "Observations Expected", "N", "",
           "Slots of the period looked at, excused or over by the cut; null where the step plans none or the window's "
           "clock has not started", "schedule", expected("vitals"), "core"),
    Column("OBSRECN", "Observations Recorded in Window", "N", "",
           "Slots with a set of vital signs in time; where the step plans none, sets in the period", "VS",
           "period.vitals_counted",
           "core"),
    Column("OBSLATEN", "Observations Recorded Late", "N", "",
           "Slots with a set after the grace of the regimen version and before the next slot's time", "VS",
           "period.vitals_late"),
    Column("OBSMISN", "Observations Missed", "N", "", "Slots over by the cut: OBSEXPN-OBSRECN-OBSLATEN-excused",
           "VS STAT=NOT DONE", "period.vitals_missed", "core"),
    Column("OBSPCT", "Observations Recorded", "N", "%", "100*(OBSRECN+OBSLATEN)/OBSEXPN; null where none is expected",
           "derived", f"round(100.0 * (period.vitals_on_time + period.vitals_late)"
                      f" / nullif({expected('vitals')}, 0), 2)"),
    Column("MAXGAPH", "Longest Gap between Vitals", "N", "h",
           "Between sets, and from the dose to the first, inside the inpatient window of the step; null without one",
           "VS", "period.longest_gap_h", "core"),
    Column("ICEEXPN", "ICE Assessments Expected", "N", "", "As OBSEXPN, of neuro slots; null under CAPD", "schedule",
           by_ice(expected("neuro"))),
    Column("ICERECN", "ICE Assessments Recorded", "N", "",
           "Assessments in the period with all items of the ICE, planned or not; null under CAPD", "FT",
           by_ice("period.ice_recorded")),
    Column("ALRTN", "Alerts Fired", "N", "", "Raised by the cut for a set of the period, withdrawn ones too",
           "sponsor (XL)", given("coalesce(alerts.fired, 0)"), "core"),
    Column("ALRTACKN", "Alerts Acknowledged", "N", "", "Of those, answered by the cut, also where the answer lapsed",
           "sponsor (XL)", given("coalesce(alerts.acknowledged, 0)"), "core"),
    Column("ALRTMEDM", "Median Minutes to Acknowledge", "N", "min", "Of ALRTACKN, from raised to the first answer",
           "sponsor (XL)", "alerts.median_min", "core"),
    Column("ALRTMAXM", "Max Minutes to Acknowledge", "N", "min", "As ALRTMEDM", "sponsor (XL)",
           "alerts.longest_min"),
    Column("ALRTESCN", "Alerts Escalated", "N", "",
           "Of ALRTN, those that by the cut were called on for beyond their first call", "sponsor (XL)",
           given("coalesce(alerts.escalated, 0)")),
    # Provenance
    Column("PERSTAT", "Period Status", "C10", "",
           "OPEN while PERENDC is DATA CUT, else COMPLETE; nothing is signed yet",
           "sponsor", sql.PERIOD_STATUS, "core"),
    Column("GRADVER", "Grading Algorithm Version", "C20", "", "Criteria and version of the rules", "Define MethodDef",
           f"'ASTCT2019/{VERSION}'::text", "core"),
    Column("CUTDTM", "Data Cut", "DT", "datetime", "UTC; the same on all rows of one export", "manifest", "cut.text",
           "core"),
    Column("LSTMODTM", "Last Modified (UTC)", "DT", "datetime",
           "Last change of the period, of an alert in it, of a final grade of the participant, or of the weight that "
           "PDOSE is made of, or when a second person confirmed the dose", "sponsor",
           sql.MODIFIED, "core"),
)
# fmt: on

# Empty in every export of a blinded study: each tells what somebody is given (docs/export.md).
UNBLINDING = frozenset({"REGIMEN", "REGVER", "ASPERC", "PDOSE", "ADOSE", "DOSEU"})

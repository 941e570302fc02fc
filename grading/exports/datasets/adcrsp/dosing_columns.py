"""Columns of ADCRSP: whose row it is, under which plan, and the dose."""

from grading.exports.datasets.adam.common import date_of
from grading.exports.datasets.adcrsp import sql
from grading.exports.datasets.adcrsp.sql import open_or
from grading.exports.datasets.dataset import Column, uncollected
from grading.exports.datasets.sql import hours, local

_ENDED = open_or(local("cut.at", "period.time_zone"), "period.ended_local")
LOOKED = "null when nothing was recorded in the period"

# fmt: off
PLAN: tuple[Column, ...] = (
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
    Column("COHORT", "Cohort / Dose Level", "C20", "",
           "Cohort on file, which holds for earlier doses too; withheld but under the open profile", "ADSL sponsor var",
           "period.cohort"),
    Column("REGIMEN", "Regimen Code", "C20", "", "Regimen under which this dose was given", "sponsor",
           "period.regimen_code", "core"),
    Column("REGVER", "Regimen Definition Version", "C20", "", "Version of that regimen, frozen since its first dose",
           "sponsor", "period.regimen_version"),
)
DOSE: tuple[Column, ...] = (
    Column("DOSENUM", "Dose Number (Dose Period)", "N", "",
           "1..n by actual start, a dose not given by its planned time", "ASPER; EX.EXSEQ order", "period.dose_number",
           "key"),
    Column("APERIOD", "Period", "N", "", "Always 1: a regimen has one treatment period", "ADaM APERIOD", "1"),
    Column("ASPER", "Subperiod within Period", "N", "", "DOSENUM", "ADaM ASPER", "period.dose_number"),
    Column("STEPDOSN", "Dose Number of First Part of Split Dose", "N", "",
           "DOSENUM of the row with the first part, where a step is given in two parts and this is the second; else "
           "DOSENUM: rows of one value are one dose of the plan", "sponsor", "period.first_part_number"),
    Column("ASPERC", "Subperiod within Period (C)", "C40", "",
           "Label of the step, its short one where it has more than 40 characters", "ADaM ASPERC; EX.EXCAT/VISIT",
           "period.step_label", "core"),
    Column("APHASE", "Phase", "C20", "",
           "STEP-UP | TREATMENT (target dose) | RE-START (a step-up dose after a dose of a later step)",
           "ADaM APHASE", "period.phase", "core"),
    uncollected("CYCLE", "Cycle", "N", "", "VISIT / sponsor",
                why="regimens have steps, no cycles"),
    uncollected("CYCLEDY", "Planned Day in Cycle", "N", "d", "TA/TV",
                why="regimens have steps, no cycles"),
    Column("PDOSE", "Planned Dose", "N", "DOSEU",
           "From the regimen version, for the participant's cohort and the last weight up to the dose; null where it "
           "doses by cohort and the participant is in none, without a weight that it needs, and in another unit",
           "EC.ECDOSE (planned) / EXPLDOS", "period.planned_dose", "core"),
    Column("ADOSE", "Actual Dose", "N", "DOSEU", "Amount given, in the unit entered", "EX.EXDOSE",
           "period.dose_amount", "core"),
    Column("DOSEU", "Dose Unit", "C12", "", "mg | ug | mg/kg | ug/kg", "EX.EXDOSU", "period.dose_unit", "core"),
    Column("ADOSEMG", "Actual Dose Total", "N", "mg",
           "ADOSE in mg, times DOSWT where it is per kg; null without a weight for such a dose, of a rate (ug/day, "
           "ug/m2/day), and where none was given", "EX derived", "period.dose_total_mg"),
    Column("DOSWT", "Weight Used for Dose", "N", "kg",
           "Last weight measured up to the dose, whatever it doses by; null where nobody weighed, and where none was "
           "given", "VS WEIGHT", "period.weight_kg"),
    Column("DOSCHKFL", "Dose Confirmed by a Second Person", "C1", "",
           "Y where somebody else than who recorded this version of the dose confirmed it on their own session by the "
           "cut; N otherwise; null where none was given", "SUPPEX (sponsor)", sql.CONFIRMED),
    Column("ROUTE", "Route", "C20", "", "SUBCUTANEOUS | INTRAVENOUS", "EX.EXROUTE", "period.dose_route"),
    Column("DOSSTAT", "Dose Status", "C20", "",
           "GIVEN | PARTIAL | INTERRUPTED | NOT GIVEN; the last carries nulls below", "EC.ECOCCUR/ECREASOC",
           "period.dose_status", "core"),
    Column("ASPRSDTM", "Dose Start (Period Start)", "DT", "datetime", "Actual dose start", "EX.EXSTDTC / ADaM PxxSwSDM",
           "period.started_local", "core"),
    date_of("ASPRSDT", "Dose Date (Period Start)", "period.started_local"),
    Column("DOSENDTM", "Dose End", "DT", "datetime", "End of infusion; the start for a subcutaneous dose", "EX.EXENDTC",
           sql.DOSE_ENDED),
    Column("ASPREDTM", "Period End", "DT", "datetime",
           "min(next dose start, end of observation, death, data cut); the period is half-open", "ADaM PxxSwEDM",
           _ENDED, "core"),
    date_of("ASPREDT", "Period End Date", _ENDED),
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
    Column("DOSDLYH", "Delay vs Planned Dose Time", "N", "h",
           "Actual minus planned start: the time entered for it, else the plan's days after the dose before, at that "
           "one's time of day on the site's clocks; null where neither is known", "EC/EX", "period.delay_h"),
    Column("RELDEVC", "Release Deviation", "C20", "",
           "NOT RELEASED: no release stood since the dose before | OTHER STEP: the newest was of another step | "
           "EVENT SINCE: CRS or ICANS began or was worse since | OTHER COHORT: the participant was put into another "
           "cohort since | OTHER TIME: given more than 1 h before or 24 h after the time released for; null: given as "
           "released, or the regimen has no rules on file", "DV",
           "period.release_deviation"),
    Column("PREMSTFL", "Steroid Premedication Flag", "C1", "Y/N",
           f"Corticosteroid as premedication in the 24 h up to the dose; {LOOKED}", "CM",
           "period.premedication_flag"),
    Column("SETTING", "Care Setting at Dose", "C12", "",
           "INPATIENT: a stay covers the start of the dose | OUTPATIENT: stays are on record, and none does; null "
           "where no stay is on record", "HO/sponsor", "period.setting"),
)
# fmt: on

"""ADEX: one row for each dose of the plan that was given or is recorded as not given, pretreatments too."""

from grading.exports.datasets.adam.common import ASTDT, FRACSEC, IDENTITY, RECID, SOURCE, STEP, end_date
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.facts import located, source, standing
from grading.exports.datasets.sql import flag, hours, local, number

# Of each dose its first end, its row of ADCRSP where it opens a period, its step, and who confirmed it by the cut.
ENDS = f"""
    SELECT DISTINCT ON (dose.root) dose.root AS dose_root, fact.observed_at AS ended_at
      FROM ({standing("regimens_doseend")}) fact JOIN regimens_dose dose ON dose.id = fact.dose_id
     ORDER BY dose.root, fact.observed_at
"""  # noqa: S608  # our own texts
_JOINS = f"""
JOIN regimens_step step ON step.id = fact.step_id
JOIN regimens_regimen regimen ON regimen.id = step.regimen_id
LEFT JOIN grading_doseperiod own ON own.dose_id = fact.id
LEFT JOIN ({ENDS}) ended ON ended.dose_root = fact.root
"""
# A dose that was given at once ended as it began.
ENDED_AT = "coalesce(ended.ended_at, CASE WHEN fact.route = 'SUBCUTANEOUS' THEN fact.observed_at END)"
GIVEN = "fact.status <> 'NOT GIVEN'"
_ENDED_LOCAL = f"CASE WHEN {GIVEN} THEN {local(ENDED_AT, 'fact.time_zone')} END"

# fmt: off
COLUMNS = (
    *IDENTITY,
    Column("ASTDTM", "Analysis Start Date/Time", "DT", "datetime",
           "Start of the dose; of one not given, when that was decided", "EX.EXSTDTC", "fact.at_local", "key"),
    RECID,
    *ASTDT,
    Column("DOSENUM", "Dose Number (Dose Period)", "N", "", "As in ADCRSP; null: it opens no period", "ASPER",
           "own.dose_number", "core"),
    Column("DOSSTAT", "Dose Status", "C20", "", "GIVEN | PARTIAL | INTERRUPTED | NOT GIVEN", "EC.ECOCCUR",
           "fact.status", "core", codes=("GIVEN", "PARTIAL", "INTERRUPTED", "NOT GIVEN")),
    Column("PERIODFL", "Opens a Dose Period Flag", "C1", "Y/N", "N: a pretreatment that is no T-cell engager",
           "sponsor", flag("step.opens_period")),
    Column("AENDTM", "Analysis End Date/Time", "DT", "datetime",
           "End of the infusion; the start for a subcutaneous dose; null: not recorded", "EX.EXENDTC",
           _ENDED_LOCAL),
    end_date(_ENDED_LOCAL),
    Column("EXTRT", "Name of Treatment", "C80", "", "Study drug of the regimen", "EX.EXTRT", "regimen.drug"),
    Column("REGIMEN", "Regimen Code", "C20", "", "Regimen under which it was given", "sponsor", "regimen.code"),
    Column("REGVER", "Regimen Definition Version", "C20", "", "Version of that regimen", "sponsor", "regimen.version"),
    Column("ASPERC", "Step", "C40", "", "Label of the step", "ADaM ASPERC; EX.EXCAT",
           "left(coalesce(nullif(step.short_label, ''), step.label), 40)"),
    Column("STEPNUM", "Position of the Step", "N", "", "In the plan", "sponsor", "step.position"),
    Column("STEPKIND", "Kind of Step", "C10", "", "STEP UP | TARGET | PRETREAT", "sponsor",
           "upper(replace(step.kind, '_', ' '))", codes=("STEP UP", "TARGET", "PRETREAT")),
    Column("PDOSE", "Planned Dose", "N", "DOSEU", "As in ADCRSP; null where it opens no period", "EC.ECDOSE",
           "own.planned_dose"),
    Column("ADOSE", "Actual Dose", "N", "DOSEU", "Amount given, in the unit entered", "EX.EXDOSE",
           number("fact.amount"), "core"),
    Column("DOSEU", "Dose Unit", "C12", "", "Unit entered", "EX.EXDOSU", "fact.unit", "core"),
    Column("ROUTE", "Route", "C20", "", "SUBCUTANEOUS | INTRAVENOUS", "EX.EXROUTE", "fact.route",
           codes=("SUBCUTANEOUS", "INTRAVENOUS")),
    Column("PLANDTM", "Planned Date/Time", "DT", "datetime", "As recorded with the dose; null: not said",
           "EC.ECSTDTC", local("fact.planned_at", "fact.time_zone")),
    Column("DELAYH", "Delay vs Planned Dose Time", "N", "h", "Actual minus planned start; null: no time was planned",
           "EC/EX", f"CASE WHEN {GIVEN} THEN {hours('fact.planned_at', 'fact.observed_at')} END"),
    Column("RISKWH", "Risk Window of the Step", "N", "h", "From the dose; null: the step names none", "sponsor",
           "step.risk_window_h"),
    Column("SPLITWTH", "Step with the Other Part of the Dose", "C40", "",
           "Label of the step that follows it as the second part of one dose; null: it is given whole", "sponsor",
           "(SELECT left(coalesce(nullif(other.short_label, ''), other.label), 40) FROM regimens_step other"
           " WHERE other.regimen_id = step.regimen_id AND other.label = step.split_with"
           " AND other.position > step.position ORDER BY other.position LIMIT 1)"),
    Column("WINENDTM", "End of the Observation Window", "DT", "datetime",
           "Of the inpatient window of the step; null: it has none, its clock has not started, or no period is opened",
           "sponsor", local("own.window_ends_at", "fact.time_zone")),
    SOURCE,
    FRACSEC,
)
# fmt: on

ADEX = Dataset(
    name="adex",
    label="Exposure: Doses of the Study Drug",
    structure="OCCURRENCE DATA STRUCTURE",
    keys=("STUDYID", "USUBJID", "ASTDTM", "RECID"),
    columns=COLUMNS,
    source=source(located(standing("regimens_dose")), joins=_JOINS, order="fact.usubjid, fact.observed_at, fact.root"),
    unblinding=STEP
    | {"EXTRT", "REGIMEN", "REGVER", "STEPNUM", "STEPKIND", "PDOSE", "ADOSE", "DOSEU"}
    | {"RISKWH", "SPLITWTH"},
)

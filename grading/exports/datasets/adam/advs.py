"""ADVS (BDS): one row for each reading, on whatever device it came, with its dose and whether it is a baseline."""

from dataclasses import dataclass, replace

from grading.exports.datasets.adam.common import ADT, DOSED, IDENTITY, RECID, SOURCE, STEP, moment
from grading.exports.datasets.dataset import Column, Dataset, Groups, Term
from grading.exports.datasets.facts import located, source, standing
from grading.exports.datasets.sql import coded, date_here, flag, number
from grading.exports.datasets.time_points import NAME, NUMBER, slot_of


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalSignTest:
    """One column of a set as SDTM names it. `concept`: the NCIt code of the test."""

    code: str
    label: str
    unit: str
    column: str
    concept: str


READINGS = (
    VitalSignTest(code="TEMP", label="Temperature", unit="C", column="temperature_c", concept="C174446"),
    VitalSignTest(code="SYSBP", label="Systolic Blood Pressure", unit="mmHg", column="sbp", concept="C25298"),
    VitalSignTest(code="DIABP", label="Diastolic Blood Pressure", unit="mmHg", column="dbp", concept="C25299"),
    VitalSignTest(code="MAP", label="Mean Arterial Pressure", unit="mmHg", column="mean_pressure", concept="C49679"),
    VitalSignTest(code="HR", label="Heart Rate", unit="beats/min", column="heart_rate", concept="C49677"),
    VitalSignTest(
        code="RESP", label="Respiratory Rate", unit="breaths/min", column="respiratory_rate", concept="C49678"
    ),
    VitalSignTest(code="OXYSAT", label="Oxygen Saturation", unit="%", column="spo2", concept="C60832"),
    VitalSignTest(code="FIO2", label="Inspired Oxygen Fraction", unit="%", column="fio2_percent", concept="C38082"),
)
BASELINE_H = 24  # how long before a dose a reading may be its baseline (docs/sources/exports_columns.csv, TEMPBL)

_SETS = standing("grading_vitalsigns")
# The readings of a set, one under the other: what each is called, and where the set has it.
_ROWS = tuple(
    {
        "place": str(place), "code": f"'{one.code}'", "label": f"'{one.label}'", "unit": f"'{one.unit}'",
        "parameter": f"'{one.label} ({one.unit})'", "value": f"fact.{one.column}",
    }
    for place, one in enumerate(READINGS, start=1)
)  # fmt: skip
_VALUES = ", ".join(f"({', '.join(row.values())})" for row in _ROWS)
READ = f"CROSS JOIN LATERAL (VALUES {_VALUES}) reading({', '.join(_ROWS[0])})"
_PRESENT = "reading.value IS NOT NULL"
_ORDER = "fact.usubjid, fact.observed_at, fact.root"
# Of each dose and test the last reading in the day before it.
_BASELINES = f"""
    SELECT before.fact_id, jsonb_object_agg(before.code, before.dose_number ORDER BY before.dose_number DESC) AS doses
      FROM (SELECT DISTINCT ON (period.dose_id, reading.code) fact.id AS fact_id, reading.code, period.dose_number
              FROM (SELECT * FROM grading_doseperiod WHERE study_id = {{study}} AND {{participant_here}}) period
             CROSS JOIN LATERAL (
                   {_SETS} AND fact.participant_id = period.participant_id AND fact.observed_at <= period.started_at
                       AND fact.observed_at >= period.started_at - interval '{BASELINE_H} hours' OFFSET 0) fact
              {READ}
             WHERE period.ended_by <> 'NOT GIVEN'
               AND period.started_at <= {{cut}}::timestamptz AND reading.value IS NOT NULL
               AND NOT (reading.code = 'TEMP' AND reading.value < 30)
             ORDER BY period.dose_id, reading.code, fact.observed_at DESC, fact.root) before
     GROUP BY before.fact_id
"""  # noqa: S608  # our own texts
# What is the same for all readings of a set is written once for the set.
_OF_SET = {
    "record_id": "fact.root::text", "came_in_by": SOURCE.sql, "taken_at": coded("fact.temperature_site"),
    "by_tablet": flag("(fact.tablet_id IS NOT NULL)"),
    "date_here": date_here("clock.here"),
    "planned_h": NUMBER.replace("fact.", "planned."), "planned_name": NAME.replace("fact.", "planned."),
}  # fmt: skip
LOCATED_SETS = located(
    _SETS, more=", baseline.doses AS baselines" + "".join(f", {sql} AS {name}" for name, sql in _OF_SET.items()),
    joins=f"LEFT JOIN ({_BASELINES}) baseline ON baseline.fact_id = fact.id\n{slot_of('vitals')}",
)  # fmt: skip

# fmt: off
COLUMNS = (
    *IDENTITY,
    moment("ADTM", "Analysis Date/Time", "When the reading was taken", "VS.VSDTC", "key"),
    replace(RECID, sql="fact.record_id"),
    Column("PARAMCD", "Parameter Code", "C8", "", "Test of SDTM", "VS.VSTESTCD", "reading.code", "key",
           codes=tuple(one.code for one in READINGS),
           terms=tuple(Term(one.code, one.label, one.unit, one.concept) for one in READINGS)),
    Column("PARAM", "Parameter", "C40", "", "Test with its unit", "VS.VSTEST",
           "reading.parameter"),
    Column("AVAL", "Analysis Value", "N", "AVALU", "As recorded; what nobody measured has no row", "VS.VSSTRESN",
           number("reading.value"), "core"),
    Column("AVALU", "Analysis Value Unit", "C12", "", "Unit of the test", "VS.VSSTRESU",
           "reading.unit"),
    replace(ADT[0], sql="fact.date_here"),
    *ADT[1:],
    *DOSED,
    Column("ATPT", "Analysis Timepoint", "C24", "",
           "Slot of the observation plan that the set was the first look of; null: it was not one of the plan",
           "VS.VSTPT", "fact.planned_name"),
    Column("ATPTN", "Analysis Timepoint (N)", "N", "h", "Hours from the dose to when that slot was due", "VS.VSTPTNUM",
           "fact.planned_h"),
    Column("ABLFL", "Baseline Record Flag", "C1", "Y",
           f"Y: the last reading in the {BASELINE_H} h up to a dose, that of BASEFOR; a temperature below 30 C is none",
           "VS.VSLOBXFL", "CASE WHEN fact.baselines ? reading.code THEN 'Y' END", "core", codes=("Y",)),
    Column("BASEFOR", "Dose Number of the Baseline", "N", "", "DOSENUM of the dose before which it is the baseline",
           "sponsor", "fact.baselines ->> reading.code"),
    Column("ANL01FL", "Analysis Flag 01", "C1", "Y",
           "Y: counts; null: a temperature below 30 C, which is no measurement and is missing to the rules",
           "ADaM ANL01FL", "CASE WHEN NOT (reading.code = 'TEMP' AND reading.value < 30) THEN 'Y' END", codes=("Y",)),
    Column("DTYPE", "Derivation Type", "C10", "", "COMPUTED: a mean pressure made of the other two", "VS.VSDRVFL",
           "CASE WHEN reading.code = 'MAP' AND fact.mean_pressure_computed THEN 'COMPUTED' END", codes=("COMPUTED",)),
    Column("ATLOC", "Location of the Reading", "C12", "", "Of a temperature, as recorded", "VS.VSLOC",
           "CASE reading.code WHEN 'TEMP' THEN fact.taken_at END"),
    replace(SOURCE, sql="fact.came_in_by"),
    Column("TABLETFL", "Entered on a Ward Tablet Flag", "C1", "Y/N", "Y: it came from an enrolled tablet", "sponsor",
           "fact.by_tablet"),
)
# fmt: on

ADVS = Dataset(
    name="advs",
    label="Vital Signs Analysis Dataset",
    structure="BASIC DATA STRUCTURE",
    keys=("STUDYID", "USUBJID", "ADTM", "RECID", "PARAMCD"),
    columns=COLUMNS,
    source=source(LOCATED_SETS, joins=f"{READ}\nWHERE {_PRESENT}", order=_ORDER),
    unblinding=STEP,
    groups=Groups(source=source(LOCATED_SETS, order=_ORDER), rows=_ROWS, present=_PRESENT),
)

"""ADSET: one row for each set of vital signs, with every input of its CRS grade and the grade that was computed."""

from grading.exports.datasets.adam.common import ADT, DOSED, FRACSEC, IDENTITY, RECID, SOURCE, STEP, graded, moment
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.facts import located, source, standing
from grading.exports.datasets.sql import coded, codes, flag, number
from grading.rules.drugs.devices import OxygenDevice

_EMPTY = "null: nobody looked"


def _measured(name: str, label: str, unit: str, column: str, mapping: str) -> Column:
    return Column(name, label, "N", unit, f"As recorded; {_EMPTY}", mapping, number(f"fact.{column}"))


def _answered(name: str, label: str, column: str, mapping: str) -> Column:
    return Column(name, label, "C1", "Y/N", f"As recorded; {_EMPTY}", mapping, flag(f"fact.{column}"))


# fmt: off
COLUMNS = (
    *IDENTITY,
    moment("ADTM", "Analysis Date/Time", "When the set was taken", "VS.VSDTC", "key"),
    RECID,
    *ADT,
    *DOSED,
    _measured("TEMP", "Temperature", "C", "temperature_c", "VS.TEMP"),
    Column("TEMPLOC", "Temperature Site", "C12", "", "As recorded", "VS.VSLOC", coded("fact.temperature_site")),
    _measured("SYSBP", "Systolic Blood Pressure", "mmHg", "sbp", "VS.SYSBP"),
    _measured("DIABP", "Diastolic Blood Pressure", "mmHg", "dbp", "VS.DIABP"),
    _measured("MAP", "Mean Arterial Pressure", "mmHg", "mean_pressure", "VS.MAP"),
    Column("MAPCALFL", "Mean Pressure Calculated Flag", "C1", "Y/N",
           "Y: made of the other two, so no input of the grade; null without one", "VS.VSDRVFL",
           "CASE WHEN fact.mean_pressure IS NOT NULL THEN " + flag("fact.mean_pressure_computed") + " END"),
    _measured("HR", "Heart Rate", "beats/min", "heart_rate", "VS.HR"),
    _measured("RESP", "Respiratory Rate", "breaths/min", "respiratory_rate", "VS.RESP"),
    _measured("OXYSAT", "Oxygen Saturation", "%", "spo2", "VS.OXYSAT"),
    Column("O2DEV", "Oxygen Device", "C24", "", f"As recorded; {_EMPTY}", "PR.PRTRT", coded("fact.oxygen_device"),
           codes=tuple(device.value.replace("_", " ").upper() for device in OxygenDevice)),
    _measured("O2FLOW", "Oxygen Flow", "L/min", "oxygen_flow_l_min", "PR.PRDOSE"),
    _measured("FIO2", "Inspired Oxygen Fraction", "%", "fio2_percent", "VS.FIO2"),
    Column("O2INDC", "Oxygen Indication", "C10", "", "HYPOXIA | COMFORT | BASELINE; null: not said, as HYPOXIA",
           "PR.PRINDC", coded("fact.oxygen_indication"), codes=("HYPOXIA", "COMFORT", "BASELINE")),
    Column("BPUNRFL", "Blood Pressure Unrecordable Flag", "C1", "Y/N", "Y: it counts as hypotension", "VS.VSREASND",
           flag("fact.pressure_unrecordable")),
    Column("POSITION", "Position of the Pressure", "C8", "", "As recorded; null counts as lying", "VS.VSPOS",
           coded("fact.position")),
    Column("ARM", "Arm of the Pressure", "C5", "", "As recorded", "VS.VSLAT", coded("fact.arm")),
    _answered("HYPOFL", "Hypotension Judged at Bedside Flag", "hypotension", "CE.CEOCCUR"),
    _answered("BOLUSFL", "IV Fluid Bolus Flag", "fluid_bolus", "CM"),
    _measured("BOLUSML", "IV Fluid Bolus Volume", "mL", "fluid_bolus_ml", "CM.CMDOSE"),
    Column("VASOPR", "Vasopressors Running", "C200", "", f"Names as recorded; NONE: none ran; {_EMPTY}", "CM.CMTRT",
           codes("fact.vasopressors")),
    _answered("RIGORFL", "Rigors Flag", "rigors", "CE.CEOCCUR"),
    _answered("INFSUSFL", "Infection Suspected Flag", "infection_suspected", "sponsor"),
    SOURCE,
    FRACSEC,
    *graded("CRS", "CRS"),
)
# fmt: on

ADSET = Dataset(
    name="adset",
    label="Vital Sign Sets with Computed CRS Grade",
    structure="ADAM OTHER",
    keys=("STUDYID", "USUBJID", "ADTM", "RECID"),
    columns=COLUMNS,
    source=source(
        located(standing("grading_vitalsigns")),
        joins="LEFT JOIN grading_grade grade ON grade.fact_id = fact.id",
        order="fact.usubjid, fact.observed_at, fact.root",
    ),
    unblinding=STEP,
)

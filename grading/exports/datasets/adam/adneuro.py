"""ADNEURO: one row for each neuro assessment, with every input of its ICANS grade and the grade that was computed."""

from grading.exports.datasets.adam.common import ADT, DOSED, FRACSEC, IDENTITY, RECID, SOURCE, STEP, graded, moment
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.facts import located, source, standing
from grading.exports.datasets.sql import coded, codes, flag

_EMPTY = "null: nobody looked"
ITEMS = ("year", "month", "city", "hospital", "command", "writing", "attention")


def _item(name: str, label: str, column: str) -> Column:
    return Column(name, label, "C1", "Y/N", "Y: 1 point. N: 0. Null: not attempted", "FT.FTORRES",
                  flag(f"fact.ice_{column}"))  # fmt: skip


def _code(name: str, label: str, length: int, column: str, mapping: str) -> Column:
    return Column(name, label, f"C{length}", "", f"As recorded; {_EMPTY}", mapping, coded(f"fact.{column}"))


# Null where an item was not attempted: a null makes the sum null.
ICE_TOTAL = " + ".join([*(f"fact.ice_{item}::int" for item in ITEMS), "fact.ice_naming"])

# fmt: off
COLUMNS = (
    *IDENTITY,
    moment("ADTM", "Analysis Date/Time", "When the assessment was made", "FT.FTDTC", "key"),
    RECID,
    *ADT,
    *DOSED,
    Column("NEUROIN", "Neuro Instrument", "C4", "", "ICE | CAPD: chosen at enrolment", "RS.RSCAT",
           "upper(fact.neuro_instrument)", codes=("ICE", "CAPD")),
    _item("ICEYEAR", "ICE: Year", "year"),
    _item("ICEMONTH", "ICE: Month", "month"),
    _item("ICECITY", "ICE: City", "city"),
    _item("ICEHOSP", "ICE: Hospital", "hospital"),
    Column("ICENAME", "ICE: Naming Three Objects", "N", "0-3", "Points; null: not attempted", "FT.FTORRES",
           "fact.ice_naming"),
    _item("ICECMD", "ICE: Following a Command", "command"),
    _item("ICEWRITE", "ICE: Writing a Sentence", "writing"),
    _item("ICEATTN", "ICE: Attention", "attention"),
    Column("ICETOT", "ICE Total Score", "N", "0-10", "Sum of the items; null where one was not attempted",
           "FT.ICETOT", ICE_TOTAL, "core", concept="C162916"),
    _code("ICENDRSN", "Why the ICE Could Not Be Done", 20, "ice_unable_reason", "FT.FTREASND"),
    Column("CAPD", "CAPD Score", "N", "0-32", f"As recorded; {_EMPTY}", "RS.CAPD", "fact.capd_score",
           concept="C201866"),
    _code("CONSC", "Level of Consciousness", 20, "consciousness", "RS"),
    _code("SEIZURE", "Seizure", 32, "seizure", "CE"),
    _code("MOTOR", "Motor Findings", 24, "motor", "CE"),
    Column("OEDEMA", "Cerebral Oedema", "C8", "", "FOCAL | DIFFUSE; null counts as none", "CE",
           coded("fact.oedema"), codes=("NONE", "FOCAL", "DIFFUSE")),
    Column("ICPSIGN", "Signs of Raised Intracranial Pressure", "C200", "", f"Codes; NONE: none; {_EMPTY}", "CE",
           codes("fact.icp_signs")),
    Column("ICHFL", "Intracranial Haemorrhage Flag", "C1", "Y/N", "As recorded", "CE",
           flag("fact.intracranial_haemorrhage")),
    SOURCE,
    FRACSEC,
    *graded("ICANS", "ICN"),
)
# fmt: on

ADNEURO = Dataset(
    name="adneuro",
    label="Neuro Assessments with ICANS Grade",
    structure="ADAM OTHER",
    keys=("STUDYID", "USUBJID", "ADTM", "RECID"),
    columns=COLUMNS,
    source=source(
        located(standing("grading_neuroassessment")),
        joins="LEFT JOIN grading_grade grade ON grade.fact_id = fact.id",
        order="fact.usubjid, fact.observed_at, fact.root",
    ),
    unblinding=STEP,
)

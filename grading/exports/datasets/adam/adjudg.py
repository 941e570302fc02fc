"""ADJUDG: one row for each judgement of a computed grade, one that was taken back too: what final grades rest on."""

from grading.exports.datasets.adam.common import ADT, FRACSEC, IDENTITY, RECID, SOURCE, moment
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.facts import located, source
from grading.exports.datasets.sql import coded, flag
from grading.models import About, Ledger

# The last version of each, also where it says that the judgement no longer holds: that somebody judged is told.
_JUDGED = """
    SELECT fact.* FROM grading_gradeassessment fact
     WHERE fact.observed_at <= {cut}::timestamptz
       AND NOT EXISTS (SELECT FROM grading_gradeassessment newer WHERE newer.supersedes_id = fact.id)
"""


def _upper(values: list[str]) -> tuple[str, ...]:
    return tuple(value.upper() for value in values)


# fmt: off
COLUMNS = (
    *IDENTITY,
    moment("ADTM", "Analysis Date/Time", "When it was judged; what is judged has its own time", "RS.RSDTC", "key"),
    RECID,
    *ADT,
    Column("ABOUT", "What Was Judged", "C7", "", "SET | EPISODE", "sponsor", coded("fact.about"), "core",
           codes=_upper(About.values)),
    Column("ABOUTID", "Record Identifier of What Was Judged", "C36", "",
           "RECID of the set, or of the fact of the onset of the episode", "sponsor", "fact.about_root::text", "core"),
    Column("SYNDROME", "Syndrome", "C5", "", "CRS | ICANS", "RS.RSTESTCD", "upper(fact.kind)", "core",
           codes=("CRS", "ICANS")),
    Column("LEDGER", "Whose Judgement", "C12", "", "NURSE decides nothing; CENTRAL comes before INVESTIGATOR",
           "RS.RSEVAL", coded("fact.ledger"), "core", codes=_upper(Ledger.values)),
    Column("STATUS", "Status of the Judgement", "C10", "", "STANDS | TAKEN BACK", "sponsor",
           "CASE WHEN fact.withdrawn THEN 'TAKEN BACK' ELSE 'STANDS' END", "core", codes=("STANDS", "TAKEN BACK")),
    Column("AGREEFL", "Agrees with the Computed Grade Flag", "C1", "Y/N", "N: AVAL says the grade", "sponsor",
           flag("fact.agrees")),
    Column("AVAL", "Grade as Judged", "N", "0-5", "ASTCT grade; null: it agrees", "RS.RSSTRESN", "fact.grade", "core"),
    Column("DRVGRN", "Computed Grade That Was Judged", "N", "",
           "As it was then; -1: what was not looked at left more than one", "sponsor", "fact.derived_grade"),
    Column("DRVGRUN", "Computed Grade, Upper Bound", "N", "0-5", "As it was then; null: it was not kept", "sponsor",
           "fact.derived_at_most"),
    SOURCE,
    FRACSEC,
)
# fmt: on

ADJUDG = Dataset(
    name="adjudg",
    label="Judgements of Computed Grades",
    structure="ADAM OTHER",
    keys=("STUDYID", "USUBJID", "ADTM", "RECID"),
    columns=COLUMNS,
    source=source(located(_JUDGED), order="fact.usubjid, fact.observed_at, fact.root"),
)

"""Columns that most companions share: whose row it is, where and when, after which dose, and by which record."""

from grading.exports.datasets.dataset import DATE, Column
from grading.exports.datasets.sql import date_number, fraction, json_codes

STUDYID = Column("STUDYID", "Study Identifier", "C20", "", "Study code", "DM.STUDYID", "cut.study", "key")
USUBJID = Column(
    "USUBJID", "Unique Subject Identifier", "C40", "",
    "STUDYID-site of enrolment-SUBJID; the pseudonymous study number, the same after a transfer", "DM.USUBJID",
    "fact.usubjid", "key",
)  # fmt: skip
SUBJID = Column(
    "SUBJID", "Subject Identifier for the Study", "C20", "", "Study number as entered", "DM.SUBJID", "fact.number"
)  # fmt: skip
SITEID = Column(
    "SITEID", "Study Site Identifier", "C10", "", "Site where the participant was then", "DM.SITEID", "fact.site_code"
)  # fmt: skip
TZ = Column("TZ", "Site Time Zone", "C40", "", "IANA name; the zone of the DT columns", "sponsor", "fact.time_zone")
IDENTITY = (STUDYID, USUBJID, SUBJID, SITEID, TZ)

ASPER = Column(
    "ASPER", "Subperiod within Period", "N", "",
    "DOSENUM of ADCRSP: the dose in whose period it lies; null before the first dose", "ADaM ASPER", "fact.dose_number",
)  # fmt: skip
ASPERC = Column(
    "ASPERC", "Subperiod within Period (C)", "C40", "", "Label of the step of that dose", "ADaM ASPERC",
    "fact.step_label",
)  # fmt: skip
HDOSE = Column(
    "HDOSE", "Hours from Dose Start", "N", "h", "Elapsed hours since that dose", "derived (LDOSEDTM)",
    "fact.from_dose_h",
)  # fmt: skip
DOSED = (ASPER, ASPERC, HDOSE)

RECID = Column(
    "RECID", "Record Identifier", "C36", "", "Identifier of the fact, the same through all its corrections", "sponsor",
    "fact.root::text", "key",
)  # fmt: skip
FRACSEC = Column(
    "FRACSEC", "Fraction of the Second", "N", "s",
    "What the time of the record has beyond its second, for the order of facts of one second; null: nothing",
    "sponsor", fraction("fact.observed_at"),
)  # fmt: skip


def end_fraction(moment: str) -> Column:
    """Of a row whose end the rules read too."""
    return Column(
        "ENDFRAC", "Fraction of the Second of the End", "N", "s",
        "What the time of the end has beyond its second; null: nothing", "sponsor", fraction(moment),
    )  # fmt: skip


SOURCE = Column(
    "SRC", "How the Fact Came In", "C10", "", "PAGE | API | IMPORT | SIMULATION | PAPER", "sponsor",
    "upper(fact.source)", codes=("PAGE", "API", "IMPORT", "SIMULATION", "PAPER"),
)  # fmt: skip
STEP = frozenset({"ASPERC"})


def moment(name: str, label: str, derivation: str, mapping: str, need: str = "") -> Column:
    """When a fact was so at the bedside, on the clock of the site."""
    return Column(name, label, "DT", "datetime", derivation, mapping, "fact.at_local", need)


def date_of(name: str, label: str, text: str) -> Column:
    """The numeric date beside a --DTM of this name. `text`: how that one is read."""
    of = f"Date of {name}M on the clock of the site, in days since 1960-01-01"
    return Column(name, label, "N", DATE, of, "ADaM", date_number(text))


# Of a fact, beside ADTM and ASTDTM: the numeric date, and the day of the study.
ADT = (
    date_of("ADT", "Analysis Date", "fact.at_local"),
    Column("ADY", "Analysis Relative Day", "N", "d", "1: the date of the first dose; there is no day 0", "ADaM",
           "fact.study_day"),
)  # fmt: skip
ASTDT = (
    date_of("ASTDT", "Analysis Start Date", "fact.at_local"),
    Column("ASTDY", "Analysis Start Relative Day", "N", "d", "1: the date of the first dose; there is no day 0", "ADaM",
           "fact.study_day"),
)  # fmt: skip


def end_date(text: str) -> Column:
    return date_of("AENDT", "Analysis End Date", text)


# A set's grade as projected: what nobody looked at leaves bounds.
def graded(kind: str, domain: str) -> tuple[Column, ...]:
    """Columns of a computed grade, of rows that `grade` was joined to."""
    grade = f"ASTCT {kind} grade of this set by the rules of GRADVER"
    return (
        Column(f"{domain}GR", f"ASTCT {kind} Grade (Computed)", "N", "",
               f"{grade}; -1: what was not looked at leaves more than one", "RS.RSSTRESN", "grade.grade", "core"),
        Column(f"{domain}GRL", f"ASTCT {kind} Grade, Lower Bound", "N", "0-5",
               f"{grade}, were what was not looked at as good as possible", "sponsor", "grade.at_least", "core"),
        Column(f"{domain}GRU", f"ASTCT {kind} Grade, Upper Bound", "N", "0-5",
               f"{grade}, were it as bad as possible", "sponsor", "grade.at_most", "core"),
        Column("GRMISS", "What Nobody Looked At", "C200", "", "Codes of the inputs, to 200 characters", "sponsor",
               json_codes("grade.missing")),
        Column("GRFLAGS", "Flags of the Grade", "C200", "", "Codes in the order of the rules, to 200 characters",
               "sponsor", json_codes("grade.flags")),
        Column("GRREAS", "Reasons of the Grade", "C200", "", "Codes in the order of the rules, to 200 characters",
               "sponsor", json_codes("jsonb_path_query_array(grade.reasons, '$[*].code')")),
        Column("GRADVER", "Grading Algorithm Version", "C20", "", "Criteria and version of the rules",
               "Define MethodDef", "'ASTCT2019/' || grade.rules_version"),
    )  # fmt: skip

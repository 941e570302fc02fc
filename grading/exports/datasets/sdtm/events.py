"""AE with SUPPAE and FA, CE, HO and DS: episodes, what they consisted of, stays, and how observation ended."""

from grading.exports.datasets.adam.common import STUDYID, USUBJID
from grading.exports.datasets.adam.episodes import TERMS, episodes_of
from grading.exports.datasets.adam.inputs import NEXT_BED, STAY_ENDS
from grading.exports.datasets.adcrsp.reports import ACTIONS, NEWEST, OUTCOMES
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.facts import located, standing
from grading.exports.datasets.sdtm.domain import EPOCH, dated, day_of, domain, fixed, identifier, instant_of, variable
from grading.exports.datasets.sql import coded, followed_to

_KINDS = {"crs": "CRS", "icans": "ICANS"}


def _events(kind: str) -> str:
    """The episodes that are events: of grade 1 or above as finally graded. LNKID as in ADCRS."""
    short = _KINDS[kind]
    return (
        f"SELECT episode.*, episode.started_at AS observed_at, '{short}' AS short, '{TERMS[short]}' AS term,"  # noqa: S608  # our own texts
        f" '{short}' || episode.place AS link FROM ({episodes_of(kind)}) episode WHERE episode.is_counted"
    )


EVENTS = "\nUNION ALL\n".join(map(_events, _KINDS))
_IN_TIME = "fact.observed_at, fact.link, fact.root"
# With what an investigator says of each: null where nobody said it.
_REPORTED = f"""
    SELECT event.*, report.serious, report.criteria, nullif(report.outcome, '') AS outcome,
           nullif(report.action, '') AS action
      FROM ({EVENTS}) event
      LEFT JOIN ({NEWEST}) report ON report.participant_id = event.participant_id AND report.kind = event.kind
       AND report.about_root = event.root
"""  # noqa: S608  # our own texts


def _serious(name: str, label: str, criterion: str) -> Column:
    """Y, or N where it was said whether it is serious."""
    return variable(
        name, label, "C1", "As the investigator says of the episode; null: nobody said whether it is serious",
        f"CASE WHEN '{criterion}' = ANY(fact.criteria) THEN 'Y' WHEN fact.serious IS NOT NULL THEN 'N' END",
        codes=("Y", "N"),
    )  # fmt: skip


AE = domain(
    "AE", "Adverse Events", "EVENTS",
    (
        variable("AESPID", "Sponsor-Defined Identifier", "C36", "RECID of ADCRS and ADICANS", "fact.root::text"),
        variable("AELNKID", "Link ID", "C12", "LNKID of ADCRS and ADICANS", "fact.link"),
        variable("AETERM", "Reported Term for the Adverse Event", "C60", "The syndrome", "fact.term",
                 codes=tuple(TERMS.values())),
        variable("AEDECOD", "Dictionary-Derived Term", "C60", "The syndrome: not coded, the sponsor codes it",
                 "fact.term", codes=tuple(TERMS.values())),
        variable("AESCAT", "Subcategory for Adverse Event", "C5", "CRS | ICANS", "fact.short", codes=("CRS", "ICANS")),
        variable("AESER", "Serious Event", "C1", "As the newest report of an investigator says; null: nobody said",
                 "CASE fact.serious WHEN true THEN 'Y' WHEN false THEN 'N' END", codes=("Y", "N")),
        variable("AEACN", "Action Taken with Study Treatment", "C20", "As AESER; CT ACN", "fact.action",
                 codes=tuple(str(one) for one in ACTIONS)),
        variable("AEOUT", "Outcome of Adverse Event", "C40", "As AESER; CT OUT", "fact.outcome",
                 codes=tuple(str(one) for one in OUTCOMES)),
        _serious("AESCONG", "Congenital Anomaly or Birth Defect", "congenital"),
        _serious("AESDISAB", "Persist or Signif Disability/Incapacity", "disability"),
        variable("AESDTH", "Results in Death", "C1", "Y: grade 5, or an investigator says so; N: denied; else null",
                 "CASE WHEN fact.final_grade = 5 OR 'death' = ANY(fact.criteria) THEN 'Y'"
                 " WHEN fact.serious IS NOT NULL THEN 'N' END", codes=("Y", "N")),
        _serious("AESHOSP", "Requires or Prolongs Hospitalization", "hospitalisation"),
        _serious("AESLIFE", "Is Life Threatening", "life_threatening"),
        _serious("AESMIE", "Other Medically Important Serious Event", "important"),
        variable("AETOXGR", "Standard Toxicity Grade", "C1", "ASTCT grade that is final (ASTCTVER of SUPPAE)",
                 "fact.final_grade::text"),
        EPOCH,
        instant_of("AESTDTC", "Start Date/Time of Adverse Event", "Onset: the first set of the episode",
                   "fact.observed_at"),
        instant_of("AEENDTC", "End Date/Time of Adverse Event", "First set of the time observed free; null: not over",
                   "fact.ended_at"),
        day_of("AESTDY", "Study Day of Start of Adverse Event"),
        day_of("AEENDY", "Study Day of End of Adverse Event", "fact.ended_at"),
        variable("AEENRTPT", "End Relative to Reference Time Point", "C8", "ONGOING: not over at AEENTPT",
                 "CASE WHEN fact.ended_at IS NULL THEN 'ONGOING' END", codes=("ONGOING",)),
        instant_of("AEENTPT", "End Reference Time Point", "The cut, or the end of observation before it",
                   f"CASE WHEN fact.ended_at IS NULL THEN {followed_to('fact')} END"),
    ),
    dated(_REPORTED), order=_IN_TIME,
)  # fmt: skip

_SUPPLEMENTS = (
    "('ASTCTVER', 'Grading Scale of AETOXGR', 'ASTCT 2019', 'Assigned'),"
    " ('ASTCTCGR', 'ASTCT Grade by the Rules', fact.max_grade::text, 'Derived')"
)
SUPPAE = Dataset(
    name="suppae", label="Supplemental Qualifiers for AE", structure="RELATIONSHIP",
    keys=("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM"),
    columns=(
        STUDYID, fixed("RDOMAIN", "Related Domain Abbreviation", "AE"), USUBJID,
        fixed("IDVAR", "Identifying Variable", "AELNKID"),
        variable("IDVARVAL", "Identifying Variable Value", "C12", "AELNKID of the event", "fact.link", need="key"),
        variable("QNAM", "Qualifier Variable Name", "C8", "ASTCTVER | ASTCTCGR", "extra.name", need="key",
                 codes=("ASTCTVER", "ASTCTCGR")),
        variable("QLABEL", "Qualifier Variable Label", "C40", "What QNAM means", "extra.label"),
        variable("QVAL", "Data Value", "C20", "The scale, or the grade by the rules before any judgement",
                 "extra.value"),
        variable("QORIG", "Origin", "C20", "Assigned | Derived", "extra.origin", codes=("Assigned", "Derived")),
    ),
    source=(
        f"FROM ({EVENTS}) fact CROSS JOIN ({{cut_row}}) cut"
        f" CROSS JOIN LATERAL (VALUES {_SUPPLEMENTS}) extra(name, label, value, origin)"
        f" ORDER BY fact.usubjid, fact.link, extra.name"
    ),
)  # fmt: skip

# Every set of an episode whose grade is another than that of the set before it.
_GRADES = f"""
    SELECT event.usubjid, event.participant_id, event.time_zone, event.short, event.term, event.link,
           event.root AS event_root, grade.observed_at, grade.root, grade.grade, grade.at_least,
           lag(grade.grade) OVER (PARTITION BY event.root, event.short ORDER BY grade.observed_at, grade.root) AS before
      FROM ({EVENTS}) event
      JOIN grading_grade grade ON grade.participant_id = event.participant_id AND grade.kind = event.kind
       AND grade.observed_at >= event.observed_at AND grade.observed_at <= coalesce(event.ended_at, 'infinity')
"""  # noqa: S608  # our own texts
FA = domain(
    "FA", "Findings About Events or Interventions", "FINDINGS ABOUT",
    (
        identifier("FA"),
        variable("FALNKID", "Link ID", "C12", "AELNKID of the event", "fact.link"),
        fixed("FATESTCD", "Findings About Test Short Name", "TOXGR"),
        fixed("FATEST", "Findings About Test Name", "Toxicity Grade"),
        variable("FAOBJ", "Object of the Observation", "C60", "AEDECOD of the event", "fact.term"),
        variable("FAORRES", "Result or Finding in Original Units", "C24",
                 "ASTCT grade by the rules at a set where it changed; INDETERMINATE: its bounds differ",
                 "CASE fact.grade WHEN -1 THEN 'INDETERMINATE' ELSE fact.grade::text END"),
        variable("FASTRESN", "Numeric Result/Finding in Standard Units", "N", "The same; of bounds, the lower one",
                 "fact.at_least"),
        EPOCH,
        instant_of("FADTC", "Date/Time of Collection", "When the set was taken", "fact.observed_at"),
        day_of("FADY", "Study Day of Collection"),
    ),
    dated(f"SELECT * FROM ({_GRADES}) graded WHERE graded.grade IS DISTINCT FROM graded.before"),  # noqa: S608  # our own texts
    order=_IN_TIME,
)  # fmt: skip

# Signs of an episode of CRS, as its sets say them. FEVER: a reason of the computed grade, which the rules decided; of
# the others a grade tells the worse alone, so that they are asked by what the rules count (C3a, C3b, C5d).
_FEVER = "jsonb_build_array(jsonb_build_object('code', 'fever'))"
_LOW = "jsonb_build_array(jsonb_build_object('code', 'low_sbp'))"
_HYPOTENSION = (
    "CASE WHEN seen.pressure_unrecordable OR seen.fluid_bolus OR cardinality(seen.vasopressors) > 0 THEN true"
    f" ELSE coalesce(seen.hypotension, CASE WHEN grade.reasons @> {_LOW} THEN true END) END"
)
_SIGNS = (
    ("CHILLS", "seen.rigors"),
    ("FEVER", f"CASE WHEN seen.temperature_c IS NOT NULL THEN grade.reasons @> {_FEVER} END"),
    ("HYPOTENSION", _HYPOTENSION),
    ("HYPOXIA", "CASE WHEN seen.spo2 < 90 THEN true ELSE seen.oxygen_device <> 'room_air' END"),
)
_SEEN = ", ".join(f"bool_or({sign}) AS {name.lower()}" for name, sign in _SIGNS)
_ROWS = ", ".join(f"('{name}', signs.{name.lower()})" for name, _ in _SIGNS)
CE = domain(
    "CE", "Clinical Events", "EVENTS",
    (
        variable("CELNKID", "Link ID", "C12", "AELNKID of the event of CRS", "fact.link"),
        variable("CETERM", "Reported Term for the Clinical Event", "C12", "Prespecified sign of CRS", "fact.sign",
                 codes=tuple(name for name, _ in _SIGNS)),
        fixed("CECAT", "Category for the Clinical Event", "SIGNS OF CRS"),
        fixed("CEPRESP", "Clinical Event Pre-Specified", "Y"),
        variable("CEOCCUR", "Clinical Event Occurrence", "C1",
                 "Y: in a set of the episode (fever by the rules; hypotension as judged, unrecordable, by the rules "
                 "where it was left open, or needing fluid or a vasopressor; hypoxia: on any oxygen device, or below "
                 "90 %; chills: rigors). N: sets say no. Null: nobody looked",
                 "CASE fact.occurred WHEN true THEN 'Y' WHEN false THEN 'N' END", codes=("Y", "N")),
        EPOCH,
        instant_of("CESTDTC", "Start Date/Time of Clinical Event", "Onset of the episode", "fact.observed_at"),
        day_of("CESTDY", "Study Day of Start of Clinical Event"),
    ),
    dated(f"""
    SELECT event.usubjid, event.participant_id, event.time_zone, event.observed_at, event.root, event.short, event.link,
           one.sign, one.occurred
      FROM ({_events("crs")}) event
     CROSS JOIN LATERAL (
            SELECT {_SEEN} FROM ({standing("grading_vitalsigns")}) seen
              JOIN grading_grade grade ON grade.fact_id = seen.id
             WHERE seen.participant_id = event.participant_id AND seen.observed_at >= event.observed_at
               AND seen.observed_at < coalesce(event.ended_at, 'infinity')) signs
     CROSS JOIN LATERAL (VALUES {_ROWS}) one(sign, occurred)"""),  # noqa: S608  # our own texts
    order="fact.observed_at, fact.root, fact.sign",
)  # fmt: skip

HO = domain(
    "HO", "Healthcare Encounters", "EVENTS",
    (
        identifier("HO"),
        variable("HOTERM", "Healthcare Encounter Term", "C4", "WARD | ICU", coded("fact.kind"), codes=("WARD", "ICU")),
        variable("HODECOD", "Dictionary-Derived Term", "C40", "HOSPITAL | INTENSIVE CARE UNIT",
                 "CASE fact.kind WHEN 'icu' THEN 'INTENSIVE CARE UNIT' ELSE 'HOSPITAL' END",
                 codes=("HOSPITAL", "INTENSIVE CARE UNIT")),
        EPOCH,
        instant_of("HOSTDTC", "Start Date/Time of Healthcare Encounter", "From when the participant lies there"),
        instant_of("HOENDTC", "End Date/Time of Healthcare Encounter", "When it was left; null: still there",
                   "least(ended.ended_at, fact.moved_at)"),
        day_of("HOSTDY", "Study Day of Start of Encounter"),
    ),
    located(NEXT_BED), joins=f"LEFT JOIN ({STAY_ENDS}) ended ON ended.stay_root = fact.root",
)  # fmt: skip

DS = domain(
    "DS", "Disposition", "EVENTS",
    (
        identifier("DS"),
        variable("DSTERM", "Reported Term for the Disposition Event", "C12", "As recorded", coded("fact.kind")),
        variable("DSDECOD", "Standardized Disposition Term", "C20", "COMPLETED | DEATH | LOST TO FOLLOW-UP | OTHER",
                 "CASE WHEN fact.kind = 'completed' THEN 'COMPLETED' WHEN fact.kind LIKE 'death%' THEN 'DEATH'"
                 " WHEN fact.kind = 'lost' THEN 'LOST TO FOLLOW-UP' ELSE 'OTHER' END",
                 codes=("COMPLETED", "DEATH", "LOST TO FOLLOW-UP", "OTHER")),
        fixed("DSCAT", "Category for Disposition Event", "DISPOSITION EVENT"),
        EPOCH,
        instant_of("DSSTDTC", "Start Date/Time of Disposition Event", "When observation ended"),
        day_of("DSSTDY", "Study Day of Start of Disposition Event"),
    ),
    located(standing("regimens_disposition")),
)  # fmt: skip

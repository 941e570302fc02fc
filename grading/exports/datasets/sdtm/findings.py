"""VS, FT and RS: readings, the ICE item by item, and grades and scores."""

from grading.exports.datasets.adam.adneuro import ICE_TOTAL
from grading.exports.datasets.adam.adsched import SLOTS
from grading.exports.datasets.adam.advs import READ, READINGS
from grading.exports.datasets.facts import FIRST_DOSES, located, standing
from grading.exports.datasets.sdtm.domain import (
    EPOCH,
    day_of,
    domain,
    fixed,
    identifier,
    instant_of,
    reference,
    variable,
)
from grading.exports.datasets.sql import coded, day, local, number
from grading.exports.datasets.time_points import MORE, slot_of

_SETS = located(standing("grading_vitalsigns"), more=MORE, joins=slot_of("vitals"))
_NEURO = located(standing("grading_neuroassessment"), more=MORE, joins=slot_of("neuro"))
_GRADED = "JOIN grading_grade grade ON grade.fact_id = fact.id"
_IN_SET = "fact.observed_at, fact.root, fact.place"


_SHARED = (
    "usubjid", "time_zone", "observed_at", "at_local", "root", "dose_number", "dosed_local", "first_at", "study_day",
    "planned_min",
)  # fmt: skip
_READINGS = (
    f"SELECT {', '.join(f'fact.{name}' for name in _SHARED)}, reading.place, reading.code, reading.label,"  # noqa: S608  # our own texts
    " reading.unit, reading.value, fact.temperature_site, fact.position, fact.mean_pressure_computed,"
    " NULL::text AS undone"
    f" FROM ({_SETS}) fact {READ} WHERE reading.value IS NOT NULL"
)
# A slot of the plan in which nobody looked, at the time when it was due: no test of it was done.
_UNDONE = f"""
    SELECT slot.usubjid, slot.time_zone, slot.due_at, {local("slot.due_at", "slot.time_zone")}, NULL::uuid,
           slot.dose_number, {local("slot.started_at", "slot.time_zone")}, first.first_at,
           {day("slot.due_at", "first.first_at", "slot.time_zone")},
           round(extract(epoch FROM slot.due_at - slot.started_at) / 60)::int, 0, 'VSALL', 'Vital Signs', NULL::text,
           NULL::numeric, NULL::text, NULL::text, NULL::boolean, coalesce(slot.because, '')
      FROM ({SLOTS}) slot LEFT JOIN ({FIRST_DOSES}) first ON first.dosed = slot.participant_id
     WHERE slot.kind = 'vitals' AND slot.status IN ('MISSED', 'EXCUSED')
"""  # noqa: S608  # our own texts

VS = domain(
    "VS", "Vital Signs", "FINDINGS",
    (
        identifier("VS"),
        variable("VSTESTCD", "Vital Signs Test Short Name", "C8", "Test", "fact.code",
                 codes=("VSALL", *(one.code for one in READINGS))),
        variable("VSTEST", "Vital Signs Test Name", "C40", "Test", "fact.label"),
        variable("VSORRES", "Result or Finding in Original Units", "C20", "As recorded",
                 f"{number('fact.value')}::text"),
        variable("VSORRESU", "Original Units", "C12", "Unit of the test", "fact.unit"),
        variable("VSSTRESN", "Numeric Result/Finding in Standard Units", "N", "As recorded: units are standard",
                 number("fact.value"), unit="VSSTRESU"),
        variable("VSSTRESU", "Standard Units", "C12", "Unit of the test", "fact.unit"),
        variable("VSSTAT", "Completion Status", "C8",
                 "NOT DONE: VSALL, a slot of the observation plan in which nobody looked, excused or not",
                 "CASE WHEN fact.undone IS NOT NULL THEN 'NOT DONE' END", codes=("NOT DONE",)),
        variable("VSREASND", "Reason Not Done", "C20", "Why nobody looked, as recorded", coded("fact.undone")),
        variable("VSLOC", "Location of Vital Signs Measurement", "C12", "Of a temperature, as recorded",
                 f"CASE fact.code WHEN 'TEMP' THEN {coded('fact.temperature_site')} END"),
        variable("VSPOS", "Vital Signs Position of Subject", "C8", "Of a pressure, as recorded",
                 f"CASE WHEN fact.code IN ('SYSBP', 'DIABP', 'MAP') THEN {coded('fact.position')} END"),
        variable("VSMETHOD", "Method of Test or Examination", "C14", "Of the oxygen saturation",
                 "CASE fact.code WHEN 'OXYSAT' THEN 'PULSE OXIMETRY' END", codes=("PULSE OXIMETRY",)),
        variable("VSDRVFL", "Derived Flag", "C1", "Y: a mean pressure made of the other two",
                 "CASE WHEN fact.code = 'MAP' AND fact.mean_pressure_computed THEN 'Y' END", codes=("Y",)),
        EPOCH,
        instant_of("VSDTC", "Date/Time of Measurements", "When the set was taken; of one not done, when it was due"),
        day_of("VSDY", "Study Day of Vital Signs"),
        *reference("VS"),
    ),
    f"{_READINGS}\nUNION ALL{_UNDONE}",
    order=_IN_SET,
)  # fmt: skip

_ORIENTATION = " + ".join(f"fact.ice_{item}::int" for item in ("year", "month", "city", "hospital"))
_ITEMS = (
    ("ICE01", "ICE01-Orientation", _ORIENTATION),
    ("ICE02", "ICE02-Naming", "fact.ice_naming::int"),
    ("ICE03", "ICE03-Following Commands", "fact.ice_command::int"),
    ("ICE04", "ICE04-Writing", "fact.ice_writing::int"),
    ("ICE05", "ICE05-Attention", "fact.ice_attention::int"),
    ("ICETOT", "ICETOT-Total Score", ICE_TOTAL),
)
_ICE = "IMMUNE EFFECTOR CELL-ASSOCIATED ENCEPHALOPATHY (ICE)"
_SCORES = ", ".join(f"({place}, '{code}', '{label}', {value})" for place, (code, label, value) in enumerate(_ITEMS))
FT = domain(
    "FT", "Functional Tests", "FINDINGS",
    (
        identifier("FT"),
        variable("FTTESTCD", "Short Name of Test", "C8", "Item of the ICE, or its total", "fact.code",
                 codes=tuple(item[0] for item in _ITEMS)),
        variable("FTTEST", "Name of Test", "C40", "Item of the ICE, or its total", "fact.test"),
        fixed("FTCAT", "Category", _ICE),
        variable("FTORRES", "Result or Finding in Original Units", "C2", "Points; null: not attempted",
                 "fact.score::text"),
        variable("FTSTRESN", "Numeric Result/Finding in Standard Units", "N", "Points", "fact.score"),
        variable("FTSTAT", "Completion Status", "C8", "NOT DONE: not attempted, or of the total an item was not",
                 "CASE WHEN fact.score IS NULL THEN 'NOT DONE' END", codes=("NOT DONE",)),
        variable("FTREASND", "Reason Not Done", "C20", "Why the ICE could not be done, as recorded",
                 f"CASE WHEN fact.score IS NULL THEN {coded('fact.ice_unable_reason')} END"),
        EPOCH,
        instant_of("FTDTC", "Date/Time of Test", "When the assessment was made"),
        day_of("FTDY", "Study Day of Test"),
        *reference("FT"),
    ),
    f"SELECT fact.*, item.place, item.code, item.test, item.score FROM ({_NEURO}) fact"  # noqa: S608  # our own texts
    f" CROSS JOIN LATERAL (VALUES {_SCORES}) item(place, code, test, score) WHERE fact.neuro_instrument = 'ice'",
    order=_IN_SET,
)  # fmt: skip

_CRS, _ICANS = "ASTCT 2019 CRS GRADE", "ASTCT 2019 ICANS GRADE"
_RESULT = (
    "observed_at", "root", "usubjid", "at_local", "dose_number", "dosed_local", "first_at", "study_day", "planned_min",
)  # fmt: skip


def _results(
    facts: str, code: str, test: str, category: str, value: str, evaluator: str, more: str = "", *,
    is_accepted: str = "NULL::boolean",
) -> str:  # fmt: skip
    names = ", ".join(f"fact.{name}" for name in _RESULT)
    return (
        f"SELECT {names}, '{code}' AS code, '{test}' AS test, '{category}' AS category, {value} AS result,"  # noqa: S608  # our own texts
        f" {evaluator} AS evaluator, {is_accepted} AS is_accepted FROM ({facts}) fact {more}"
    )


_GRADE = "CASE grade.grade WHEN -1 THEN 'INDETERMINATE' ELSE grade.grade::text END"
_EVALUATOR = (
    "CASE fact.ledger WHEN 'investigator' THEN 'INVESTIGATOR' WHEN 'central' THEN 'INDEPENDENT ASSESSOR'"
    " ELSE 'NURSE' END"
)
_AS_JUDGED = "EXISTS (SELECT FROM ({accepted}) final WHERE final.judgement = fact.root)"


def _by_rules(kind: str) -> str:
    """The grade by the rules is the final one of a set of which no judgement is."""
    return (
        "NOT EXISTS (SELECT FROM ({accepted}) final"  # our own texts
        f" WHERE final.about = 'set' AND final.kind = '{kind}' AND final.about_root = fact.root)"
    )


_JUDGED = located(standing("grading_gradeassessment"), more=", NULL::int AS planned_min")
_JUDGED_GRADE = "coalesce(fact.grade, fact.derived_grade)::text"
_RS = "\nUNION ALL\n".join(
    (
        _results(_SETS, "CRSGR", "ASTCT CRS Grade", _CRS, _GRADE, "'ALGORITHM'", _GRADED,
                 is_accepted=_by_rules("crs")),
        _results(_NEURO, "ICANSGR", "ASTCT ICANS Grade", _ICANS, _GRADE, "'ALGORITHM'", _GRADED,
                 is_accepted=_by_rules("icans")),
        _results(_NEURO, "CAPDTOT", "CAPD Total Score", "CAPD", "fact.capd_score::text", "'NURSE'",
                 "WHERE fact.capd_score IS NOT NULL"),
        _results(_NEURO, "CONSC", "Level of Consciousness", "ASTCT 2019 ICANS CRITERIA",
                 coded("fact.consciousness"), "'NURSE'", "WHERE fact.consciousness IS NOT NULL"),
        _results(_JUDGED, "CRSGR", "ASTCT CRS Grade", _CRS, _JUDGED_GRADE, _EVALUATOR, "WHERE fact.kind = 'crs'",
                 is_accepted=_AS_JUDGED),
        _results(_JUDGED, "ICANSGR", "ASTCT ICANS Grade", _ICANS, _JUDGED_GRADE, _EVALUATOR,
                 "WHERE fact.kind = 'icans'", is_accepted=_AS_JUDGED),
    )
)  # fmt: skip
RS = domain(
    "RS", "Disease Response and Clin Classification", "FINDINGS",
    (
        identifier("RS"),
        variable("RSTESTCD", "Assessment Short Name", "C8", "What was graded or scored", "fact.code",
                 codes=("CRSGR", "ICANSGR", "CAPDTOT", "CONSC")),
        variable("RSTEST", "Assessment Name", "C40", "What was graded or scored", "fact.test"),
        variable("RSCAT", "Category for Assessment", "C40", "By which scale", "fact.category"),
        variable("RSORRES", "Result or Finding in Original Units", "C24",
                 "INDETERMINATE: what was not looked at leaves more than one grade (adset, adneuro have its bounds)",
                 "fact.result"),
        variable("RSSTRESN", "Numeric Result/Finding in Standard Units", "N", "Of a grade or a score",
                 "CASE WHEN fact.result ~ '^[0-9]+$' THEN fact.result::int END"),
        variable("RSEVAL", "Evaluator", "C20",
                 "ALGORITHM: by the rules (a term of ours); of a judgement, whose; judgements have their own time",
                 "fact.evaluator", codes=("ALGORITHM", "INVESTIGATOR", "INDEPENDENT ASSESSOR", "NURSE")),
        variable("RSACPTFL", "Accepted Record Flag", "C1",
                 "Y: the final grade, of each set one record, of each episode that was judged its judgement, where one "
                 "holds (the central reviewer's before the investigator's; a nurse's never)",
                 "CASE WHEN fact.is_accepted THEN 'Y' END", codes=("Y",)),
        EPOCH,
        instant_of("RSDTC", "Date/Time of Assessment", "When the set was taken, or the judgement made"),
        day_of("RSDY", "Study Day of Assessment"),
        *reference("RS"),
    ),
    _RS, order="fact.observed_at, fact.root, fact.code, fact.evaluator",
)  # fmt: skip

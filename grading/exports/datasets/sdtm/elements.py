"""TE, TA and SE: the parts of a trial, which of them an arm has, and which a participant went through.

Screening, then each step of the regimen under its kind and number among those, as `english_names` has them: STEP-UP 1,
FULL DOSE 1. One that is given several times in a row is one element, one that is given again after another begins anew.
Nothing recorded ends treatment but the end of observation, so no follow-up comes after it. Who is blinded is told of
treatment as a whole: how many steps there are, and when, tells the regimens apart.
"""

from grading.exports.datasets.adam import adsl
from grading.exports.datasets.adam.common import STUDYID, USUBJID
from grading.exports.datasets.dataset import Dataset
from grading.exports.datasets.facts import FIRST_DOSES, SUBJECTS, standing
from grading.exports.datasets.sdtm.domain import fixed, instant_of, variable
from grading.exports.datasets.sql import day

# Of a regimen in several versions the newest that somebody is on.
ARMS = f"""
    SELECT DISTINCT ON (regimen.code) regimen.id, regimen.code COLLATE "C" AS code
      FROM ({SUBJECTS}) subject JOIN regimens_regimen regimen ON regimen.id = subject.regimen_id
     ORDER BY regimen.code, regimen.version DESC, regimen.id
"""  # noqa: S608  # our own texts
ARMCD = variable("ARMCD", "Planned Arm Code", "C20", "Code of the regimen", "arm.code", need="key")
ARM = variable("ARM", "Description of Planned Arm", "C20", "Code of the regimen", "arm.code")

_EPOCHS = ("SCREENING", "TREATMENT")
_ETCD = variable("ETCD", "Element Code", "C8", "SCRN; SU, FD or PT and the number of the step among those of its kind; "
                 "TRT: treatment as a whole, to who is blinded", "element.code")  # fmt: skip
_ELEMENT = variable(
    "ELEMENT", "Description of Element", "C40",
    "SCREENING; STEP-UP, FULL DOSE or PRETREATMENT and the same number; TREATMENT", "element.name",
)  # fmt: skip
_EPOCH = variable("EPOCH", "Epoch", "C20", "Of the element", "element.epoch", codes=_EPOCHS)
_SCREENING = "'SCRN' AS code, 'SCREENING' AS name, 'SCREENING' AS epoch"
_TREATMENT = "'TRT' AS code, 'TREATMENT' AS name, 'TREATMENT' AS epoch"

# The steps of a regimen that open a dose period, as elements. `place`: 1 is screening.
_STEPS = """
    SELECT step.id AS step_id, step.regimen_id, 1 + row_number() OVER whole AS place,
           CASE step.kind WHEN 'step_up' THEN 'SU' WHEN 'target' THEN 'FD' ELSE 'PT' END
           || row_number() OVER alike AS code,
           CASE step.kind WHEN 'step_up' THEN 'STEP-UP ' WHEN 'target' THEN 'FULL DOSE ' ELSE 'PRETREATMENT ' END
           || row_number() OVER alike AS name, 'TREATMENT' AS epoch
      FROM regimens_step step WHERE step.opens_period
    WINDOW whole AS (PARTITION BY step.regimen_id ORDER BY step.position),
           alike AS (PARTITION BY step.regimen_id, step.kind ORDER BY step.position)
"""
_GIVEN = """
    SELECT period.participant_id, period.started_at, period.step_id FROM grading_doseperiod period
     WHERE period.study_id = {study} AND {participant_here} AND period.ended_by <> 'NOT GIVEN'
       AND period.started_at <= {cut}::timestamptz
"""

# --- The plan ------------------------------------------------------------------------------------

# Of every arm and of every step that was given.
_OF_TRIAL = f"""
    SELECT 1 AS place, {_SCREENING}
     UNION ALL
    SELECT 2, {_TREATMENT} FROM ({{cut_row}}) cut WHERE cut.blinded
     UNION ALL
    SELECT min(step.place), step.code, step.name, step.epoch FROM ({_STEPS}) step CROSS JOIN ({{cut_row}}) cut
     WHERE NOT cut.blinded AND (step.regimen_id IN (SELECT arm.id FROM ({ARMS}) arm)
                                OR step.step_id IN (SELECT given.step_id FROM ({_GIVEN}) given))
     GROUP BY step.code, step.name, step.epoch
"""  # noqa: S608  # our own texts
TE = Dataset(
    name="te", label="Trial Elements", structure="TRIAL DESIGN", keys=("STUDYID", "ETCD"),
    columns=(
        STUDYID, fixed("DOMAIN", "Domain Abbreviation", "TE"), _ETCD, _ELEMENT,
        variable("TESTRL", "Rule for Start of Element", "C200", "Rule",
                 "CASE element.code WHEN 'SCRN' THEN 'Enrolment, or the first record where that is earlier'"
                 " WHEN 'TRT' THEN 'Start of the first dose of the study drug'"
                 " ELSE 'Start of a dose of this step of the arm, after none or one of another' END"),
        variable("TEENRL", "Rule for End of Element", "C200", "Rule",
                 "CASE element.code WHEN 'SCRN' THEN 'Start of the first dose of the study drug'"
                 " WHEN 'TRT' THEN 'End of observation, as DS has it'"
                 " ELSE 'Start of the first dose of another step, or end of observation, as DS has it' END"),
    ),
    source=f"FROM ({{cut_row}}) cut CROSS JOIN ({_OF_TRIAL}) element ORDER BY element.place, element.code",
)  # fmt: skip
_OF_ARMS = f"""
    SELECT arm.id AS regimen_id, 1 AS place, {_SCREENING} FROM ({ARMS}) arm
     UNION ALL
    SELECT step.regimen_id, step.place, step.code, step.name, step.epoch FROM ({_STEPS}) step
"""  # noqa: S608  # our own texts
TA = Dataset(
    name="ta", label="Trial Arms", structure="TRIAL DESIGN", keys=("STUDYID", "ARMCD", "TAETORD"),
    columns=(
        STUDYID, fixed("DOMAIN", "Domain Abbreviation", "TA"), ARMCD, ARM,
        variable("TAETORD", "Planned Order of Element within Arm", "N", "Screening, then the steps of the plan",
                 "element.place", need="key"),
        _ETCD, _ELEMENT,
        variable("TABRANCH", "Branch", "C40", "Null: nothing branches here", "NULL::text"),
        variable("TATRANS", "Transition Rule", "C40", "Null: elements follow each other", "NULL::text"),
        _EPOCH,
    ),
    source=f"FROM ({ARMS}) arm CROSS JOIN ({{cut_row}}) cut JOIN ({_OF_ARMS}) element ON element.regimen_id = arm.id"
           f" WHERE NOT cut.blinded ORDER BY arm.code, element.place",
    unblinding=frozenset({"ARMCD", "ARM"}),
)  # fmt: skip

# --- What participants went through --------------------------------------------------------------

_RECORDED = "\n UNION ALL\n".join(
    f"SELECT fact.participant_id, fact.observed_at AS at FROM ({standing(table)}) fact"  # noqa: S608  # our own texts
    for table in (
        "regimens_measurement", "regimens_stay", "grading_vitalsigns", "grading_neuroassessment", "grading_treatment",
    )
)  # fmt: skip
# Whoever was recorded of, or enrolled by the trail, before the first dose.
_SCREENED = f"""
    SELECT one.id AS participant_id, least(record.at, enrolled.at) AS started_at
      FROM regimens_participant one
      LEFT JOIN (SELECT record.participant_id, min(record.at) AS at FROM ({_RECORDED}) record
                  GROUP BY record.participant_id) record ON record.participant_id = one.id
      LEFT JOIN LATERAL (SELECT min(event.at) AS at FROM audit_event event
                          WHERE event.subject = 'participant:' || one.id AND event.action = 'INSERT'
                            AND event.table_name = 'regimens_participant' AND event.at <= {{cut}}::timestamptz) enrolled
             ON true
     WHERE one.study_id = {{study}}
"""  # noqa: S608  # our own texts
_PASSED = f"""
    SELECT screened.participant_id, screened.started_at, first.first_at AS next_at, {_SCREENING}, 1 AS place
      FROM ({_SCREENED}) screened LEFT JOIN ({FIRST_DOSES}) first ON first.dosed = screened.participant_id
     WHERE screened.started_at < coalesce(first.first_at, 'infinity')
     UNION ALL
    SELECT one.participant_id, one.started_at,
           lead(one.started_at) OVER (PARTITION BY one.participant_id ORDER BY one.started_at),
           one.code, one.name, one.epoch, one.place
      FROM (SELECT given.participant_id, given.started_at, element.code, element.name, element.epoch, element.place,
                   lag(element.code) OVER (PARTITION BY given.participant_id ORDER BY given.started_at) AS before
              FROM ({_GIVEN}) given CROSS JOIN ({{cut_row}}) cut JOIN ({_STEPS}) step ON step.step_id = given.step_id
             CROSS JOIN LATERAL (SELECT {_TREATMENT}, NULL::bigint AS place WHERE cut.blinded
                                  UNION ALL
                                 SELECT step.code, step.name, step.epoch, step.place WHERE NOT cut.blinded) element
           ) one
     WHERE one.before IS DISTINCT FROM one.code
"""  # noqa: S608  # our own texts
_UNTIL = "coalesce(element.next_at, ended.observed_at, cut.at)"
SE = Dataset(
    name="se", label="Subject Elements", structure="SPECIAL PURPOSE", keys=("STUDYID", "USUBJID", "SESEQ"),
    columns=(
        STUDYID, fixed("DOMAIN", "Domain Abbreviation", "SE"), USUBJID,
        variable("SESEQ", "Sequence Number", "N", "Of the participant, in order of time",
                 "row_number() OVER (PARTITION BY fact.usubjid ORDER BY element.started_at)", need="key"),
        _ETCD, _ELEMENT,
        instant_of("SESTDTC", "Start Date/Time of Element", "As TESTRL has it", "element.started_at"),
        instant_of("SEENDTC", "End Date/Time of Element", "As TEENRL has it, or the cut", _UNTIL),
        variable("SESTDY", "Study Day of Start of Element", "N", "1: the date of the first dose, in the same zone",
                 day("element.started_at", "dosed.first_at", "fact.time_zone")),
        variable("SEENDY", "Study Day of End of Element", "N", "1: the date of the first dose, in the same zone",
                 day(_UNTIL, "dosed.first_at", "fact.time_zone")),
        variable("TAETORD", "Planned Order of Element within Arm", "N", "Of TA; null of TRT",
                 "element.place"),
        _EPOCH,
    ),
    source=f"{adsl.PARTICIPANTS}\nJOIN ({_PASSED}) element ON element.participant_id = fact.participant_id\n"
           "ORDER BY fact.usubjid, element.started_at",
)  # fmt: skip

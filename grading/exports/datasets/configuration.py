"""AUDCFG: who set up or changed what a study follows (itself, its sites, people, regimens, policies and keys), and why.

The trail that the database writes by trigger, one row for each value. People are a number of ours, never a name; what a
key is called, its networks and the seed of a sample are not told, nor free texts.
"""

from grading.exports.datasets.adam.adalert import ROLES
from grading.exports.datasets.adam.common import STUDYID
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.sql import TEXT_MOST, utc

# What the trail calls it, and what it is here. A key is two events of the study's trail.
_RECORDS = {
    "regimens_study": "STUDY", "regimens_studysite": "SITE", "regimens_membership": "MEMBER",
    "grading_blindingmanager": "BLINDING MANAGER", "grading_alertpolicy": "POLICY", "regimens_regimen": "REGIMEN",
    "regimens_step": "REGIMEN STEP", "key_made": "KEY", "key_revoked": "KEY",
}  # fmt: skip
_NO_VALUE = ("id", "key", "study_id", "regimen_id")  # which record it is: RECID and the place of a step
# Free texts, names, addresses, and what a drawn sample must not be known by: that they changed is told.
_WITHHELD = (
    "because", "reason", "approved_because", "untightened_because", "text", "source", "document", "label", "networks",
    "review_seed",
)  # fmt: skip
_STEP_LABEL = "label"  # of a step it is no name of a program
_OF_DOSES = ("REGIMEN", "REGIMEN STEP")  # what is given: no value of these to who is blinded
_PEOPLE = ("user_id", "person_id", "drafted_by_id", "approved_by_id", "named_by_id")


def _texts(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


_EVENTS = f"""
    SELECT event.id, event.at, event.actor, event.reason, kind.record,
           CASE event.table_name WHEN 'key_revoked' THEN 'DELETE' ELSE event.action END AS action,
           coalesce(event.row_id, event.after ->> 'key') AS row_id, change.field, change.was, change.becomes
      FROM audit_event event
      JOIN (VALUES {", ".join(f"('{table}', '{record}')" for table, record in _RECORDS.items())}) kind(name, record)
           ON kind.name = event.table_name
      LEFT JOIN LATERAL (
           SELECT coalesce(new.key, old.key) AS field, old.value AS was, new.value AS becomes
             FROM jsonb_each_text(coalesce(event.before, jsonb_build_object())) old
             FULL JOIN jsonb_each_text(coalesce(event.after, jsonb_build_object())) new ON new.key = old.key
            WHERE old.value IS DISTINCT FROM new.value AND coalesce(new.key, old.key) NOT IN ({_texts(_NO_VALUE)})
           ) change ON true
     WHERE event.subject = ANY (ARRAY(
           SELECT 'study:' || {{study}}
            UNION ALL SELECT 'regimen:' || regimen.id FROM regimens_regimen regimen WHERE regimen.study_id = {{study}}))
       AND event.at <= {{cut}}::timestamptz
"""  # noqa: S608  # our own texts
_ROWS = f"""
    SELECT event.*, member.role, member.user_id,
           row_number() OVER (ORDER BY event.id, event.field COLLATE "C") AS place
      FROM ({_EVENTS}) event
      LEFT JOIN ({ROLES}) member
             ON member.user_id::text = CASE WHEN event.actor LIKE 'user:%' THEN split_part(event.actor, ':', 2) END
"""  # noqa: S608  # our own texts


def _value(value: str) -> str:
    of_step = f"(fact.record = 'REGIMEN STEP' AND fact.field = '{_STEP_LABEL}')"
    return (
        f"CASE WHEN fact.field IN ({_texts(_WITHHELD)}) AND NOT {of_step} THEN NULL"
        f" WHEN cut.blinded AND fact.record IN ({_texts(_OF_DOSES)}) THEN NULL"
        f" WHEN fact.field IN ({_texts(_PEOPLE)}) THEN 'U' || {value} ELSE left({value}, {TEXT_MOST}) END"
    )


_SHOWN = f"to {TEXT_MOST} characters, people as U and their number; null for free texts, and where nothing stood"

# fmt: off
COLUMNS = (
    STUDYID,
    Column("AUDSEQ", "Sequence Number", "N", "", "Of the study, in order of the trail", "sponsor", "fact.place", "key"),
    Column("AUDDTM", "Changed (UTC)", "DT", "datetime", "When the database took it in", "sponsor", utc("fact.at"),
           "core"),
    Column("ROLE", "Role of Who Changed It", "C20", "",
           "In the study; COMMAND: a command of whoever operates the server; null: a person without a role in it",
           "sponsor", "CASE WHEN fact.actor LIKE 'user:%' THEN fact.role ELSE 'COMMAND' END", "core"),
    Column("USERID", "Person, Opaque", "C12", "", "Number of the account here; null: a command", "sponsor",
           "CASE WHEN fact.actor LIKE 'user:%' THEN 'U' || split_part(fact.actor, ':', 2) END", "core"),
    Column("ACTION", "What Was Done", "C8", "", "ADDED | CHANGED | REMOVED: a key that was revoked, too",
           "sponsor", "CASE fact.action WHEN 'UPDATE' THEN 'CHANGED' WHEN 'DELETE' THEN 'REMOVED' ELSE 'ADDED' END",
           "core", codes=("ADDED", "CHANGED", "REMOVED")),
    Column("RECORD", "Kind of Record", "C24", "", "What was set up or changed", "sponsor", "fact.record", "core",
           codes=tuple(dict.fromkeys(_RECORDS.values()))),
    Column("RECID", "Record Identifier", "C36", "", "Number of the record here, the same through all its changes",
           "sponsor", "fact.row_id", "core"),
    Column("FIELD", "Field", "C40", "", "What was set or changed; null: a key was revoked", "sponsor",
           "upper(fact.field)", "core"),
    Column("OLDVAL", "Old Value", "C200", "", f"Before, {_SHOWN}", "sponsor", _value("fact.was"), "core"),
    Column("NEWVAL", "New Value", "C200", "", f"After, {_SHOWN}", "sponsor", _value("fact.becomes"), "core"),
    Column("REASON", "Reason", "C200", "", "Why, to 200 characters, as typed", "sponsor",
           f"left(nullif(fact.reason, ''), {TEXT_MOST})", "core"),
)
# fmt: on

AUDCFG = Dataset(
    name="audcfg",
    label="Audit Trail of the Configuration",
    structure="ADAM OTHER",
    keys=("STUDYID", "AUDSEQ"),
    columns=COLUMNS,
    source=f"FROM ({_ROWS}) fact\nCROSS JOIN ({{cut_row}}) cut\nORDER BY fact.place",
    unblinding=frozenset({"REASON"}),
)

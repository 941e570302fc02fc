"""AUDIT: who recorded, corrected or withdrew which fact, when, and why: one row for each value that was changed.

Facts are written once, so that their versions are the trail. People are a role and a number of ours, never a name.
"""

from grading.exports.datasets.adam.adalert import ROLES
from grading.exports.datasets.adam.common import STUDYID, SUBJID, USUBJID
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.facts import SUBJECTS
from grading.exports.datasets.sql import TEXT_MOST, utc
from regimens.facts import Fact

# Of every fact, and said in columns of their own.
_NO_VALUE = (
    "id", "root", "participant_id", "recorded_at", "recorded_by_id", "source", "supersedes_id", "withdrawn", "reason",
    "digest", "tablet_id", "opened_at", "retyped", "unconfirmed", "unusual",
)  # fmt: skip
# Free texts, names of people and handwriting: that they changed is told, what they said is not.
_WITHHELD = (
    "because", "cause", "not_given_because", "despite_gate", "fluid_bolus_reason", "bank_because", "sentence", "text",
    "checked_by", "ward", "bed", "not_done", "dropped", "criteria",
)  # fmt: skip
# What tells what is given: no value of these leaves to who is blinded.
_OF_DOSES = ("DOSE", "DOSERELEASE", "MEASUREMENT", "TREATMENT")


def _texts(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


_OF_VERSION = ", ".join(
    f"fact.{name}"
    for name in (
        "id", "root", "participant_id", "observed_at", "recorded_at", "recorded_by_id", "source", "reason", "withdrawn",
    )
)  # fmt: skip


def _versions(model: type[Fact]) -> str:
    """Each version of the facts of a kind, with what it changed of the version that it supersedes.

    First versions apart: there are many, and nothing of them is compared.
    """
    table, record = model._meta.db_table, f"'{model.__name__.upper()}' AS record"
    by_then = "fact.recorded_at <= {cut}::timestamptz"
    return f"""
        SELECT {record}, {_OF_VERSION}, true AS is_first, NULL AS field, NULL AS was, NULL AS becomes
          FROM {table} fact WHERE fact.supersedes_id IS NULL AND {by_then}
         UNION ALL
        SELECT {record}, {_OF_VERSION}, false, change.field, change.was, change.becomes
          FROM {table} fact JOIN {table} earlier ON earlier.id = fact.supersedes_id
          LEFT JOIN LATERAL (
                SELECT new.key AS field, to_jsonb(earlier) ->> new.key AS was, new.value AS becomes
                  FROM jsonb_each_text(to_jsonb(fact)) new
                 WHERE NOT fact.withdrawn AND new.value IS DISTINCT FROM to_jsonb(earlier) ->> new.key
                   AND new.key NOT IN ({_texts(_NO_VALUE)})) change ON true
         WHERE {by_then}
"""  # noqa: S608  # our own texts


def _kinds() -> list[type[Fact]]:
    """Every kind of fact there is: a new one is in the trail without being named here."""
    return sorted(Fact.__subclasses__(), key=lambda model: model._meta.db_table)


_VERSIONS = "        UNION ALL".join(map(_versions, _kinds()))
_ROWS = f"""
    SELECT version.*, subject.usubjid, subject.number, member.role,
           row_number() OVER (PARTITION BY version.participant_id
                              ORDER BY version.recorded_at, version.id, version.field) AS place
      FROM ({_VERSIONS}) version
      JOIN ({SUBJECTS}) subject ON subject.participant_id = version.participant_id
      LEFT JOIN ({ROLES}) member ON member.user_id = version.recorded_by_id
"""  # noqa: S608  # our own texts


def _value(value: str) -> str:
    return (
        f"CASE WHEN fact.field NOT IN ({_texts(_WITHHELD)})"
        f" AND NOT (cut.blinded AND fact.record IN ({_texts(_OF_DOSES)})) THEN left({value}, {TEXT_MOST}) END"
    )


_SHOWN = f"to {TEXT_MOST} characters; null for free texts and names, and where nothing stood"

# fmt: off
COLUMNS = (
    STUDYID, USUBJID, SUBJID,
    Column("AUDSEQ", "Sequence Number", "N", "", "Of the participant, in order of recording", "sponsor", "fact.place",
           "key"),
    Column("AUDDTM", "Recorded (UTC)", "DT", "datetime", "When the server took it in", "sponsor",
           utc("fact.recorded_at"), "core"),
    Column("ROLE", "Role of Who Recorded It", "C20", "", "In the study; never a name", "sponsor", "fact.role", "core"),
    Column("USERID", "Person, Opaque", "C12", "", "Number of the account here; tells people apart", "sponsor",
           "'U' || fact.recorded_by_id", "core"),
    Column("ACTION", "What Was Done", "C9", "", "ENTERED | CORRECTED | WITHDRAWN", "sponsor",
           "CASE WHEN fact.is_first THEN 'ENTERED' WHEN fact.withdrawn THEN 'WITHDRAWN' ELSE 'CORRECTED' END", "core",
           codes=("ENTERED", "CORRECTED", "WITHDRAWN")),
    Column("RECORD", "Kind of Record", "C24", "", "Kind of the fact", "sponsor", "fact.record", "core",
           codes=tuple(model.__name__.upper() for model in _kinds())),
    Column("RECID", "Record Identifier", "C36", "", "Identifier of the fact, the same through all its corrections",
           "sponsor", "fact.root::text", "core"),
    Column("VERID", "Version Identifier", "C36", "", "Of this version of the fact; RECID of the first", "sponsor",
           "fact.id::text"),
    Column("OBSDTM", "Time of the Fact (UTC)", "DT", "datetime", "When it was so, as this version says", "sponsor",
           utc("fact.observed_at")),
    Column("FIELD", "Field", "C40", "", "What the correction changed; null: nothing, or no correction", "sponsor",
           "upper(fact.field)", "core"),
    Column("OLDVAL", "Old Value", "C200", "", f"Before, {_SHOWN}", "sponsor", _value("fact.was"), "core"),
    Column("NEWVAL", "New Value", "C200", "", f"After, {_SHOWN}", "sponsor", _value("fact.becomes"), "core"),
    Column("REASON", "Reason", "C200", "", "Why it was corrected, withdrawn or late, to 200 characters, as typed",
           "sponsor", f"left(nullif(fact.reason, ''), {TEXT_MOST})", "core"),
    Column("SRC", "How the Fact Came In", "C10", "", "PAGE | API | IMPORT | SIMULATION | PAPER", "sponsor",
           "upper(fact.source)", codes=("PAGE", "API", "IMPORT", "SIMULATION", "PAPER")),
)
# fmt: on

AUDIT = Dataset(
    name="audit",
    label="Audit Trail of Recorded Facts",
    structure="ADAM OTHER",
    keys=("STUDYID", "USUBJID", "AUDSEQ"),
    columns=COLUMNS,
    source=f"FROM ({_ROWS}) fact\nCROSS JOIN ({{cut_row}}) cut\nORDER BY fact.usubjid, fact.place",
    unblinding=frozenset({"REASON"}),
)

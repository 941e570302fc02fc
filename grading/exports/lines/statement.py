"""The one statement of an export that takes lines which were written before, and makes those that were not.

Its parts are of one snapshot: a line counts unless a transaction that it does not know of wrote something of its
participant, and every dose period without a line that counts is read as ever.
"""

from datetime import UTC, datetime

from psycopg import sql

from grading.exports.datasets.statement import here
from grading.exports.lines.texts import line_texts
from grading.models import LineSet
from regimens.blinding import Profile
from regimens.models import Study

# Of whom something was written that their lines do not know of. None below the set's number is among them; where a
# replica has no number yet, every note is looked at.
STALE = """
    SELECT DISTINCT change.participant_id FROM grading_periodchange change
     WHERE change.xact >= coalesce((SELECT xact FROM grading_lineset WHERE id = {line_set}), 0)
       AND NOT EXISTS (SELECT FROM grading_exportline line
                        WHERE line.line_set_id = {line_set} AND line.participant_id = change.participant_id
                          AND line.xact > change.xact)
"""
_COUNTS = """
    line.line_set_id = {line_set} AND line.since <= {cut}::timestamptz
    AND line.participant_id NOT IN (SELECT stale.participant_id FROM stale)
"""
# With what the index of exports has of them: nothing else is read to find their alerts.
_WITHOUT = """
    SELECT period.study_id, period.usubjid, period.dose_number, period.participant_id, period.started_at,
           period.ended_at, period.ended_by
      FROM grading_doseperiod period
     WHERE period.study_id = {study} AND {here} AND period.started_at <= {cut}::timestamptz
       AND NOT EXISTS (SELECT FROM grading_exportline line
                        WHERE {counts} AND line.usubjid = period.usubjid AND line.dose_number = period.dose_number
                          AND line.participant_id = period.participant_id)
"""
_EXPORT = """
WITH stale AS MATERIALIZED ({stale}), without AS MATERIALIZED ({without})
SELECT line.before || {cut_text} || line.after FROM (
    (SELECT line.usubjid, line.dose_number, line.before, line.after
      FROM grading_exportline line WHERE {counts} AND {line_here} ORDER BY line.usubjid, line.dose_number)
     UNION ALL
    SELECT made.usubjid, made.dose_number, made.before, made.after FROM ({made}) made
) line ORDER BY line.usubjid, line.dose_number
"""


def with_lines(
    line_set: LineSet, *, study: Study, sites: tuple[int, ...] | None, cut: datetime, profile: Profile
) -> sql.Composed:
    """SELECT one text a row, without what ends it, in the order of the keys."""
    parts = {
        "line_set": sql.Literal(line_set.pk), "study": sql.Literal(study.pk), "cut": sql.Literal(cut),
        "cut_text": sql.Literal(cut.astimezone(UTC).isoformat(timespec="seconds") + ","),
    }  # fmt: skip
    counts = sql.SQL(_COUNTS).format(**parts)
    made = line_texts(study, sites=sites, cut=cut, profile=profile, periods="without")
    return sql.SQL(_EXPORT).format(
        stale=sql.SQL(STALE).format(**parts),
        without=sql.SQL(_WITHOUT).format(**parts, counts=counts, here=here(sites, "period.participant_id")),
        counts=counts, line_here=here(sites, "line.participant_id"), made=made, **parts,
    )  # fmt: skip

"""Lines are written by a worker, of participants who changed since: nobody at a bedside waits for one.

What holds a line is nothing that anybody has to remember: its text is the same for a cut of now and for one at the end
of time, so that nothing in its row waits for anything; and whatever is written of the participant later leaves a note
by trigger (`PeriodChange`), which is asked for when an export reads it.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from psycopg import sql

from grading.exports.lines.sets import profiles_told, version_of
from grading.exports.lines.statement import STALE
from grading.exports.lines.texts import line_texts
from grading.exports.transactions import ended_below
from grading.models import ExportLine, LineSet
from regimens.blinding import Profile
from regimens.models import Study

AT_THE_END = datetime(9999, 1, 1, tzinfo=UTC)
MINUTES = 5  # the longest that one of them may take
BATCH = 500  # participants of one transaction: of many more the database expects a few, and joins row by row
FORGOTTEN = timedelta(days=1)  # after which the lines of another version, or of another profile, are let go

_WAITING = """
SELECT stale.participant_id FROM ({stale}) stale
  JOIN regimens_participant participant ON participant.id = stale.participant_id
 WHERE participant.study_id = {study} ORDER BY 1
"""
_EVERYBODY = """
SELECT period.participant_id FROM grading_doseperiod period WHERE period.study_id = {study}
 GROUP BY period.participant_id ORDER BY min(period.usubjid)
"""  # as they are read
_MAKE = """
INSERT INTO grading_exportline
       (line_set_id, participant_id, usubjid, dose_number, before, after, since, xact)
SELECT {line_set}, one.participant_id, one.usubjid, one.dose_number, one.before, one.after, {cut}::timestamptz,
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint
  FROM ({now} UNION ALL {at_the_end}) one
 WHERE one.usubjid IS NOT NULL
 GROUP BY one.participant_id, one.usubjid, one.dose_number, one.before, one.after HAVING count(*) = 2
 ORDER BY one.usubjid, one.dose_number
"""


def keep_all_lines(*, clock: Callable[[], datetime]) -> int:
    """Of every study, for each profile that it is exported under: of how many participants lines were made."""
    return sum(
        keep_lines(study, profile, clock=clock)
        for study in Study.objects.order_by("pk")
        for profile in profiles_told(study, at=clock())
    )


def keep_lines(study: Study, profile: Profile, *, clock: Callable[[], datetime]) -> int:
    at = clock()
    line_set, _made = LineSet.objects.get_or_create(
        study=study, profile=profile.value, version=version_of(study, profile), defaults={"kept_at": at}
    )  # fmt: skip
    ended = ended_below()
    participants = _waiting(line_set, study)
    for first in range(0, len(participants), BATCH):
        renew(line_set, study, profile, participants[first : first + BATCH], cut=clock())
    with transaction.atomic():
        kept = LineSet.objects.select_for_update().get(pk=line_set.pk)
        kept.xact, kept.kept_at = max(ended, kept.xact or 0), clock()
        kept.save(update_fields=["xact", "kept_at"])
    for old in LineSet.objects.filter(study=study, kept_at__lt=at - FORGOTTEN).exclude(pk=line_set.pk):
        _let_go(old)
    return len(participants)


def _waiting(line_set: LineSet, study: Study) -> list[int]:
    """Whose lines do not know of everything."""
    query, values = _WAITING, {"study": sql.Literal(study.pk), "line_set": sql.Literal(line_set.pk)}
    if line_set.xact is None:
        query = _EVERYBODY
    stale = sql.SQL(STALE).format(**values)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(query).format(**values, stale=stale))
        return [key for (key,) in cursor]


def renew(line_set: LineSet, study: Study, profile: Profile, participants: Sequence[int], *, cut: datetime) -> None:
    """All lines of these, as one statement knows the tables. Whoever does the same of this set waits for its end."""
    with transaction.atomic():
        LineSet.objects.select_for_update().get(pk=line_set.pk)
        lines = ExportLine.objects.filter(line_set=line_set, participant__in=participants)
        lines._raw_delete(lines.db)
        now, at_the_end = (
            line_texts(study, cut=moment, profile=profile, participants=participants) for moment in (cut, AT_THE_END)
        )
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{MINUTES}min'")
            cursor.execute("SET LOCAL jit = off")  # compiling the columns takes longer than the lines
            cursor.execute(sql.SQL(_MAKE).format(
                line_set=sql.Literal(line_set.pk), cut=sql.Literal(cut), now=now, at_the_end=at_the_end,
            ))  # fmt: skip


def _let_go(line_set: LineSet) -> None:
    with transaction.atomic():
        lines = ExportLine.objects.filter(line_set=line_set)
        lines._raw_delete(lines.db)
        LineSet.objects.filter(pk=line_set.pk).delete()

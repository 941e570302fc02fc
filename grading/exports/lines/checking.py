"""Lines beside the rows that they stand for: whether what exports would take is what they would make."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from psycopg import sql

from grading.course.compare import Difference
from grading.exports.lines.keeping import BATCH, renew
from grading.exports.lines.sets import profiles_told, usable_set
from grading.exports.lines.statement import STALE
from grading.exports.lines.texts import AFTER, BEFORE, line_texts
from grading.models import ExportLine, LineSet
from regimens.blinding import Profile
from regimens.models import Study

_DIFFERING = """
WITH stale AS MATERIALIZED ({stale})
SELECT line.participant_id, line.usubjid, line.dose_number, line.before || line.after, made.before || made.after
  FROM grading_exportline line
  LEFT JOIN ({made}) made
         ON made.participant_id = line.participant_id AND made.dose_number = line.dose_number
 WHERE line.line_set_id = {line_set} AND line.participant_id = ANY({participants}::bigint[])
   AND line.participant_id NOT IN (SELECT stale.participant_id FROM stale)
   AND (line.before, line.after) IS DISTINCT FROM (made.before, made.after)
 ORDER BY line.usubjid, line.dose_number
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedLines:
    """Of a study: its lines, the participants of whom one says something else, and where."""

    study: Study
    line_set: LineSet
    participants: list[int]
    differences: list[Difference]

    def make_again(self, *, at: datetime) -> None:
        if self.participants:
            renew(self.line_set, self.study, Profile(self.line_set.profile), self.participants, cut=at)


def checked_lines(*, study: str | None = None, number: str | None = None, at: datetime) -> Iterator[CheckedLines]:
    """Of every study, or of one, or of one participant. Writes nothing."""
    for one in Study.objects.filter(**{"code": study} if study else {}).order_by("code"):
        for profile in profiles_told(one, at=at):
            if (line_set := usable_set(one, profile)) is not None:
                yield _checked(one, line_set, number, at)


def _checked(study: Study, line_set: LineSet, number: str | None, at: datetime) -> CheckedLines:
    checked = CheckedLines(study=study, line_set=line_set, participants=[], differences=[])
    lines = ExportLine.objects.filter(line_set=line_set, **{"participant__number": number} if number else {})
    keys = list(lines.order_by("participant").values_list("participant", flat=True).distinct())
    for first in range(0, len(keys), BATCH):
        batch = keys[first : first + BATCH]
        values = {"line_set": sql.Literal(line_set.pk), "participants": sql.Literal(batch)}
        made = line_texts(study, cut=at, profile=Profile(line_set.profile), participants=batch)
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(_DIFFERING).format(stale=sql.SQL(STALE).format(**values), made=made, **values))
            rows = cursor.fetchall()
        for participant, usubjid, dose_number, stored, derived in rows:
            checked.participants.append(participant)
            checked.differences.extend(_cells(f"{usubjid} {dose_number}", stored, derived))
    return checked


def _cells(row: str, stored: str, derived: str | None) -> Iterator[Difference]:
    if derived is None:
        yield Difference(table="ExportLine", row=row, column="", stored="a line", derived="no row")
        return
    names = [column.name for column in (*BEFORE, *AFTER)]
    was, now = (next(csv.reader([text])) for text in (stored, derived))
    if len(was) != len(now):
        yield Difference(table="ExportLine", row=row, column="", stored=stored, derived=derived)
        return
    for name, old, new in zip(names, was, now, strict=True):
        if old != new:
            yield Difference(table="ExportLine", row=row, column=name, stored=old, derived=new)

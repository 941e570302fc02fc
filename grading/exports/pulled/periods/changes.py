"""Whose dose periods are to be sent again, so that what a program has and what it is sent are what a whole pull gives.

By participant: all rows of one in whom anything changed are sent, and the numbers that she has no row of are said to be
deleted. A row that is sent once too often does no harm; one that is missed does. So these count as changed:

- of whom a transaction wrote anything that a row is made of, by number (`PeriodChange`): each that was not known to be
  over when the last pull began;
- what was written in the five minutes before that pull: the clocks of two servers may differ so much;
- whose rows depend on the clock: a period or an episode that was open then, or begins after;
- who has left the sites of the scope since.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from psycopg import sql

from crsmonitor import __version__
from grading.course.dose_periods.naming import identifier_of
from grading.exports.datasets.adcrsp.columns import DATASET_VERSION
from grading.exports.pulled.periods.cursor import Mark
from grading.exports.rows import Scope
from grading.exports.transactions import ended_below, place
from regimens.models import Participant, Transfer

CLOCKS_DIFFER = timedelta(minutes=5)
# Of a pull that begins at an instant: no transaction of the site is at work so long (crsmonitor/database/limits.py).
AT_WORK = timedelta(hours=1)
LEFT_BEFORE = timedelta(days=1)

_CHANGED = """
    EXISTS (SELECT FROM grading_periodchange change
             WHERE change.participant_id = participant.id AND ({xact} <= change.xact OR {written} <= change.at))
    OR EXISTS (SELECT FROM grading_doseperiod period
                WHERE period.participant_id = participant.id
                  AND (period.started_at > {since} OR period.dose_ended_at > {since}
                       OR (coalesce(period.ended_at > {since}, true) AND period.ended_by <> 'NOT GIVEN')))
    OR EXISTS (SELECT FROM grading_episode episode
                WHERE episode.participant_id = participant.id AND coalesce(episode.ended_at > {since}, true))
    OR NOT {here}
"""

_PARTICIPANTS = """
SELECT participant.id,
       (SELECT array_agg(period.dose_number) FROM grading_doseperiod period
         WHERE period.participant_id = participant.id AND period.started_at <= {cut} AND {here}),
       (SELECT count(DISTINCT dose.root) FROM regimens_dose dose WHERE dose.participant_id = participant.id)
  FROM regimens_participant participant
 WHERE participant.study_id = {study} AND participant.id > {after} AND ({here} OR {left}) AND ({changed})
 ORDER BY participant.id LIMIT {limit}
"""

_LEFT = """
    EXISTS (SELECT FROM regimens_transfer move
             WHERE move.participant_id = participant.id AND move.from_site_id = ANY({sites}::bigint[])
               AND move.at >= {since})
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A participant whose rows are sent again. `numbers`: of the doses there are rows of; `most`: no number is higher.

    Numbers are counted by the start of the dose, so that no participant ever had one above the count of her doses, in
    any version of them.
    """

    participant_id: int
    numbers: frozenset[int]
    most: int

    @property
    def gone(self) -> list[int]:
        return [number for number in range(1, self.most + 1) if number not in self.numbers]


def mark_and_place(scope: Scope, *, at: datetime) -> tuple[Mark, str]:
    """Where a pull that begins now begins, and the hash of what it is of. Ask before anything of it is read."""
    xact = ended_below()
    bears_on_every_row = [
        place(), __version__, DATASET_VERSION, scope.study.pk, scope.study.code,
        scope.sites, scope.profile.value,
    ]  # fmt: skip
    digest = hashlib.sha256(json.dumps(bears_on_every_row).encode()).hexdigest()
    return Mark(xact=xact, at=at), digest[:32]


def changed(scope: Scope, *, since: Mark | None, cut: datetime, after: int, limit: int) -> list[Changed]:
    """At most `limit` participants in order of their keys, those after `after`. `since` None: every one."""
    values: dict[str, sql.Composable] = {"here": sql.SQL("true"), "cut": _moment(cut)}
    if scope.sites is not None:
        values["here"] = sql.SQL("participant.site_id = ANY({}::bigint[])").format(sql.Literal(list(scope.sites)))
    any_change: sql.Composable = sql.SQL("true")
    left: sql.Composable = sql.SQL("false")
    if since is not None:
        any_change = _any_change(since, values["here"])
        if scope.sites is not None:
            left = sql.SQL(_LEFT).format(
                sites=sql.Literal(list(scope.sites)), since=_moment(since.at - LEFT_BEFORE)
            )  # fmt: skip
    query = sql.SQL(_PARTICIPANTS).format(
        study=sql.Literal(scope.study.pk), after=sql.Literal(after), limit=sql.Literal(limit), left=left,
        changed=any_change, **values,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [Changed(participant_id=key, numbers=frozenset(there or ()), most=most) for key, there, most in cursor]


def _any_change(since: Mark, here: sql.Composable) -> sql.Composed:
    by_number = since.xact is not None
    return sql.SQL(_CHANGED).format(
        xact=sql.Literal(since.xact) if by_number else sql.SQL("NULL::bigint"),
        written=_moment(since.at - (CLOCKS_DIFFER if by_number else AT_WORK)), since=_moment(since.at), here=here,
    )  # fmt: skip


def _moment(at: datetime) -> sql.Composed:
    return sql.SQL("{}::timestamptz").format(sql.Literal(at))


def deleted(rows: Sequence[Changed]) -> list[dict[str, Any]]:
    """The keys that no row has now, in order. Most never had one: what is not there is deleted without harm."""
    gone = {one.participant_id: one.gone for one in rows if one.gone}
    participants = Participant.objects.filter(pk__in=gone).select_related("study", "site").order_by("pk")
    moves = Transfer.objects.filter(participant__in=gone).select_related("from_site").order_by("participant", "-at")
    enrolled = {move.participant_id: move.from_site for move in moves}  # the first move is the last one here
    return [
        {"STUDYID": one.study.code, "USUBJID": identifier_of(one, enrolled.get(one.pk, one.site)), "DOSENUM": number}
        for one in participants
        for number in gone[one.pk]
    ]

"""Rows of ADCRSP as they change: what a program has, with what it is sent here, is what a whole pull gives."""

import hashlib
import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from itertools import accumulate, takewhile

from django.http import HttpRequest, HttpResponse

from crsmonitor.accounts.models import User
from grading.exports.datasets.adcrsp.columns import DATASET_VERSION
from grading.exports.datasets.adcrsp.query import ADCRSP
from grading.exports.datasets.statement import statement
from grading.exports.formats import dataset_json, oids
from grading.exports.pulled.periods.changes import Changed, changed, deleted, mark_and_place
from grading.exports.pulled.periods.cursor import Cursor, Mark
from grading.exports.rows import Scope
from grading.exports.trail import record_begun, record_ended
from grading.exports.writers import Download

# The cut is of the whole answer: in the rows it would be another in each pull.
DOSE_PERIODS = replace(ADCRSP, columns=tuple(column for column in ADCRSP.columns if column.name != "CUTDTM"))
USUAL, MOST = 1_000, 5_000  # rows of one answer, about: a participant's are never parted


def pull(
    scope: Scope, *, cursor: str, since: datetime | None, limit: int, request: HttpRequest, user: User, at: datetime
) -> HttpResponse:
    """One page. `cursor` empty: a pull begins, of everything, or of what changed since `since`.

    Raises InvalidInput, CursorEnded, ExportRunning.
    """
    begun, place = mark_and_place(scope, at=at)
    known = None if since is None else Mark(xact=None, at=since)
    now = Cursor.read(cursor, scope=place) if cursor else Cursor(scope=place, since=known)
    upto = now.upto or begun
    waiting = changed(scope, since=now.since, cut=upto.at, after=now.after, limit=limit + 1)
    page = _filled(waiting, limit)
    more = len(page) < len(waiting)
    if more:
        following = replace(now, upto=upto, after=page[-1].participant_id)
    else:
        following = Cursor(scope=place, since=upto)
    pulled = {
        "dataset": ADCRSP.name, "format": "changes", "cut": upto.at, "sites": scope.sites, "profile": scope.profile,
        "by_token": getattr(request, "auth", None) is not None, "since": now.since and now.since.at,
        "after": now.after, "limit": limit,
    }  # fmt: skip
    record_begun(scope, by=user, pulled=pulled)
    rows = _rows(scope, [one.participant_id for one in page if one.numbers], cut=upto.at, user=user)
    head = {
        "studyOID": oids.study_oid(scope.study.code), "dataset": ADCRSP.name.upper(), "version": DATASET_VERSION,
        "cut": upto.at.isoformat(), "columns": [column.name for column in DOSE_PERIODS.columns],
        "deleted": deleted(page) if now.since else [], "more": more, "cursor": following.text(),
    }  # fmt: skip
    body = json.dumps(head).encode()[:-1] + b',"upserts":[' + b",\n".join(rows) + b"]}\n"
    record_ended(scope, by=user, pulled=pulled, bytes=len(body), sha256=hashlib.sha256(body).hexdigest())
    return HttpResponse(body, content_type="application/json")


def _filled(waiting: Sequence[Changed], limit: int) -> list[Changed]:
    """The first of them, until they have about `limit` rows; one at least."""
    before = accumulate((max(one.most, len(one.numbers)) for one in waiting), initial=0)
    return [one for one, _rows_before in takewhile(lambda each: each[1] < limit, zip(waiting, before, strict=False))]


def _rows(scope: Scope, participants: Sequence[int], *, cut: datetime, user: User) -> list[bytes]:
    """Each a JSON array in the order of the columns."""
    if not participants:
        return []
    query = statement(
        DOSE_PERIODS, study=scope.study, sites=scope.sites, cut=cut, profile=scope.profile, participants=participants
    )
    with closing(Download(dataset_json.copies(DOSE_PERIODS, query, local=False), user_id=user.pk)) as download:
        lines = b"".join(download).replace(dataset_json.BETWEEN.encode(), b",").splitlines()
    return [b"[" + line + b"]" for line in lines]

"""One data set as an answer: the rows of now, or a part of them, as Dataset-JSON 1.1."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Any

from django.db import connection
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from psycopg import sql

from crsmonitor.accounts.models import User
from grading.exports.datasets.dataset import Dataset
from grading.exports.datasets.statement import statement
from grading.exports.formats import dataset_json
from grading.exports.rows import Scope
from grading.exports.trail import record_begun, record_ended
from grading.exports.writers import Download

LINES = "application/x-ndjson"
IN_MEMORY = 1_000_000  # bytes of an answer that are kept without a file


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRange:
    """Which rows, counted from 0. `limit` None: all that follow."""

    offset: int = 0
    limit: int | None = None


def metadata(dataset: Dataset, scope: Scope, *, at: datetime) -> dict[str, Any]:
    """All but the rows, which are counted."""
    counted = records(dataset, scope, at=at)
    return dataset_json.metadata(dataset, made_at=at, study=scope.study.code, records=counted)


def records(dataset: Dataset, scope: Scope, *, at: datetime) -> int:
    with connection.cursor() as cursor:
        rows = statement(dataset, study=scope.study, sites=scope.sites, cut=at, profile=scope.profile)
        cursor.execute(sql.SQL("SELECT count(*) FROM ({}) counted").format(rows))
        return int(cursor.fetchone()[0])


Write = Callable[[Iterator[bytes], Any], None]


def rows_only(
    dataset: Dataset, scope: Scope, part: RowRange, *, request: HttpRequest, user: User, at: datetime
) -> HttpResponseBase:
    return _answer(dataset, scope, part, request=request, user=user, at=at, write=_write_rows)


def data_set(
    dataset: Dataset, scope: Scope, part: RowRange, *, request: HttpRequest, user: User, at: datetime
) -> HttpResponseBase:
    """Raises ExportRunning where this user has one already."""
    about = {"made_at": at, "study": scope.study.code}
    write = partial(_write, dataset_json.write_copied, dataset, about)
    return _answer(dataset, scope, part, request=request, user=user, at=at, write=write)


def lines(dataset: Dataset, scope: Scope, *, request: HttpRequest, user: User, at: datetime) -> HttpResponseBase:
    """The same as Dataset-NDJSON."""
    about = {"made_at": at, "study": scope.study.code}
    write = partial(_write, dataset_json.write_copied_lines, dataset, about)
    return _answer(dataset, scope, RowRange(), request=request, user=user, at=at, write=write, form=LINES)


def _write(
    way: Callable[..., None], dataset: Dataset, about: dict[str, Any], copied: Iterator[bytes], out: Any
) -> None:
    way(dataset, copied, out, **about)


def _answer(
    dataset: Dataset, scope: Scope, part: RowRange, *, request: HttpRequest, user: User, at: datetime, write: Write,
    form: str = "application/json",
) -> HttpResponseBase:  # fmt: skip
    rows = statement(dataset, study=scope.study, sites=scope.sites, cut=at, profile=scope.profile)
    # A source ends with its order, so that a part of the rows is the same part each time.
    some = sql.SQL("{} OFFSET {} LIMIT {}").format(rows, sql.Literal(part.offset), sql.Literal(part.limit))
    pulled = {
        "dataset": dataset.name, "format": "ndjson" if form == LINES else "dataset-json", "cut": at,
        "sites": scope.sites, "profile": scope.profile,
        "by_token": getattr(request, "auth", None) is not None, **asdict(part),
    }  # fmt: skip
    download = Download(dataset_json.copies(dataset, some), user_id=user.pk)
    record_begun(scope, by=user, pulled=pulled)
    digest = hashlib.sha256()
    with ExitStack() as unless_answered:
        out: Any = unless_answered.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        with closing(download):
            write(_hashed(download, digest, at), out)
        size = out.tell()
        out.seek(0)
        etag = f'W/"{digest.hexdigest()}"'
        record_ended(scope, by=user, pulled=pulled, bytes=size, rows_sha256=digest.hexdigest())
        if unchanged := get_conditional_response(request, etag=etag):
            return unchanged
        unless_answered.pop_all()  # the answer closes it
    response = FileResponse(out, content_type=form)
    response["ETag"] = etag
    return response


def _hashed(download: Download, digest: Any, at: datetime) -> Iterator[bytes]:
    """The rows, each a line, since JSON has no line feed in a text. The instant of the cut alone makes none another."""
    cut = f'"{at:%Y-%m-%dT%H:%M:%S}"'.encode()
    for block in download:
        for line in block.splitlines(keepends=True):
            digest.update(line.replace(cut, b""))
            yield line


def _write_rows(lines: Iterator[bytes], out: Any) -> None:
    out.write(b'{"rows":[')
    for number, line in enumerate(lines):
        cells = line.rstrip(b"\n").replace(dataset_json.BETWEEN.encode(), b",")
        out.write((b",\n[" if number else b"\n[") + cells + b"]")
    out.write(b"\n]}\n")

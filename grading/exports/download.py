"""An export as an HTTP answer, the same for pages and API."""

import codecs
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils.dateparse import parse_datetime

from crsmonitor import __version__
from crsmonitor.accounts.models import User
from crsmonitor.errors import InvalidInput
from crsmonitor.operating import release
from grading.exports.datasets.adcrsp.columns import DATASET_VERSION
from grading.exports.datasets.adcrsp.query import ADCRSP
from grading.exports.formats import dictionary
from grading.exports.lines.reading import download_with_lines
from grading.exports.rows import Scope, checked_cut, rows_of
from grading.exports.trail import record_begun, record_ended
from grading.exports.writers import Download, SentFile

CSV = "text/csv; charset=utf-8"
PROGRAM = f"crsmonitor {__version__}"
PARAMETERS = frozenset({"cut", "format_variant"})
VARIANTS = ("data", "excel")  # excel: for people with a spreadsheet, never for a program


def adcrsp(request: HttpRequest, scope: Scope, *, user: User, at: datetime) -> StreamingHttpResponse:
    """The rows, streamed. Raises InvalidInput for a bad `format_variant` or `cut`, ExportRunning."""
    for unknown in sorted(set(request.GET) - PARAMETERS):  # one that is not applied shows too much
        raise InvalidInput.at(unknown, "no_such_parameter")
    variant = request.GET.get("format_variant", VARIANTS[0])
    if variant not in VARIANTS:
        raise InvalidInput.at("format_variant", "one_of", choices=", ".join(VARIANTS))
    cut = checked_cut(scope, moment_in(request.GET.get("cut", "")), at=at)
    excel = variant == "excel"
    pulled = {
        "dataset": "adcrsp", "version": DATASET_VERSION, "cut": cut, "variant": variant, "sites": scope.sites,
        "profile": scope.profile, "by_token": getattr(request, "auth", None) is not None,
    }  # fmt: skip
    sending: dict[str, Any] = {"user_id": user.pk, "ended": partial(_ended, user, scope, pulled)}
    download = None if excel else download_with_lines(scope, cut, **sending)
    if download is None:
        begin = codecs.BOM_UTF8 if excel else b""
        download = Download(rows_of(scope, cut, excel_safe=excel), begin=begin, **sending)
    record_begun(scope, by=user, pulled=pulled)
    response = StreamingHttpResponse(download, content_type=CSV)
    marked = "-excel" if excel else ""
    _attach(response, f"adcrsp-{scope.study.code}-{cut:%Y%m%dT%H%M%S}Z{marked}.csv")
    response["X-Dataset-Version"] = DATASET_VERSION
    # Empty columns are named: what nothing is collected for yet, and what is not told to this recipient.
    response["X-Missing-Columns"] = ", ".join(ADCRSP.lacks)
    response["X-Withheld-Columns"] = ", ".join(sorted(ADCRSP.withheld(scope.profile)))
    response["X-Program-Version"] = PROGRAM
    response["X-Program-Commit"] = release.commit()
    response["X-Accel-Buffering"] = "no"  # a proxy must not gather it either
    return response


def _ended(user: User, scope: Scope, pulled: dict[str, Any], sent: SentFile) -> None:
    """What has left, and whether all of it: in the trail of the study, beside that it was begun."""
    record_ended(scope, by=user, pulled=pulled, **asdict(sent))
    if not connection.in_atomic_block:  # the thread of a download asks the database for nothing else
        connection.close()


def dictionary_as_csv() -> HttpResponse:
    response = HttpResponse(dictionary.as_csv(ADCRSP.columns), content_type=CSV)
    _attach(response, "adcrsp.dictionary.csv")
    return response


def dictionary_as_json() -> JsonResponse:
    made_by = {"program": PROGRAM, "commit": release.commit()}
    columns = {"columns": dictionary.entries(ADCRSP.columns), "missing": ADCRSP.lacks}
    return JsonResponse({"dataset": "ADCRSP", "version": DATASET_VERSION} | made_by | columns)


def _attach(response: HttpResponse | StreamingHttpResponse, name: str) -> None:
    response["Content-Disposition"] = f'attachment; filename="{quote(name)}"'


def moment_in(text: str, *, field: str = "cut") -> datetime | None:
    """None where none is asked for."""
    if not text:
        return None
    try:
        moment = parse_datetime(text.replace(" ", "+"))  # an unquoted + arrives as a space
        # An offset of more than 16 hours is none to the database, and the year 1 has no UTC in all places.
        moment = moment if moment is None or moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise InvalidInput.at(field, "not_an_instant")
    return moment

"""The archive of a cut as an HTTP answer, whole or a range of it, the same for pages and API."""

import logging
from collections.abc import Iterator
from itertools import chain
from urllib.parse import quote

from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from crsmonitor.accounts.models import User
from crsmonitor.audit.events import record_event
from crsmonitor.stores.s3 import StoreTrouble
from grading.exports.blinding.telling import record_unblinding
from grading.exports.cuts.ranges import ByteRange, Unsatisfiable, asked_range
from grading.exports.cuts.selectors import PULLED, roles_in
from grading.exports.packet.stored import bytes_of
from grading.exports.writers import BLOCK, Turn
from grading.models import Packet
from regimens.blinding import Profile

ZIP = "application/zip"
logger = logging.getLogger(__name__)


def packet_answer(request: HttpRequest, packet: Packet, *, user: User, by_token: bool) -> HttpResponseBase:
    """200, 206, 304, 412 or 416. That bytes were asked for is in the study's trail before the first one leaves.

    Raises ExportRunning where this user takes one away already, StoreTrouble where the packet cannot be read now.
    """
    etag, size = f'"{packet.sha256}"', packet.size or 0
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    whole, part = ByteRange(0, size - 1), None
    if request.method == "GET" and request.headers.get("If-Range", etag) == etag:
        try:
            part = asked_range(request.headers.get("Range", ""), size)
        except Unsatisfiable:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    given = part or whole
    if request.method == "HEAD":
        response: HttpResponseBase = HttpResponse(content_type=ZIP)
    else:
        sent = SentPacket(packet, given, user_id=user.pk)
        _record(packet, given, user=user, by_token=by_token)
        response = StreamingHttpResponse(sent, content_type=ZIP, status=206 if part else 200)
    if part:
        response["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    response["Content-Length"] = str(given.length)
    response["Accept-Ranges"], response["ETag"] = "bytes", etag
    response["Content-Disposition"] = f'attachment; filename="{quote(name_of(packet))}"'
    response["X-Accel-Buffering"] = "no"  # a proxy must not gather it
    return response


def name_of(packet: Packet) -> str:
    return f"{packet.cut.study.code}-{packet.cut.label}.zip"


def _record(packet: Packet, given: ByteRange, *, user: User, by_token: bool) -> None:
    cut = packet.cut
    record_event(
        PULLED, by=user, subject=f"study:{cut.study_id}", cut=cut.pk, label=cut.label, profile=cut.profile,
        sha256=packet.sha256, size=packet.size, first=given.first, bytes=given.length,
        roles=roles_in(cut.study, user), by_token=by_token,
    )  # fmt: skip
    record_unblinding(cut.study, Profile(cut.profile), by=user, what=f"packet {cut.label}")


class SentPacket:
    """One running download: one of a user at a time, whose first part was read before anything is said to leave.

    Iterate it once; `close` it whatever happened.
    """

    def __init__(self, packet: Packet, given: ByteRange, *, user_id: int) -> None:
        self.packet, self.turn = packet, Turn(user_id)
        self._parts = bytes_of(packet, given.first, given.last)
        try:
            self._first = next(self._parts)
        except BaseException:
            self.turn.end()
            raise
        self._blocks = self._read()

    def _read(self) -> Iterator[bytes]:
        """Between two parts a slow reader keeps no connection of the pool."""
        try:
            for data in chain([self._first], self._parts):
                if not connection.in_atomic_block:
                    connection.close()
                for start in range(0, len(data), BLOCK):
                    yield data[start : start + BLOCK]
        except StoreTrouble as trouble:  # what was said to come does not: the client asks for the rest later
            logger.warning("packet %s: broken off (%s)", self.packet.pk, trouble.message.code)
            raise
        finally:
            self.turn.end()

    def __iter__(self) -> Iterator[bytes]:
        return self._blocks

    def close(self) -> None:
        self._blocks.close()  # type: ignore[attr-defined]  # a generator
        self.turn.end()

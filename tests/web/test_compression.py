"""What is compressed on its way, and what is not."""

import gzip
import zlib
from collections.abc import AsyncGenerator, Iterable

import pytest
from django.conf import settings
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import RequestFactory

from crsmonitor.pages.compression import LEAST_BYTES, LONG_BYTES, CompressionMiddleware, Packed, packed
from crsmonitor.web.bridge import LiveResponse
from tests import loops

LONG = "<p>a row</p>" * 1000


def answered(response, *, accepts: str = "gzip, deflate, br"):
    return CompressionMiddleware(lambda request: response)(
        RequestFactory().get("/", headers={"Accept-Encoding": accepts})
    )


@pytest.mark.parametrize("answer", [HttpResponse(LONG), JsonResponse({"rows": LONG})])
def test_pages_and_json_are_compressed_for_whoever_takes_it(answer):
    plain = answer.content

    compressed = answered(answer)

    assert (compressed["Content-Encoding"], compressed["Vary"]) == ("gzip", "Accept-Encoding")
    assert len(compressed.content) == int(compressed["Content-Length"]) < len(plain) / 5
    assert gzip.decompress(compressed.content) == plain


@pytest.mark.parametrize(
    "answer",
    [
        HttpResponse("x" * (LEAST_BYTES - 1)),
        HttpResponse(LONG, content_type="text/csv"),
        HttpResponse(LONG, headers={"Content-Disposition": 'attachment; filename="packet.json"'}),
        StreamingHttpResponse([LONG]),
        LiveResponse(live=None, content_type="text/event-stream"),
    ],
    ids=["short", "another kind", "a download", "streamed", "events"],
)
def test_what_is_left_as_it_is(answer):
    assert not answered(answer).has_header("Content-Encoding")


def test_who_does_not_take_it_gets_it_as_it_is():
    assert answered(HttpResponse(LONG), accepts="identity").content.decode() == LONG


def test_what_stands_against_guessing_by_length():
    assert CompressionMiddleware.max_random_bytes == 100
    assert (settings.SESSION_COOKIE_SAMESITE, settings.CSRF_COOKIE_SAMESITE) == ("Lax", "Lax")


class Sent:
    """Events of an open page."""

    def __init__(self, sent: Iterable[bytes]) -> None:
        self.sent = sent

    async def events(self) -> AsyncGenerator[bytes, None]:
        for event in self.sent:
            yield event


def test_each_event_of_a_stream_is_there_with_its_piece_and_the_stream_is_whole_at_its_end():
    sent = [b"retry: 2000\n\n", LONG.encode(), b"event: heartbeat\ndata: -\n\n", b"x" * LONG_BYTES, LONG.encode()]

    async def pieces() -> list[bytes]:
        return [piece async for piece in Packed(Sent(sent)).events()]

    head, *rest, last = loops.run(pieces())
    browser = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)

    assert browser.decompress(head) == b""
    assert [browser.decompress(piece) for piece in rest] == sent
    assert browser.decompress(last) == b""
    assert browser.eof  # its check of the whole was right
    assert len(rest[1]) < len(LONG) / 20
    assert packed(LONG.encode()) is packed(LONG.encode())

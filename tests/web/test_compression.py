"""What is compressed on its way, and what is not."""

import gzip

import pytest
from django.conf import settings
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import RequestFactory

from crsmonitor.pages.compression import LEAST_BYTES, CompressionMiddleware
from crsmonitor.web.bridge import LiveResponse

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

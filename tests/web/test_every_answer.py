"""What every answer says, also where the event loop answers without Django; and where a message of HTTP ends."""

import asyncio

import httptools
import pytest

from crsmonitor.asgi import application
from crsmonitor.web.headers import of_every_answer
from crsmonitor.web.messages import BODY_BYTES
from tests import loops


def headers_of(path: str, *, method: str = "GET", body: bytes = b"") -> tuple[int, dict[str, str]]:
    """Status and headers, as the server would send them."""
    sent: list = []
    requests = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive():
        return requests.pop() if requests else await asyncio.Future()

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": [], "http_version": "1.1"}
    loops.run(application(scope, receive, send))
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


@pytest.mark.parametrize(
    ("path", "body", "status", "kind"),
    [
        ("/static/crsmonitor/app.css", b"", 200, 'text/css; charset="utf-8"'),
        ("/healthz", b"", 200, "text/plain; charset=utf-8"),
        ("/api/v1/participants/", b" " * (BODY_BYTES + 1), 413, "application/problem+json"),
        ("/", b" " * (BODY_BYTES + 1), 413, "text/plain; charset=utf-8"),
    ],
)
def test_what_the_event_loop_answers_has_the_headers_of_a_page(path, body, status, kind):
    answered, headers = headers_of(path, method="POST" if body else "GET", body=body)

    assert (answered, headers["content-type"]) == (status, kind)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    for directive in ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert directive in headers["content-security-policy"].split("; ")


@pytest.mark.req("R29")
def test_under_tls_a_browser_never_comes_back_without(settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000

    assert (b"strict-transport-security", b"max-age=31536000; includeSubDomains; preload") in of_every_answer()


class Heard:
    """What the parser of the server makes of the bytes."""

    def __init__(self) -> None:
        self.requests = 0

    def on_message_complete(self) -> None:
        self.requests += 1


HEAD = b"POST / HTTP/1.1\r\nHost: crs.example.org\r\n"
ANOTHER = b"GET /admin/ HTTP/1.1\r\nHost: crs.example.org\r\n\r\n"


@pytest.mark.parametrize(
    "request_",
    [
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + ANOTHER,
        HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + ANOTHER,
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n12345" + ANOTHER,
        HEAD + b"Transfer-Encoding: xchunked\r\n\r\n12345" + ANOTHER,
        HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + ANOTHER,
        HEAD + b"Content-Length: +5\r\n\r\n12345" + ANOTHER,
        HEAD + b"Content-Length : 5\r\n\r\n12345" + ANOTHER,
    ],
)
def test_no_request_hides_in_another(request_):
    """Whoever stands in front may read its end elsewhere: where two readings are possible, it is refused."""
    heard = Heard()
    with pytest.raises(httptools.HttpParserError):
        httptools.HttpRequestParser(heard).feed_data(request_)

    assert heard.requests == 0

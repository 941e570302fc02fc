"""Pages and answers are compressed: a board of 500 goes over the ward's network in 40 kB instead of a megabyte.

BREACH guesses a secret of a compressed page by the length of answers to what it has the page say. Against it: the key
of forms is masked anew in every answer (Django), each answer is made longer by a random number of bytes
(GZipMiddleware), and cookies do not go along with requests of other sites (SameSite). Streams of events have no key
and no words of who asks in them; each event leaves at once, compressed once for all who are sent it. Files of ours were
compressed when they were collected.
"""

import asyncio
import contextlib
import re
import zlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

LEAST_BYTES = 1400  # what fits into one packet is there as soon as it is
KINDS = frozenset({"text/html", "application/json", "application/problem+json"})
LONG_BYTES = 64 * 1024  # what takes longer than a millisecond is compressed in a thread

# RFC 1952: the head of a stream without a name and a time, and its last block, which is empty; then CRC-32 and length.
_HEAD, _LAST = b"\x1f\x8b\x08\0\0\0\0\0\0\xff", b"\x03\0"


class CompressionMiddleware(GZipMiddleware):
    """Of what Django answers whole; a download stays the bytes that its digest was taken of."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.get("Content-Type", "").partition(";")[0]
        is_whole = not response.streaming and not response.has_header("Content-Disposition")
        if not is_whole or kind not in KINDS or len(response.content) < LEAST_BYTES:  # type: ignore[attr-defined]
            return response
        return super().process_response(request, response)  # type: ignore[arg-type,return-value]


class _Live(Protocol):
    def events(self) -> AsyncGenerator[bytes, None]: ...


def takes_gzip(request: HttpRequest) -> bool:
    return re.search(r"\bgzip\b", request.headers.get("Accept-Encoding", "")) is not None


@dataclass(frozen=True, slots=True)
class Packed:
    """The same events as one stream in gzip."""

    live: _Live

    async def events(self) -> AsyncGenerator[bytes, None]:
        yield _HEAD
        check = length = 0
        async with contextlib.aclosing(self.live.events()) as events:
            async for event in events:
                check, length = zlib.crc32(event, check), length + len(event)
                yield packed(event) if len(event) < LONG_BYTES else await asyncio.to_thread(packed, event)
        yield _LAST + b"".join(number.to_bytes(4, "little") for number in (check, length & 0xFFFFFFFF))


@lru_cache(maxsize=64)  # many pages are sent the same
def packed(event: bytes) -> bytes:
    """A piece of such a stream that is made of nothing before it, up to a whole byte."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(event) + packer.flush(zlib.Z_SYNC_FLUSH)

"""Pages and answers are compressed: a board of 500 goes over the ward's network in 40 kB instead of a megabyte.

BREACH guesses a secret of a compressed page by the length of answers to what it has the page say. Against it: the key
of forms is masked anew in every answer (Django), each answer is made longer by a random number of bytes
(GZipMiddleware), and cookies do not go along with requests of other sites (SameSite). Streams of events are no answer
of Django's: each event leaves at once and as it is. Files of ours were compressed when they were collected.
"""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

LEAST_BYTES = 1400  # what fits into one packet is there as soon as it is
KINDS = frozenset({"text/html", "application/json", "application/problem+json"})


class CompressionMiddleware(GZipMiddleware):
    """Of what Django answers whole; a download stays the bytes that its digest was taken of."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.get("Content-Type", "").partition(";")[0]
        is_whole = not response.streaming and not response.has_header("Content-Disposition")
        if not is_whole or kind not in KINDS or len(response.content) < LEAST_BYTES:  # type: ignore[attr-defined]
            return response
        return super().process_response(request, response)  # type: ignore[arg-type,return-value]

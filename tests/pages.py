"""What a page or a message says, for tests that look into its text."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.signals import request_finished, request_started
from django.db import close_old_connections

# The digits of an id, a digest or a token spell any short word some day ("bed", "7B", "101"), and a moment any figure.
DRAWN = re.compile(
    r"""[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}      # an id
    | \b[0-9a-f]{32,}\b                                  # a digest, or an id without its hyphens
    | (?:(?<=csrfmiddlewaretoken"[ ]value=")|(?<="X-CSRFToken":[ ]"))[a-z0-9]{64}
    | ={8,}\d+==                                         # what parts a mail
    | \d{4}-\d\d-\d\d[T ]\d\d(?:(?::|%3A)\d\d){2}(?:\.\d+)?  # a moment
    | \b[12]\d{9}\.\d+\b""",  # the same as seconds
    re.IGNORECASE | re.VERBOSE,
)


def as_read(html: str) -> str:
    """HTML as a browser takes it: line breaks are blanks, and there is none beside a tag."""
    return re.sub(r"(?<=>) | (?=<)", "", re.sub(r"\s+", " ", html))


def undrawn(text: str) -> str:
    """Without what is drawn at random, for tests that say what a text may not hold: one sign in the place of each."""
    return DRAWN.sub("·", text)


@contextmanager
def connection_kept() -> Iterator[None]:
    """Requests and answers that end leave the connection of the test open, as Django's own client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)

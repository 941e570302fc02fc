"""What a page says, for tests that look into its HTML."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.signals import request_finished, request_started
from django.db import close_old_connections


def as_read(html: str) -> str:
    """HTML as a browser takes it: line breaks are blanks, and there is none beside a tag."""
    return re.sub(r"(?<=>) | (?=<)", "", re.sub(r"\s+", " ", html))


@contextmanager
def connection_kept() -> Iterator[None]:
    """Requests and answers that end leave the connection of the test open, as Django's own client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)

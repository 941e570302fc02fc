"""Connections that say whether they live, as a rule without asking the server."""

import select
import time
from typing import Any

import psycopg
from psycopg.abc import Params, Query

ASKED_AFTER_SECONDS = 5.0  # without use: the server's host may have gone without a word meanwhile


class Session(psycopg.Connection[Any]):
    """One of the pool's, which checks each that it gives away by a statement of nothing.

    A server that ends a session says so on its socket, and closes it: where there is nothing to read of one that was in
    use a moment ago, it is as it was, and no statement goes to the server and back at every request.
    """

    _checked_at = float("-inf")

    def execute(self, query: Query, params: Params | None = None, **options: Any) -> psycopg.Cursor[Any]:
        if query == "":
            before, self._checked_at = self._checked_at, time.monotonic()
            if self._checked_at - before < ASKED_AFTER_SECONDS and self._is_silent():
                return self.cursor()
        return super().execute(query, params, **options)

    def _is_silent(self) -> bool:
        """Raises OperationalError where it is closed."""
        heard = select.poll()
        heard.register(self.fileno(), select.POLLIN)
        return not heard.poll(0)

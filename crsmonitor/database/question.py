"""A question that every page asks of one person: its SQL is made once a process.

Django puts the text together anew at each call, which takes several times as long as the database takes to answer:
three such questions were a sixth of the CPU of an average page.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import connections
from django.db.models import QuerySet

_SOMEBODY = 1_987_654_321  # stands in the text for the key of whom is asked about; nothing else has this value


class PageQuestion:
    """`ask` makes the query for a key. Whatever else it holds must be the same at every call: no time, no language."""

    def __init__(self, ask: Callable[[int], QuerySet[Any, Any]]) -> None:
        self.ask = ask

    def exists(self, key: int) -> bool:
        """Whether there is any row."""
        return bool(self._answer(self._exists, key))

    def rows(self, key: int) -> list[tuple[Any, ...]]:
        """Of a query of columns that the database gives as they are: texts, numbers, times."""
        return self._answer(self._rows, key)

    @cached_property
    def _rows(self) -> tuple[str, tuple[Any, ...]]:
        return self._text(self.ask(_SOMEBODY).query)

    @cached_property
    def _exists(self) -> tuple[str, tuple[Any, ...]]:
        return self._text(self.ask(_SOMEBODY).query.exists())

    def _text(self, query: Any) -> tuple[str, tuple[Any, ...]]:
        sql, values = query.get_compiler("default").as_sql()
        assert _SOMEBODY in values, sql
        return sql, tuple(values)

    def _answer(self, text: tuple[str, tuple[Any, ...]], key: int) -> list[tuple[Any, ...]]:
        sql, values = text
        with connections["default"].cursor() as cursor:
            cursor.execute(sql, [type(value)(key) if value == _SOMEBODY else value for value in values])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

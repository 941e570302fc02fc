"""One of the values that a subquery finds, as a question that begins with an index."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, F, Func, QuerySet, TextField


class _Values(ArraySubquery):
    template = "(ARRAY(%(subquery)s))"

    def as_sql(self, *arguments: Any, **more: Any) -> tuple[str, Any]:
        try:
            return super().as_sql(*arguments, **more)
        except EmptyResultSet:  # Django knows that there are none
            return "('{}')", ()


class IsAnyOf(Func):
    """Whether a column holds one of the values that a query of one column finds.

    The query is asked once, before any row is read: `column IN (...)` in an OR, and EXISTS, look at every row.
    """

    output_field = BooleanField()
    template, arg_joiner = "%(expressions)s", " = ANY"

    def __init__(self, column: "str | Pair", values: QuerySet[Any, Any]) -> None:
        super().__init__(F(column) if isinstance(column, str) else column, _Values(values))


class Pair(Func):
    """Two keys as one value, to be compared with others like it."""

    output_field = TextField()
    template, arg_joiner = "(%(expressions)s)", " || ' ' || "

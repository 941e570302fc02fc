"""A column's value as the text that PostgreSQL reads it from.

The driver gives a value the type that it looks like, and a statement is prepared anew for each row of types: a set in
which nobody took the pressure would be another statement than one with it. A text has the type of its column, so that
there is one statement, and the server has its plan.
"""

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Field, ForeignKey, JSONField

Text = Callable[[Any], Any]


def text_of(field: "Field[Any, Any]") -> Text:
    """How this column's values are written. What it does not know is left to the field and the driver."""
    if isinstance(field, ForeignKey):
        return text_of(field.target_field)
    if isinstance(field, JSONField):
        return lambda value: None if value is None else json.dumps(value, cls=field.encoder)
    if isinstance(field, ArrayField):
        element = text_of(field.base_field)
        return lambda value: None if value is None else _list([element(one) for one in value])
    kind, write = next((plain for known, plain in _PLAIN.items() if isinstance(field, known)), (None, None))
    if kind is None or write is None or _has_own_way(field):
        return field.get_prep_value
    return _of_kind(kind, write, field.get_prep_value)


def _of_kind(kind: type[Any], write: Text, prepare: Text) -> Text:
    """A value of just this type is written at once; any other first becomes what its field makes of it."""

    def text(value: Any) -> Any:
        if value is None:
            return None
        if type(value) is not kind:
            value = prepare(value)
            if isinstance(value, Enum):
                value = value.value
        return write(value) if type(value) is kind else value

    return text


def _has_own_way(field: "Field[Any, Any]") -> bool:
    """Whether a field of the project's own says how its values are kept."""
    return not type(field).get_prep_value.__module__.startswith("django.")


def _instant(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("an instant without its zone")
    return at.isoformat()


def _number(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError("not a number")
    return str(value)


def _same(value: str) -> str:
    return value


_PLAIN: dict[type[Any], tuple[type[Any], Text]] = {
    models.BooleanField: (bool, {True: "t", False: "f"}.__getitem__),
    models.IntegerField: (int, str),
    models.CharField: (str, _same),
    models.TextField: (str, _same),
    models.DateTimeField: (datetime, _instant),
    models.DecimalField: (Decimal, _number),
    models.UUIDField: (UUID, str),
}


def _list(texts: list[str | None]) -> str:
    """As the server writes a list of one dimension."""
    return f"{{{','.join(map(_quoted, texts))}}}"


def _quoted(text: str | None) -> str:
    if text is None:
        return "NULL"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

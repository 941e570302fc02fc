"""Columns of the projection. Some hold a value as the export writes it, so that COPY reads them bare: in Python such a
value has its own type, and migrations see what the database has, a text.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

PROJECTION = "SELECT, INSERT, UPDATE, DELETE"


def grade_field(**options: Any) -> models.SmallIntegerField:
    return models.SmallIntegerField(**options)


def hours_field(**options: Any) -> models.DecimalField:
    """Hours between two instants. None: one of them is not known."""
    return models.DecimalField(max_digits=9, decimal_places=2, null=True, **options)


def unfilled() -> "ArrayField[Any, Any]":
    """When each slot that nobody looked at or excused is over."""
    return ArrayField(models.DateTimeField(), null=True)


class _AsExported(models.CharField):
    """The text of a value; null: not known."""

    length = 24

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"null": True, "max_length": self.length} | kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return self.to_python(value)


class FlagField(_AsExported):
    """True, False or None as Y, N or null."""

    length = 1

    def to_python(self, value: Any) -> bool | None:
        return value == "Y" if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> str | None:
        return ("Y" if value else "N") if isinstance(value, bool) else value


class NumberField(_AsExported):
    """A Decimal with all decimals that were entered and none that were not (38.6, 85), `places` of them at most."""

    def __init__(self, *args: Any, places: int = 3, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places

    def to_python(self, value: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        # as PostgreSQL rounds what it keeps in a numeric column
        exact = Decimal(value).quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP)
        return f"{exact.normalize():f}"

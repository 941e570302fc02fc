"""A value written as text is the value that Django's own way would have kept."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from crsmonitor.database.as_text import text_of
from grading.models import DosePeriod, VitalSigns
from grading.models.projection_fields import FlagField, NumberField

AT = datetime(2026, 3, 29, 1, 30, 0, 250, tzinfo=timezone(timedelta(hours=8)))
KEY = UUID("0e5ffe6c-7a30-4d58-a6a4-5b3d1a3b8c11")


class Colour(models.TextChoices):
    RED = "red"


VALUES = [
    (models.BooleanField(), "boolean", [True, False, None]),
    (models.SmallIntegerField(), "smallint", [-1, 0, 32_767, True, "7", None]),
    (models.CharField(), "text", ["", "it's {a} \\ \"b\"", "NULL", "發燒", Colour.RED, 5, None]),
    (models.TextField(), "text", ["two\nlines", None]),
    (models.DateTimeField(), "timestamptz", [AT, AT.astimezone(UTC), datetime(1999, 12, 31, 23, 59, tzinfo=UTC), None]),
    (models.DecimalField(max_digits=9, decimal_places=3), "numeric", [Decimal("38.60"), Decimal("1E+2"), 7, None]),
    (models.UUIDField(), "uuid", [KEY, str(KEY), None]),
    (models.JSONField(), "jsonb", [{}, [], {"a": [1, None, "發 \\ \""]}, "text", False, None]),
    (ArrayField(models.CharField()), "text[]", [[], ["a", "", "NULL", 'b"\\{c},'], [None], None]),
    (ArrayField(models.DateTimeField()), "timestamptz[]", [[], [AT, AT.astimezone(UTC)], None]),
    (models.DurationField(), "interval", [timedelta(hours=3, microseconds=7), None]),
    (FlagField(), "text", [True, False, None]),
    (NumberField(places=1), "text", [Decimal("38.60"), Decimal("85.04"), None]),
    (VitalSigns._meta.get_field("participant"), "bigint", [41, None]),
    (DosePeriod._meta.pk, "uuid", [KEY, str(KEY)]),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "kind", "values"), VALUES)
def test_a_text_is_read_as_the_same_value(field, kind, values):
    text = text_of(field)
    ours = [text(value) for value in values]
    theirs = [field.get_db_prep_save(value, connection) for value in values]

    with connection.cursor() as cursor:
        for our, their in zip(ours, theirs, strict=True):
            cursor.execute(f"SELECT %s::{kind} IS NOT DISTINCT FROM %s::{kind}", [our, their])
            assert cursor.fetchone() == (True,), (our, their)


@pytest.mark.parametrize("field", [one[0] for one in VALUES if one[1] != "interval"])
def test_a_value_has_no_type_but_its_columns(field):
    """So that a set with a value and one without are one statement to the server."""
    values = next(one[2] for one in VALUES if one[0] is field)

    assert {type(text_of(field)(value)) for value in values} <= {str, type(None)}


def test_what_is_no_instant_and_no_number_is_refused():
    with pytest.raises(ValueError, match="zone"):
        text_of(models.DateTimeField())(datetime(2026, 3, 29, 1, 30))  # noqa: DTZ001
    with pytest.raises(ValueError, match="number"):
        text_of(models.DecimalField(max_digits=9, decimal_places=3))(Decimal("NaN"))

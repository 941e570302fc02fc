"""The fields of a fact's body: strict, because a guess could under-grade. Shape only; what is clinically
possible is asked by the service that keeps the fact.
"""

import re
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crsmonitor.error_words import text_of
from crsmonitor.errors import Message
from grading.rules.contract.fields import drugs
from grading.rules.grades.entry.limits import as_kept
from grading.rules.neuro import handwriting
from regimens.rules.reading import CaseError

# \d would also match the digits of other scripts.
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)
YEARS = range(2000, 2200)  # other years are typing errors, and the edges of the calendar overflow
MOST_DRUGS = 20


class Measured(serializers.Field):
    """A number, or the same as text, that the column can keep without rounding. Never negative."""

    default_error_messages = {
        "invalid": "A number is needed.",
        "range": "A number from 0 to {most} is needed.",
        "places": "At most {places} decimals can be kept.",
    }

    def __init__(self, *, digits: int = 7, places: int = 3, most: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.places, self.step = places, Decimal(1).scaleb(-places)
        self.most = Decimal(most) if most is not None else Decimal(10) ** (digits - places) - self.step

    def to_internal_value(self, data: Any) -> Decimal:
        if (type(data) is str and not _NUMBER.fullmatch(data)) or type(data) not in (int, Decimal, str):
            self.fail("invalid")
        value = Decimal(data)
        if not 0 <= value <= self.most:
            self.fail("range", most=self.most)
        if value != value.quantize(self.step):
            self.fail("places", places=self.places)
        return value

    def to_representation(self, value: Decimal) -> str:
        return f"{value:f}"


class Reading(Measured):
    """A value as devices send it: more decimals than are kept are rounded half-even, and the answer says so."""

    def to_internal_value(self, data: Any) -> Decimal:
        if type(data) is Decimal or (type(data) is str and _NUMBER.fullmatch(data)):
            return super().to_internal_value(as_kept(Decimal(data)))
        return super().to_internal_value(data)


class MeasuredInSchema(OpenApiSerializerFieldExtension):
    """A text in every answer, so that none is rounded; a number or a text in what is sent."""

    target_class = Measured
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        text = {"type": "string", "format": "decimal"}
        if direction == "response":
            return text
        return {"oneOf": [{"type": "number", "minimum": 0, "maximum": float(self.target.most)}, text]}


@extend_schema_field(OpenApiTypes.INT)
class Whole(serializers.Field):
    default_error_messages = {"invalid": "A whole number from {least} to {most} is needed."}

    def __init__(self, *, least: int = 0, most: int, **options: Any) -> None:
        super().__init__(**options)
        self.least, self.most = least, most

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int or not self.least <= data <= self.most:
            self.fail("invalid", least=self.least, most=self.most)
        return data

    def to_representation(self, value: int) -> int:
        return value


@extend_schema_field(
    {
        "type": "object",
        "required": list(handwriting.FIELDS),
        "additionalProperties": False,
        "properties": {
            "width": {"type": "integer", "minimum": 1, "maximum": handwriting.MOST_SIDE},
            "height": {"type": "integer", "minimum": 1, "maximum": handwriting.MOST_SIDE},
            "strokes": {
                "type": "array",
                "description": "Each a list of points [x, y, ms since the first, pressure in thousandths].",
                "minItems": 1,
                "maxItems": handwriting.MOST_STROKES,
                "items": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
            },
        },
    }
)
class Strokes(serializers.Field):
    """Whole numbers in bounds, as rules/neuro/handwriting.py says."""

    def to_internal_value(self, data: Any) -> Any:
        if (code := handwriting.problem(data)) is not None:
            raise serializers.ValidationError([text_of(Message(code))], code=code)
        return data

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field(OpenApiTypes.BOOL)
class YesNo(serializers.Field):
    """true or false; "yes" and 1 are not."""

    default_error_messages = {"invalid": "true or false is needed."}

    def to_internal_value(self, data: Any) -> bool:
        if data is not True and data is not False:
            self.fail("invalid")
        return data

    def to_representation(self, value: bool) -> bool:
        return value


@extend_schema_field(OpenApiTypes.UUID)
class Id(serializers.Field):
    default_error_messages = {"invalid": "A UUID such as 123e4567-e89b-42d3-a456-426614174000 is needed."}

    def to_internal_value(self, data: Any) -> uuid.UUID:
        if not isinstance(data, str) or not _UUID.fullmatch(data):
            self.fail("invalid")
        return uuid.UUID(data)

    def to_representation(self, value: uuid.UUID) -> str:
        return str(value)


@extend_schema_field(OpenApiTypes.DATETIME)
class Instant(serializers.Field):
    """ISO 8601 with an offset. Without one nobody knows which instant is meant."""

    default_error_messages = {
        "invalid": "A date and time such as 2026-03-02T14:30:00+08:00 is needed.",
        "naive": "The offset from UTC is missing, such as +08:00 or Z.",
        "year": "This year is not possible.",
    }

    def to_internal_value(self, data: Any) -> datetime:
        if not isinstance(data, str) or not _INSTANT.fullmatch(data):
            self.fail("invalid")
        try:
            moment = datetime.fromisoformat(data.upper())
        except ValueError:
            self.fail("invalid")
        if moment.tzinfo is None:
            self.fail("naive")
        if moment.year not in YEARS:
            self.fail("year")
        return moment.astimezone(UTC)

    def to_representation(self, value: datetime) -> str:
        return value.isoformat()


@extend_schema_field(OpenApiTypes.STR)
class Text(serializers.Field):
    """Printable text; `lines` allows line breaks. Spaces around it are dropped."""

    default_error_messages = {
        "invalid": "A text is needed.",
        "blank": "This may not be empty.",
        "long": "At most {most} characters.",
        "unprintable": "Only printable characters.",
    }

    def __init__(self, *, most: int, lines: bool = False, blank: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.most, self.lines, self.blank = most, lines, blank

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        text = data.strip()
        if not text and not self.blank:
            self.fail("blank")
        if len(text) > self.most:
            self.fail("long", most=self.most)
        plain = text.replace("\r", "").replace("\n", "").replace("\t", "") if self.lines else text
        if not plain.isprintable():
            self.fail("unprintable")
        return text

    def to_representation(self, value: str) -> str:
        return value


class Code(serializers.Field):
    """One of a few known codes. `blank`: "" says that nothing is said."""

    default_error_messages = {"invalid": "Not known: one of {known} is needed."}

    def __init__(self, choices: Iterable[Any], *, blank: bool = False, **options: Any) -> None:
        super().__init__(**options)
        known = [str(getattr(choice, "value", choice)) for choice in choices]
        self.known_values = ", ".join(known)
        self.known = frozenset([*known, ""] if blank else known)
        # Inside oneOf, so that the schema keeps each list of codes where it is used.
        extend_schema_field({"type": "string", "oneOf": [{"enum": sorted(self.known)}]})(self)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in self.known:
            self.fail("invalid", known=self.known_values)
        return data

    def to_representation(self, value: str) -> str:
        return value


@extend_schema_field({"type": "array", "items": {"type": "string", "maxLength": 60}, "maxItems": MOST_DRUGS})
class Drugs(serializers.Field):
    """Generic names of agents, listed anywhere or not. Empty: none runs."""

    default_error_messages = {"many": "At most {most} names.", "twice": "{name} is given twice."}
    name = Text(most=60)

    def to_internal_value(self, data: Any) -> list[str]:
        try:
            names = [self.name.run_validation(name) for name in drugs(data, self.field_name or "")]
        except CaseError as error:
            raise serializers.ValidationError(error.detail) from None
        if len(names) > MOST_DRUGS:
            self.fail("many", most=MOST_DRUGS)
        seen: set[str] = set()
        for name in names:
            if name.casefold() in seen:
                self.fail("twice", name=name)
            seen.add(name.casefold())
        return names

    def to_representation(self, value: list[str]) -> list[str]:
        return value

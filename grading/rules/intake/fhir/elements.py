"""Elements of a resource, read without trusting that any of them is what it should be. Pure."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from grading.rules.intake.reasons import IntakeReason, reason

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?\Z", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?\Z", re.ASCII
)  # fmt: skip
LONGEST = 200  # characters of a text that is looked at
EARLIEST_YEAR = 2000
CLOCK_SLACK = timedelta(minutes=2)
LARGEST_EXPONENT = 6  # no measured value has more digits


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; empty where it is none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def child(value: Any, name: str) -> dict[str, Any]:
    """The object under a name; empty where there is none."""
    one = value.get(name) if isinstance(value, dict) else None
    return one if isinstance(one, dict) else {}


def text(value: Any, name: str) -> str:
    """The text under a name, without outer spaces; empty where there is none or it is too long to be one of a list."""
    one = value.get(name) if isinstance(value, dict) else None
    return one.strip() if isinstance(one, str) and len(one) <= LONGEST else ""


def codings(concept: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """System and code of each coding."""
    for one in objects(concept.get("coding")):
        yield text(one, "system"), text(one, "code")


def words_of(concept: dict[str, Any]) -> Iterator[str]:
    """What the concept is called: its text first, then what the codings show."""
    names = [text(concept, "text"), *(text(one, "display") for one in objects(concept.get("coding")))]
    yield from (name for name in names if name)


def number(value: Any) -> Decimal | None:
    """A measured number as JSON writes it. None: it is none, or one that nothing measures."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    if isinstance(value, int) and abs(value) >= 10**LARGEST_EXPONENT:
        return None
    exact = Decimal(value)
    if not exact.is_finite() or exact.adjusted() > LARGEST_EXPONENT or exact.adjusted() < -2 * LARGEST_EXPONENT:
        return Decimal(0) if exact == 0 else None
    return +exact  # to 28 digits: a text of thousands is no measurement


def instant(value: Any, *, at: datetime) -> datetime | IntakeReason:
    """The instant in UTC, or why it is none. `at`: now."""
    if not isinstance(value, str) or not value:
        return reason("no_instant")
    if _DATE.match(value):
        return reason("date_only")
    match = _INSTANT.match(value)
    if match is None:
        return reason("not_an_instant")
    if match[3] is None:
        return reason("no_zone")
    try:
        when = datetime.fromisoformat(value[:26] + match[3] if match[2] and len(match[2]) > 7 else value)
        when = when.astimezone(UTC)
    except (ValueError, OverflowError):
        return reason("not_an_instant")
    if when > at + CLOCK_SLACK:
        return reason("in_future")
    return reason("too_long_ago") if when.year < EARLIEST_YEAR else when

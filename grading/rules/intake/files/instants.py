"""When a line was observed: a date and a time of day as people and spreadsheets write them, in a known zone."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal, InvalidOperation

from regimens.rules.wall_time import readings

# Order of year, month and day in the three numbers of a date; `roc`: years of the Republic, 1 is 1912.
ORDERS = {"ymd": (0, 1, 2), "dmy": (2, 1, 0), "mdy": (2, 0, 1), "roc": (0, 1, 2)}
FORMATS = ("ymd", "dmy", "mdy", "roc", "excel")
ROC_BEFORE = 1911
EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # a wall clock: day 1 of Excel's is 1900-01-01, with its leap day
_DAYS = (Decimal(36526), Decimal(73050))  # 2000 to 2099: another number is no date
_HALF = {"am": 0, "pm": 12, "上午": 0, "下午": 12}
_TEXT = re.compile(
    r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})"
    r"(?:[T\s]+(上午|下午|am|pm)?\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(am|pm)?\s*(Z|[+\-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)


class NoInstant(Exception):
    """`code`: no_instant, date_only, no_zone, clock_twice, not_an_instant."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def instant_of(text: str, *, form: str, zone: tzinfo | None) -> datetime:
    """In UTC. `zone` None: the text says its offset. Raises NoInstant; a time that the clock shows twice is asked."""
    if not text:
        raise NoInstant("no_instant")
    wall, offset = _excel(text) if form == "excel" else _written(text, form)
    place = zone if offset is None else timezone(offset)
    if place is None:
        raise NoInstant("no_zone")
    instants = readings(wall, place)
    if len(instants) > 1:
        raise NoInstant("clock_twice")
    if not instants:
        raise NoInstant("not_an_instant")
    return instants[0].astimezone(UTC)


def _excel(text: str) -> tuple[datetime, None]:
    """Days since Excel's epoch, to the second."""
    try:
        days = Decimal(text)
    except InvalidOperation:
        raise NoInstant("not_an_instant") from None
    if not days.is_finite() or not _DAYS[0] <= days < _DAYS[1]:
        raise NoInstant("not_an_instant")
    if days == days.to_integral_value():
        raise NoInstant("date_only")
    return EXCEL_EPOCH + timedelta(seconds=int((days * 86400).to_integral_value())), None


def _written(text: str, form: str) -> tuple[datetime, timedelta | None]:
    match = _TEXT.fullmatch(text)
    if match is None:
        raise NoInstant("not_an_instant")
    numbers = [int(one) for one in match.group(1, 2, 3)]
    year, month, day = (numbers[place] for place in ORDERS[form])
    before, hours, minutes, seconds, after, offset = match.group(4, 5, 6, 7, 8, 9)
    if hours is None:
        raise NoInstant("date_only")
    year += ROC_BEFORE if form == "roc" else 0
    half = (before or after or "").lower()
    hour = int(hours)
    if half and not 1 <= hour <= 12:
        raise NoInstant("not_an_instant")
    hour = hour % 12 + _HALF[half] if half else hour
    try:
        if not 2000 <= year < 2100:  # two digits, or the years of another calendar
            raise NoInstant("not_an_instant")
        wall = datetime(year, month, day, hour, int(minutes), int(seconds or 0))  # noqa: DTZ001  # a wall clock
    except ValueError:
        raise NoInstant("not_an_instant") from None
    return wall, _offset(offset)


def _offset(text: str | None) -> timedelta | None:
    if text is None:
        return None
    if text.upper() == "Z":
        return timedelta(0)
    digits = text[1:].replace(":", "")
    length = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if length >= timedelta(days=1):
        raise NoInstant("not_an_instant")
    return -length if text[0] == "-" else length

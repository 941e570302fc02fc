"""Numbers as people type them: '.', ',', '。' and full-width digits are read; what may be misread is refused. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

NUMBER = re.compile(r"(?P<whole>\d+)(?:[.,](?P<part>\d+))?")
SEPARATED = re.compile(r"\d{1,3}(?:([.,' \u2009\u202f])\d{3})+(?:[.,]\d+)?")
NO_DIGIT_BEFORE = re.compile(r"[.,]\d+")
NO_DIGIT_AFTER = re.compile(r"\d+[.,]")
SHOWN = 20  # characters of what was typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Misread:
    """What was typed is no number, or could be taken for another. `values` for the wording."""

    code: str
    values: Mapping[str, str]


def as_ascii(typed: str) -> str:
    """Full-width digits and points, and the full stop of a Chinese keyboard, as the plain ones they stand for."""
    return unicodedata.normalize("NFKC", typed).replace("。", ".").strip()


def read_number(typed: str, *, places: int = 3, digits: int = 7) -> Decimal | Misread | None:
    """The value; None: nothing was typed. At most `places` decimals, and `digits` in all."""
    text = as_ascii(typed)
    if text == "":
        return None
    match = NUMBER.fullmatch(text)
    if match is None:
        return _misread(_why_misread(text), text)
    whole, part = match["whole"], match["part"] or ""
    # Three decimals look like thousands, unless the number starts with 0 as 0.125 does.
    if part and not whole.startswith("0") and SEPARATED.fullmatch(text):
        return _misread("thousands", text)
    if len(part) > places:
        return Misread(code="too_many_decimals", values={"typed": text[:SHOWN], "places": str(places)})
    if len(whole.lstrip("0")) > digits - places:
        return _misread("too_many_digits", text)
    return Decimal(f"{whole}.{part}" if part else whole)


def _why_misread(text: str) -> str:
    if SEPARATED.fullmatch(text):
        return "thousands"
    if NO_DIGIT_BEFORE.fullmatch(text):
        return "no_digit_before"
    return "no_digit_after" if NO_DIGIT_AFTER.fullmatch(text) else "not_a_number"


def _misread(code: str, text: str) -> Misread:
    return Misread(code=code, values={"typed": text[:SHOWN]})


def exact(value: Decimal | None) -> Decimal | None:
    """The value without zeros that nobody typed: the column gives 38.110 back for 38.11."""
    if value is None:
        return None
    short = value.normalize()
    exponent = short.as_tuple().exponent
    return short.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else short

"""JSON read exactly: what two readers could read differently is refused, not guessed. Needs no Django."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any


class UnreadableJSON(Exception):
    """Not JSON, or JSON that could be read in more than one way. The message says what is wrong, for anybody to read.

    `code`: invalid_utf8, invalid_json or duplicate_key. Of a duplicate key, `twice` is the name as it was written
    and `owner` the object that has it; both None otherwise.
    """

    def __init__(self, code: str, detail: str, twice: str | None = None, owner: dict[str, Any] | None = None) -> None:
        super().__init__(detail)
        self.code, self.detail, self.twice, self.owner = code, detail, twice, owner


def _no_constant(name: str) -> object:
    raise UnreadableJSON("invalid_json", f"{name} is not a JSON number")


def _exact(written: str) -> Decimal:
    try:
        return Decimal(written)
    except InvalidOperation:  # an exponent beyond what Decimal can hold
        raise UnreadableJSON("invalid_json", "a number is too large to read") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two values under one name: nobody knows which one was meant."""
    read = dict(pairs)
    if len(read) == len(pairs):
        return read
    seen: set[str] = set()
    twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
    raise UnreadableJSON("duplicate_key", "a name is given twice", twice, read)


_DECODER = json.JSONDecoder(parse_float=_exact, parse_constant=_no_constant, object_pairs_hook=_once)


def loads(text: str | bytes) -> Any:
    """The value: numbers with a point or an exponent as Decimal, bytes read as UTF-8. Raises UnreadableJSON."""
    try:
        return _DECODER.decode(text.decode() if isinstance(text, bytes) else text)
    except UnicodeDecodeError:
        raise UnreadableJSON("invalid_utf8", "this is not UTF-8") from None
    except RecursionError:
        raise UnreadableJSON("invalid_json", "this is nested too deeply") from None
    except ValueError as error:  # also a whole number of thousands of digits
        where = f": {error.msg} at column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise UnreadableJSON("invalid_json", f"this is not JSON{where}") from None

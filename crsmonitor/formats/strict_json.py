"""JSON read exactly: what two readers could read differently is refused, not guessed. Needs no Django."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec


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


LONGEST = 1000  # signs of a number with a point: readers of values remember each way one is written


def _exact(written: str) -> Decimal:
    try:
        if len(written) <= LONGEST:
            return Decimal(written)
    except InvalidOperation:  # an exponent beyond what Decimal can hold
        pass
    raise UnreadableJSON("invalid_json", "a number is too large to read")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two values under one name: nobody knows which one was meant."""
    read = dict(pairs)
    if len(read) == len(pairs):
        return read
    seen: set[str] = set()
    twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
    raise UnreadableJSON("duplicate_key", "a name is given twice", twice, read)


_DECODER = json.JSONDecoder(parse_float=_exact, parse_constant=_no_constant, object_pairs_hook=_once)
_QUICK = msgspec.json.Decoder(float_hook=_exact)


def loads(text: str | bytes) -> Any:
    """The value: numbers with a point or an exponent as Decimal, bytes read as UTF-8. Raises UnreadableJSON."""
    raw = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    if raw.isascii() and b"\\" not in raw:
        try:
            read = _QUICK.decode(raw)
        except (msgspec.DecodeError, UnreadableJSON, RecursionError):
            pass  # what is wrong, and where, is told below
        else:
            # Each name has its colon: as many colons as names that were read means that none was given twice.
            if _names_in(read, raw.count(b"{")) == raw.count(b":"):
                return read
    return _thoroughly(text)


def _names_in(read: Any, objects: int) -> int:
    """How many names the objects have that were read, of which there are at most so many."""
    names, parts = 0, [read]
    for one in parts:  # which grows
        if type(one) is dict:
            names, objects = names + len(one), objects - 1
            if objects == 0:
                break
            parts += one.values()
        elif type(one) is list:
            parts += one
    return names


def _thoroughly(text: str | bytes) -> Any:
    try:
        return _DECODER.decode(text.decode() if isinstance(text, bytes) else text)
    except UnicodeDecodeError:
        raise UnreadableJSON("invalid_utf8", "this is not UTF-8") from None
    except RecursionError:
        raise UnreadableJSON("invalid_json", "this is nested too deeply") from None
    except ValueError as error:  # also a whole number of thousands of digits
        where = f": {error.msg} at column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise UnreadableJSON("invalid_json", f"this is not JSON{where}") from None

"""Readers of the design contract: each takes a value and its path and gives what it is, or says what is wrong with it.

The first fault in the order of reading is told: of an object the names nobody knows, what is missing, then each value
in the order of its table. What contradicts is looked for when all of a case is read (`checks` of its kind).
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from regimens.rules.reading import SHOWN, CaseError, Reader, boolean, mapping, number, shown

__all__ = ["CaseError", "Reader", "boolean"]

# What an object needs: a field, one of several, or what finds out which of the fields given lacks another.
Need = str | tuple[str, ...] | Callable[[Mapping[str, object]], str | None]
BIG = Decimal(10**12)  # concentrations, volumes, rates
LONGEST_TEXT = 500
CONTROL = 32  # characters below it are no text
# Marks of direction: shown beside other text, they turn its order, so that a dose is read backwards.
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def path(at: str | None, name: str) -> str:
    return f"{at}.{name}" if at else name


def read_object(
    given: object, readers: Mapping[str, Reader], *, needs: Sequence[Need] = (), at: str | None = None
) -> dict[str, Any]:
    """The fields that are given and not null, in the order of `readers`. `at`: the path of the object; None: a case."""
    values = mapping(given, at)
    for name in values:
        if name not in readers:
            field = shown(path(at, name))
            raise CaseError("unknown_field", f"{field} is not a field of this kind", field)
    for need in needs:
        if lacking := _lacking(need, values):
            field = path(at, lacking)
            raise CaseError("missing_field", f"{field} is missing", field)
    return {name: read(values[name], path(at, name)) for name, read in readers.items() if values.get(name) is not None}


def _lacking(need: Need, values: Mapping[str, object]) -> str | None:
    if callable(need):
        return need(values)
    names = (need,) if isinstance(need, str) else need
    return names[0] if all(values.get(name) is None for name in names) else None


def together(one: str, other: str) -> Need:
    """Neither means anything without the other."""

    def lacking(values: Mapping[str, object]) -> str | None:
        has_one, has_other = values.get(one) is not None, values.get(other) is not None
        return None if has_one == has_other else other if has_one else one

    return lacking


def record(readers: Mapping[str, Reader], make: Callable[..., object] = dict, *, needs: Sequence[Need] = ()) -> Reader:
    """An object, made by `make` of the fields that are given."""
    return lambda value, field: make(**read_object(value, readers, needs=needs, at=field))


def listed(one: Reader, most: int, *, least: int = 1) -> Reader:
    """A list, as a tuple. It must not be empty, unless `least` is 0."""

    def read(value: object, field: str) -> tuple[object, ...]:
        if not isinstance(value, list | tuple):
            raise CaseError("invalid_type", f"{field} is a list", field)
        if len(value) < least:
            detail = "must not be empty" if least == 1 else f"has at least {least} values"
            raise CaseError("invalid_value", f"{field} {detail}", field)
        if len(value) > most:
            raise CaseError("out_of_range", f"{field} has at most {most:,} values", field)
        return tuple(one(item, f"{field}[{at}]") for at, item in enumerate(value))

    return read


def pair(one: Reader, other: Reader | None = None, names: str = "two values") -> Reader:
    """A list of exactly two, as a tuple."""

    def read(value: object, field: str) -> tuple[object, object]:
        if not isinstance(value, list | tuple):
            raise CaseError("invalid_type", f"{field} is a list of {names}", field)
        if len(value) != 2:
            raise CaseError("invalid_value", f"{field} is a list of {names}", field)
        return one(value[0], f"{field}[0]"), (other or one)(value[1], f"{field}[1]")

    return read


def within(low: float, high: float, *, above: bool = False, below: bool = False) -> Reader:
    """A number, both limits included; `above` and `below`: without the lower, without the upper one."""
    least, most = Decimal(repr(low)), Decimal(repr(high))

    def read(value: object, field: str) -> float:
        exact = number(value, field)
        is_out = not least <= exact <= most or (above and exact == least) or (below and exact == most)
        # What is too small to be computed with is not above 0.
        if is_out or (above and abs(float(exact) - low) < sys.float_info.min):
            raise CaseError("out_of_range", f"{field} is {_range(low, high, above, below)}", field)
        return float(exact)

    return read


def _range(low: float, high: float, above: bool, below: bool) -> str:
    return f"{'above' if above else 'from'} {low:,} {'to below' if below else 'to'} {high:,}"


def whole_within(low: int, high: int) -> Reader:
    """A whole number, both limits included; 3.0 is one."""

    def read(value: object, field: str) -> int:
        exact = number(value, field)
        if exact != exact.to_integral_value():
            raise CaseError("invalid_value", f"{field} is a whole number", field)
        if not low <= exact <= high:
            raise CaseError("out_of_range", f"{field} is from {low:,} to {high:,}", field)
        return int(exact)

    return read


def choice(*names: str) -> Reader:
    def read(value: object, field: str) -> str:
        if isinstance(value, str) and value in names:
            return value
        code = "unknown_value" if isinstance(value, str) else "invalid_type"
        raise CaseError(code, f"{field} is one of {', '.join(names)}", field)

    return read


def text(value: object, field: str) -> str:
    """What a person wrote: never empty, and fit to be stored and shown."""
    if not isinstance(value, str):
        raise CaseError("invalid_type", f"{field} is a text", field)
    if not value.strip() or any(ord(one) < CONTROL or 0xD800 <= ord(one) < 0xE000 or one in TURNING for one in value):
        raise CaseError("invalid_value", f"{field} is a text of printable characters", field)
    if len(value) > LONGEST_TEXT:
        raise CaseError("out_of_range", f"{field} has at most {LONGEST_TEXT} characters", field)
    return value


def contradicts(field: str, detail: str) -> CaseError:
    """To be raised when all of a case is read."""
    return CaseError("contradictory", f"{field} {detail}"[: 4 * SHOWN], field)


positive = within(0, 1e12, above=True)  # a concentration, volume or rate
probability = within(0, 1)
day = within(0, 1000)
count = whole_within(0, 10_000)

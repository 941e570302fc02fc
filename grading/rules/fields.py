"""Readers of single values of the stateless contract: strict, because a guess could under-grade."""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from grading.rules.limits import LIMITS, Limit

Choice = TypeVar("Choice", bound=StrEnum)
Reader = Callable[[object, str], object]
SHOWN = 60  # characters of a stranger's text that an error repeats


class CaseError(Exception):
    """A case that is not one the contract knows. `field` is None where the whole line is at fault."""

    def __init__(self, code: str, detail: str, field: str | None = None, case_id: object = None) -> None:
        super().__init__(detail)
        self.code, self.detail, self.field, self.id = code, detail, field, case_id


def shown(name: object) -> str:
    return str(name)[:SHOWN]


def boolean(value: object, field: str) -> bool:
    if value is True or value is False:
        return value
    raise CaseError("invalid_type", f"{field} is true or false", field)


def number(value: object, field: str) -> Decimal:
    """A finite number, exactly as written. A float is read by its shortest form, as JSON shows it."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise CaseError("invalid_type", f"{field} is a number", field)
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise CaseError("invalid_value", f"{field} is a finite number", field)
    return exact


def whole(value: object, field: str) -> int:
    exact = number(value, field)
    # The size first: 1e999999 is whole, but no machine wants to write it out.
    if abs(exact) > 1_000_000 or exact != exact.to_integral_value():
        raise CaseError("invalid_value", f"{field} is a whole number", field)
    return int(exact)


def measured(limit: Limit) -> Reader:
    low, high = limit.block_below, limit.block_above

    def read(value: object, field: str) -> Decimal:
        exact = Decimal(value) if type(value) is int else number(value, field)
        if not low <= exact <= high:
            told = f"{field} is between {limit.block_below} and {limit.block_above} {limit.unit}"
            raise CaseError("out_of_range", told, field)
        return exact

    return read


def choice(choices: type[Choice]) -> Reader:
    known: Mapping[str, Choice] = {member.value: member for member in choices}

    def read(value: object, field: str) -> Choice:
        found = known.get(value) if isinstance(value, str) else None
        if found is None:
            code = "unknown_value" if isinstance(value, str) else "invalid_type"
            raise CaseError(code, f"{field} is one of {', '.join(known)}", field)
        return found

    return read


def listed(value: object, field: str) -> Collection[object]:
    if not isinstance(value, (list, tuple)):
        raise CaseError("invalid_type", f"{field} is a list", field)
    return value


def choices_of(choices: type[Choice]) -> Reader:
    one = choice(choices)

    def read(value: object, field: str) -> tuple[object, ...]:
        return tuple(one(item, field) for item in listed(value, field))

    return read


NOT_A_DRUG = frozenset({"none", "no", "nil", "null", "n/a", "na", "unknown", "not done"})


def drugs(value: object, field: str) -> tuple[str, ...]:
    """Names of agents. "none" is not one: an empty list says that none runs."""
    names = []
    for item in listed(value, field):
        if not isinstance(item, str):
            raise CaseError("invalid_type", f"{field} is a list of drug names", field)
        if not _names_a_drug(item):
            raise CaseError("invalid_value", f"{field} holds drug names; an empty list means none", field)
        names.append(item)
    return tuple(names)


@lru_cache(maxsize=1024)
def _names_a_drug(name: str) -> bool:
    return name.strip().casefold() not in NOT_A_DRUG and any(letter.isalpha() for letter in name)


def mapping(value: object, field: str | None) -> Mapping[str, object]:
    if isinstance(value, (dict, Mapping)):  # `dict` first: asking the abstract class is slow
        return value
    raise CaseError("invalid_type", f"{field or 'a case'} is an object", field)


def read_fields(values: Mapping[str, object], readers: Mapping[str, Reader], *, within: str = "") -> dict[str, object]:
    """The fields given and not null. A name nobody knows is refused: a typo is a value nobody would see."""
    read: dict[str, object] = {}
    for name, value in values.items():
        if name not in readers:
            field = shown(f"{within}{name}")
            raise CaseError("unknown_field", f"{field} is not an input of this kind", field)
        if value is not None:
            read[name] = readers[name](value, within + name if within else name)
    return read


def measured_as(field: str) -> Reader:
    return measured(LIMITS[field])

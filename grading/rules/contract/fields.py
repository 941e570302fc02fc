"""Readers of single values of the stateless contract: strict, because a guess could under-grade."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from math import ceil, floor
from typing import TypeVar

from grading.rules.drugs.agents import not_a_vasopressor
from grading.rules.grades.entry.limits import LIMITS, Limit, as_kept
from regimens.rules.reading import CaseError, Reader, number

Choice = TypeVar("Choice", bound=StrEnum)


def measured(limit: Limit) -> Reader:
    low, high = limit.block_below, limit.block_above
    whole = {exact: Decimal(exact) for exact in range(ceil(low), floor(high) + 1)}

    def read(value: object, field: str) -> Decimal:
        if type(value) is int and (known := whole.get(value)) is not None:
            return known
        exact = _kept(str(value)) if type(value) is Decimal else None
        if exact is None:
            exact = as_kept(number(value, field))
        if not low <= exact <= high:
            allowed = f"{field} is between {limit.block_below} and {limit.block_above} {limit.unit}"
            raise CaseError("out_of_range", allowed, field)
        return exact

    return read


@lru_cache(maxsize=16_384)  # texts, because 38 and 38.0 are equal and told as they were written
def _kept(written: str) -> Decimal | None:
    """None: no finite number."""
    exact = Decimal(written)
    return as_kept(exact) if exact.is_finite() else None


@lru_cache(maxsize=16_384)
def is_kept_otherwise(written: str) -> bool:
    """Whether this finite number has more decimals than are kept."""
    return as_kept(exact := Decimal(written)) != exact


def choice(choices: type[Choice]) -> Reader:
    known: Mapping[str, Choice] = {member.value: member for member in choices}

    def read(value: object, field: str) -> Choice:
        chosen = known.get(value) if isinstance(value, str) else None
        if chosen is None:
            code = "unknown_value" if isinstance(value, str) else "invalid_type"
            raise CaseError(code, f"{field} is one of {', '.join(known)}", field)
        return chosen

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


LONGEST_NAME = 200  # of an agent: no more is remembered of what somebody sends
NOT_A_DRUG = frozenset({"none", "no", "nil", "null", "n/a", "na", "unknown", "not done"})


def drugs(value: object, field: str) -> tuple[str, ...]:
    """Names of agents. "none" is not one: an empty list says that none runs; nor is a drug that holds no pressure."""
    names = []
    for item in listed(value, field):
        if not isinstance(item, str):
            raise CaseError("invalid_type", f"{field} is a list of drug names", field)
        if len(item) > LONGEST_NAME or not _names_a_drug(item):
            raise CaseError("invalid_value", f"{field} holds drug names; an empty list means none", field)
        if (drug := not_a_vasopressor(item)) is not None:
            raise CaseError("invalid_value", f"{field}: {drug} is not a vasopressor", field)
        names.append(item)
    return tuple(names)


@lru_cache(maxsize=1024)
def _names_a_drug(name: str) -> bool:
    return name.strip().casefold() not in NOT_A_DRUG and any(letter.isalpha() for letter in name)


def measured_as(field: str) -> Reader:
    return measured(LIMITS[field])

"""Readers of single values of the stateless contracts: strict, because a guess could be unsafe."""

from collections.abc import Callable, Mapping
from decimal import Decimal

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
    if type(value) is int and -1_000_000 <= value <= 1_000_000:
        return value
    exact = number(value, field)
    # The size first: 1e999999 is whole, but no machine wants to write it out.
    if abs(exact) > 1_000_000 or exact != exact.to_integral_value():
        raise CaseError("invalid_value", f"{field} is a whole number", field)
    return int(exact)


def mapping(value: object, field: str | None) -> Mapping[str, object]:
    if isinstance(value, (dict, Mapping)):  # `dict` first: asking the abstract class is slow
        return value
    raise CaseError("invalid_type", f"{field or 'a case'} is an object", field)


def read_fields(values: Mapping[str, object], readers: Mapping[str, Reader], *, within: str = "") -> dict[str, object]:
    """The fields given and not null. A name nobody knows is refused: a typo is a value nobody would see."""
    read: dict[str, object] = {}
    for name, value in values.items():
        reader = readers.get(name)
        if reader is None:
            field = shown(f"{within}{name}")
            raise CaseError("unknown_field", f"{field} is not an input of this kind", field)
        if value is not None:
            read[name] = reader(value, within + name if within else name)
    return read

"""What a fact of the rules says, as one text, by which facts of one instant are ordered (decisions on ties). Pure."""

from datetime import datetime, timedelta
from decimal import Decimal

_MICROSECOND = timedelta(microseconds=1)


def content_of(value: object) -> str:
    """The same for the same content, in every process and on every machine; a set says its members in order.

    Measured values are as they were typed: 38 and 38.0 are two texts. Raises TypeError for what no fact holds.
    """
    if value is None or value is True or value is False or type(value) is int:
        return str(value)
    if isinstance(value, str):  # a member of an enum says its value
        return f"'{value}'"
    if isinstance(value, Decimal):
        return f"Decimal('{value}')"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value // _MICROSECOND} us"
    if isinstance(value, tuple | list):
        return _listed([content_of(one) for one in value])
    if isinstance(value, frozenset | set):
        return _listed(sorted([content_of(one) for one in value]))
    names: tuple[str, ...] = getattr(value, "__slots__", ())
    if not names:
        raise TypeError(type(value).__name__)
    fields = ", ".join([f"{name}={content_of(getattr(value, name))}" for name in names])
    return f"{type(value).__name__}({fields})"


def _listed(texts: list[str]) -> str:
    return f"({texts[0]},)" if len(texts) == 1 else f"({', '.join(texts)})"

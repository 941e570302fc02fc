"""Numbers of a threshold policy, read within bounds. Pure."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation


class BadPolicy(ValueError):
    """A threshold policy that cannot be used. `where` names the place, for example "thresholds[2].from_grade"."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where


@dataclass(frozen=True, slots=True)
class Bounds:
    """Within which a number is believed, against slips of the pen: far outside of anything published.

    `whole`: no decimals; `empty`: null says that it is not known.
    """

    low: int
    high: int
    whole: bool = False
    empty: bool = False


def number(data: object, where: str, bounds: Bounds) -> Decimal | int | None:
    """As read from a file or stored as text. Raises BadPolicy with the place."""
    if data is None and bounds.empty:
        return None
    allowed = f"a {'whole ' if bounds.whole else ''}number from {bounds.low} to {bounds.high}"
    if type(data) not in (int, Decimal, str):
        raise BadPolicy(where, allowed)
    try:
        value = Decimal(data)  # type: ignore[arg-type]  # one of the three
    except InvalidOperation:
        raise BadPolicy(where, allowed) from None
    if not value.is_finite() or not bounds.low <= value <= bounds.high or (bounds.whole and value != int(value)):
        raise BadPolicy(where, allowed)
    return int(value) if bounds.whole else value

"""Numbers of a threshold policy, read within bounds. Pure."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation


class BadPolicy(ValueError):
    """A threshold policy that cannot be used. `where` names the place, for example "thresholds[2].from_grade".

    `code`, with `values`, is what is wrong there: policies/error_words.py says it.
    """

    def __init__(self, where: str, code: str, /, **values: object) -> None:
        super().__init__(where, code, values)
        self.where, self.code, self.values = where, code, values


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
    code = "policy_whole_number" if bounds.whole else "policy_number"
    wrong = BadPolicy(where, code, low=bounds.low, high=bounds.high)
    if type(data) not in (int, Decimal, str):
        raise wrong
    try:
        value = Decimal(data)  # type: ignore[arg-type]  # one of the three
    except InvalidOperation:
        raise wrong from None
    if not value.is_finite() or not bounds.low <= value <= bounds.high or (bounds.whole and value != int(value)):
        raise wrong
    return int(value) if bounds.whole else value

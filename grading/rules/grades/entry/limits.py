"""The one table of what a measured value can be: for the form, the API, imports and the grader.

Outside block_below..block_above a value is refused at its field; outside retype_below..retype_above it is
typed again, blind, before it is kept.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal


@dataclass(frozen=True, slots=True)
class Limit:
    field: str
    unit: str
    block_below: Decimal
    block_above: Decimal
    retype_below: Decimal | None
    retype_above: Decimal | None
    decimals: int  # shown; every value is kept and compared with three (as_kept)

    def refuses(self, value: Decimal) -> bool:
        return value < self.block_below or value > self.block_above


@dataclass(frozen=True, slots=True)
class ChangeLimit:
    """A change since the last set that is typed again; None: that direction is never asked about."""

    field: str
    unit: str
    rise: Decimal | None
    fall: Decimal | None


def _limit(
    field: str, unit: str, block: tuple[str, str], retype: tuple[str | None, str | None], decimals: int = 0
) -> Limit:
    low, high = (None if edge is None else Decimal(edge) for edge in retype)
    return Limit(field, unit, Decimal(block[0]), Decimal(block[1]), low, high, decimals)


LIMITS: dict[str, Limit] = {
    limit.field: limit
    for limit in (
        _limit("temperature_c", "°C", ("25", "45"), ("34", "41.5"), decimals=1),
        _limit("sbp", "mmHg", ("0", "300"), ("60", "220")),
        _limit("dbp", "mmHg", ("0", "250"), ("30", "140")),
        _limit("mean_pressure", "mmHg", ("0", "300"), (None, None)),
        _limit("fio2_percent", "%", ("20", "100"), (None, None)),  # room air is 20.9, charted as 21
        _limit("heart_rate", "/min", ("0", "300"), ("35", "180")),
        _limit("respiratory_rate", "/min", ("0", "80"), ("6", "40")),
        _limit("spo2", "%", ("0", "100"), ("80", None)),
        _limit("oxygen_flow_l_min", "L/min", ("0", "70"), (None, "15")),  # re-typed for a nasal cannula only
    )
}
CHANGES: dict[str, ChangeLimit] = {
    "temperature_c": ChangeLimit("temperature_c", "°C", Decimal(2), Decimal(2)),
    "sbp": ChangeLimit("sbp", "mmHg", None, Decimal(40)),
}
# Kept, but "nobody measured" to the grader (C10): a probe that fell out, not a person.
TEMPERATURE_IMPLAUSIBLE_BELOW_C = Decimal(30)

STEP = Decimal("0.001")  # the columns of measured values keep no more
_LEAST_EXPONENT, _MOST_DIGITS_BEFORE = -3, 10


def has_more_decimals(value: Decimal) -> bool:
    """Whether it is written with more decimals than are kept."""
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent < _LEAST_EXPONENT


def as_kept(value: Decimal) -> Decimal:
    """As it is kept and compared: devices send 38.39999999999998. Rounded half-even to three decimals, once."""
    if not has_more_decimals(value) or value.adjusted() > _MOST_DIGITS_BEFORE:  # no such number is measured
        return value
    short = value.quantize(STEP, rounding=ROUND_HALF_EVEN).normalize()
    exponent = short.as_tuple().exponent
    return short.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else short


def needs_retyping(field: str, value: Decimal, *, device: str | None = None) -> bool:
    """Whether the value is rare enough to be typed twice; `device` matters for the oxygen flow only."""
    limit = LIMITS[field]
    if field == "oxygen_flow_l_min" and device != "nasal_cannula":
        return False
    too_low = limit.retype_below is not None and value < limit.retype_below
    return too_low or (limit.retype_above is not None and value > limit.retype_above)


def changed_much(field: str, *, before: Decimal, now: Decimal) -> bool:
    """Whether the change since the last set is typed twice. False for a field without a change limit."""
    limit = CHANGES.get(field)
    if limit is None:
        return False
    rose = limit.rise is not None and now - before >= limit.rise
    return rose or (limit.fall is not None and before - now >= limit.fall)


def pressures_contradict(sbp: Decimal, dbp: Decimal) -> bool:
    """Systolic at or below diastolic is refused; 0 over 0 is an arrest and is kept."""
    return sbp <= dbp and not sbp == dbp == 0

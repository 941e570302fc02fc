"""Numbers as a page of a design shows them: two significant digits, which is what its intervals justify."""

import math

DIGITS = 2
LEAST_DOUBT = 1e-9
NOTHING = "–"  # where there is no number: never zero


def figure(value: float | None, digits: int = DIGITS) -> str:
    """`0.0677` as 0.068 and `2215.3` as 2,200; without an exponent. None or no number: a dash."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if value == 0:
        return "0"
    places = digits - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, places)
    # 0.0996 has become 0.10: one place less says its two digits.
    places = digits - 1 - math.floor(math.log10(abs(rounded)))
    return f"{rounded:,.{max(places, 0)}f}"


def percent(share: float | None, digits: int = DIGITS) -> str:
    """A probability in per cent, two digits. One above 99.5 % or below 0.01 % is not rounded to what is certain."""
    if share is None or not math.isfinite(share):
        return NOTHING
    if 0 < share < 0.0001:
        return "<0.01"
    if 0.995 <= share < 1:
        return ">99"
    return figure(100 * share, digits)


def chance(probability: float | None) -> str:
    """What is believed, in per cent: never certain, also where the computer's number is 0 or 1."""
    if probability is None or not math.isfinite(probability):
        return NOTHING
    return percent(min(max(probability, LEAST_DOUBT), 1 - LEAST_DOUBT))


def points(difference: float | None) -> str:
    """A difference of two probabilities in percentage points, with its sign."""
    if difference is None or not math.isfinite(difference):
        return NOTHING
    if abs(difference) < 0.0001:
        return "±0"
    sign = "+" if difference > 0 else "−"
    return f"{sign}{figure(100 * abs(difference))}"


def span(low: float | None, high: float | None) -> str:
    """An interval of probabilities in per cent."""
    return NOTHING if low is None or high is None else f"{percent(low)}–{percent(high)}"


def plain(value: float) -> str:
    """A number that somebody typed, as it is: 48, 0.16, never 48.0."""
    text = f"{value:.12g}"
    return text if "e" not in text else f"{value:.15f}".rstrip("0").rstrip(".")

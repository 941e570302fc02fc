"""Which PINs are guessed first. Pure: six digits in, the code of what is wrong with them out.

Of 3.4 million leaked PINs 11 % are 1234, and dates, repeats and runs are most of the first hundred (Berry N, "PIN
analysis", DataGenetics 2012; the same of six digits: Wang D et al., "Understanding Human-Chosen PINs", ASIACCS 2017).
Birth dates are not kept here, so that whatever can be read as a date is refused.
"""

import re
from datetime import date

LENGTH = 6
_RUNS = ("01234567890123456789", "98765432109876543210")
_LINES = ("147258", "258369", "369258", "258147", "159753", "753159", "147369", "741852", "852963", "159357", "789456")


def weakness(pin: str) -> str | None:
    """A code, or None for a PIN that may be set."""
    if not re.fullmatch(r"[0-9]{6}", pin):
        return "pin_six_digits"
    if len(set(pin)) < 3 or any(pin in run for run in _RUNS) or pin in _LINES or _repeats(pin):
        return "pin_trivial"
    return "pin_is_date" if _is_date(pin) else None


def _repeats(pin: str) -> bool:
    """123123, 112233, 123321: half of it says the rest."""
    return pin[:3] in (pin[3:], pin[:2:-1]) or all(pin[place] == pin[place + 1] for place in (0, 2, 4))


def _is_date(pin: str) -> bool:
    """As day, month and year of two digits, in the three orders that people write; also a year of the Republic."""
    one, two, three = int(pin[:2]), int(pin[2:4]), int(pin[4:])
    return any(_is_day(month, day) for month, day in ((two, three), (two, one), (one, two)))


def _is_day(month: int, day: int) -> bool:
    try:
        date(2000, month, day)  # a leap year
    except ValueError:
        return False
    return True

"""What is said at the fields of an entry form while it is being typed: on the page after Save, and on the tablet."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _l

ENTRY: dict[str, Any] = {
    # a number that cannot be read
    "not_a_number": _l("“%(typed)s” is not a number. Digits and one decimal point only, such as 38.4."),
    "thousands": _l("“%(typed)s”: a thousands separator or a decimal point? Write the number without separator."),
    "no_digit_before": _l("“%(typed)s”: put a digit before the decimal point, such as 0.5."),
    "no_digit_after": _l("“%(typed)s” ends with a decimal point: is a digit missing?"),
    "too_many_decimals": _l("“%(typed)s” has more than %(places)s decimals."),
    "too_many_digits": _l("“%(typed)s” has too many digits."),
    # a value that nobody can have, or that is rare
    "refused": _l("Not possible: between %(low)s and %(high)s %(unit)s."),
    "above_top": _l("Not possible: between 0 and %(top)s."),
    "capd_not_possible": _l("A CAPD score is between 0 and %(top)s."),
    "no_point": _l("%(typed)s? For %(meant)s °C write the decimal point."),
    "fahrenheit": _l("%(typed)s °F? Write it in °C: %(meant)s"),
    "fraction": _l("%(typed)s? For %(meant)s %% write it in per cent."),
    "contradicts": _l("The systolic pressure must be above the diastolic (%(dbp)s mmHg)."),
    "unusual": _l("%(value)s %(unit)s is unusual: type it again to confirm."),
    "changed": _l("Was %(before)s, now %(value)s %(unit)s: type it again to confirm."),
    "typed_differs": _l("Typed again, it was different. Look once more at the monitor."),
    # the second identifier
    "no_wristband": _l("Type the end of the study number on the wristband."),
    "not_this_wristband": _l("“%(typed)s” is not how this study number ends. Is this the right participant?"),
    "wristband_of_another": _l(
        "“%(typed)s” is the wristband of %(number)s: another participant. Look again, or open theirs."
    ),
    # two answers of which one is wrong
    "done_and_not_done": _l("Entered, and said to be not done: keep one of the two."),
    "none_and_agent": _l("“None” and an agent contradict each other: keep one."),
    "none_and_sign": _l("“None” and a sign contradict each other: keep one."),
    "agent_too_long": _l("One name has more than 60 characters."),
    "not_a_vasopressor": _l("%(drug)s is not a vasopressor."),
    "unrecordable_and_value": _l("A value, and said to be unrecordable: keep one of the two."),
    "volume_without_bolus": _l("A volume is entered: was a bolus given?"),
}


def entry_text(code: str, values: Mapping[str, Any]) -> str:
    """The sentence of one of them, in the reader's language."""
    return str(ENTRY[code]) % dict(values)

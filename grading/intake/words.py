"""The codes of the queue in words: why something is held, and what became of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from grading.rules.intake.reasons import IntakeReason, reason_of

REASON_WORDS: Mapping[str, str | Promise] = {
    "malformed": _l("It cannot be read."),
    "no_subject": _l("It names no participant by USUBJID."),
    "method_unknown": _l("Only POST and PUT are taken."),
    "no_instant": _l("It does not say when."),
    "date_only": _l("It has a date and no time of day."),
    "no_zone": _l("Its time has no offset."),
    "not_an_instant": _l("Its time cannot be read."),
    "is_a_period": _l("It is of a period, not of an instant."),
    "in_future": _l("Its time is in the future."),
    "too_long_ago": _l("Its time is too long ago."),
    "status_not_usable": _l("Its status is “%(status)s”."),
    "not_done": _l("It was not given."),
    "no_value": _l("It has no value."),
    "data_absent": _l("It says that the value is missing."),
    "comparator": _l("It says less or more than a value, and no value."),
    "value_malformed": _l("Its value or its code cannot be read."),
    "unit_missing": _l("Its unit has no code of UCUM."),
    "unit_unknown": _l("Its unit, %(unit)s, is not taken here."),
    "outside_human_range": _l("Nobody can have this value."),
    "drug_missing": _l("It names no drug."),
    "nothing_to_retract": _l("It takes back what is not here."),
    "sent_again_below": _l("The same import says it again, otherwise."),
    "resource_unknown": _l("Resources of this type are not taken here."),
    "code_unknown": _l("Nothing that is graded."),
    "panel": _l("A panel: its members are read by themselves."),
    "unknown_participant": _l("No participant of whom you may record is known by this identifier."),
    "status_preliminary": _l("It is preliminary: the final one is waited for."),
    "study_drug": _l("The study drug is recorded at the bedside, after the gate."),
    "typed_over": _l("A person has corrected this since: her word stands."),
    "before_first_dose": _l("From before the first dose."),
    "after_end": _l("From after the end of observation."),
    "set_on_file": _l("A set of that minute is on file."),
    "two_values": _l("Two values of one instant: %(field)s."),
    "rejected_before": _l("An earlier version was rejected."),
    "not_confirmed": _l("A fever that no reading beside it confirms."),
    "drug_not_known": _l("The drug is not known here: it is not counted or checked."),
    "dose_unit_unknown": _l("Its dose is not in mg or µg/kg/min and was left out."),
    "indication_missing": _l("It does not say what it was given for."),
    "not_kept": _l("It could not be kept by itself."),
    "end_not_usable": _l("Its end cannot be read, or is before its start."),
    "device_unknown": _l("The oxygen device is called in a way that is not known here."),
    "consciousness_unknown": _l("The level of consciousness is said in a way that is not one step here."),
    "part_left_out": _l("A part that cannot be read was left out."),
    "corrects_accepted": _l("It corrects what was accepted."),
    "changes_waiting": _l("A newer version of what waited."),
    "retracted": _l("Its sender took it back before anybody accepted it."),
    "value_dropped": _l("%(field)s %(value)s: nobody can have this, it is left out."),
    "converted": _l("Converted from %(value)s: %(field)s."),
}


def reason_text(reason: IntakeReason) -> str:
    """In the reader's language."""
    words = str(REASON_WORDS[reason.code])
    return words % reason.values if reason.values else words


def reason_texts(kept: Iterable[Mapping[str, Any]]) -> list[str]:
    """Of reasons as they are kept."""
    return [reason_text(reason_of(one)) for one in kept]

"""What is wrong with a threshold policy, at its place. The rules raise the codes; `apps.py` adds this table."""

from typing import Any

from django.utils.translation import gettext_lazy as _l

from crsmonitor.error_words import text_of
from crsmonitor.errors import Message
from grading.rules.treatment.policy_numbers import BadPolicy


def policy_error_text(error: BadPolicy) -> str:
    """What is wrong, without its place."""
    return text_of(Message(error.code, error.values))


WORDS: dict[str, Any] = {
    "policy_not_utf8": _l("it is not UTF-8 text"),
    "policy_object_needed": _l("an object with %(names)s is needed"),
    "policy_object_of_policy": _l("an object with title and thresholds is needed"),
    "policy_object_of_threshold": _l("an object with code, kind, from_grade and source is needed"),
    "policy_object_of_rule": _l("an object with code, kind and source is needed"),
    "policy_object_of_value": _l("an object with value and source is needed"),
    "policy_unknown_field": _l("unknown field"),
    "policy_text_needed": _l("a text of 1 to %(most)s characters is needed"),
    "policy_given_twice": _l("%(name)s is given twice"),
    "policy_given_twice_of": _l("%(name)s of %(kind)s is given twice"),
    "policy_too_long": _l("more than %(most)s characters once its aliases are written out"),
    "policy_no_text": _l("a character that is no text"),
    "policy_single_value": _l("a single value is needed"),
    "policy_list_needed": _l("a list is needed"),
    "policy_thresholds_needed": _l("a list with at least one threshold is needed"),
    "policy_number": _l("a number from %(low)s to %(high)s"),
    "policy_whole_number": _l("a whole number from %(low)s to %(high)s"),
    "policy_number_or_null": _l("a number is needed; null says that it is not known"),
    "policy_above_0": _l("above 0"),
    "policy_crs_or_icans": _l("crs or icans"),
    "policy_mg_or_mg_per_kg": _l("mg or mg/kg"),
    "policy_true_or_false": _l("true or false"),
    "policy_one_of": _l("one of %(choices)s"),
    "policy_value_without_source": _l("every value names its source"),
    "policy_condition_without_source": _l("every condition names its source"),
    "policy_threshold_without_source": _l("every threshold names its source"),
    "policy_low_weight_first": _l("a low weight's dose needs the weight"),
    "policy_at_most_in_all": _l("more than in_all"),
    "policy_longer_than_every_h": _l("longer than every_h"),
    "policy_not_before_after_doses": _l("not before after_doses"),
    "policy_needs_section": _l("its numbers are those of %(section)s, which this policy does not have"),
    "policy_needs_rule": _l("its numbers are those of a %(rule)s in %(section)s, which this policy does not have"),
    "say_why_silent_run": _l("Say why the version runs silently."),
    "say_why_silent_run_ends": _l("Say why the run ends."),
    "silent_run_of_in_force": _l("This version is in force: it tells already."),
    "silent_run_already": _l("Another version runs silently in this study: end that run first."),
    "silent_run_unreadable": _l("This program does not read this version."),
    "silent_run_over": _l("This run is over already."),
}

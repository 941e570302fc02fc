"""What the problems of a regimen file say: codes of checks.py, crossed.py and schema.json (`x-code`)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

_TYPES: dict[str, Promise] = {
    "object": _l("named values"), "array": _l("a list"), "string": _l("a text"), "integer": _l("a whole number"),
    "number": _l("a number"), "boolean": _l("true or false"), "null": _l("nothing"),
}  # fmt: skip


def _any_of(words: Sequence[Any]) -> str:
    first, *rest = map(str, words)
    for word in rest:
        first = _("%(one)s or %(other)s") % {"one": first, "other": word}
    return first


def _type(values: Mapping[str, Any]) -> str:
    return _("%(what)s is needed") % {"what": _any_of([_TYPES[kind] for kind in values["kinds"]])}


def _group(values: Mapping[str, Any]) -> str:
    return _("one of these is needed: %(known)s") % {"known": ", ".join(" + ".join(one) for one in values["groups"])}


WORDS: dict[str, Any] = {
    # Its shape
    "file_wrong_type": _type,
    "file_one_group_needed": _group,
    "file_no_name": _l("%(name)s is no name: put it in quotes"),
    "file_unknown_field": _l("unknown field"),
    "file_is_needed": _l("is needed"),
    "file_one_of_needed": _l("one of %(known)s is needed, not %(value)s"),
    "file_not_allowed_here": _l("%(value)s is not allowed here"),
    "file_at_least": _l("at least %(limit)s needed"),
    "file_at_most": _l("at most %(limit)s"),
    "file_same_twice": _l("the same twice"),
    "file_at_most_characters": _l("at most %(limit)s characters"),
    "file_text_needed": _l("a text is needed"),
    "file_or_more": _l("%(limit)s or more is needed"),
    "file_id_form": _l("1 to 20 letters, digits, dots, dashes and underscores are needed"),
    "file_label_form": _l("a text without spaces around it is needed"),
    "file_short_form": _l("1 to 40 characters without spaces around them are needed: the label in exports"),
    "file_above_0": _l("a number above 0 is needed"),
    "file_0_or_above": _l("a number, 0 or above, is needed"),
    # What its parts say of each other
    "file_given_twice": _l("'%(name)s' is given twice"),
    "file_no_variant": _l("no variant '%(variant)s'"),
    "file_not_above": _l("not above %(other)s"),
    "file_label_too_long": _l("%(length)s characters, and exports hold %(most)s: give the step a `short` label too"),
    "file_not_in_sources": _l("%(source)s is not in sources"),
    "file_no_step": _l("no step '%(step)s'"),
    "file_too_many_decimals": _l("more than %(most)s decimals; choose a smaller unit"),
    "file_below_is_needed": _l("below %(limit)s is needed"),
    "file_day_goes_back": _l("day %(day)s is before day %(earlier)s of '%(step)s'"),
    "file_less_than": _l("%(high)s is less than %(name)s %(low)s"),
    "file_only_repeated": _l("only of a step that repeats"),
    "file_not_split": _l("'%(step)s' is not split with '%(other)s'"),
    "file_no_pretreatment": _l("neither a step-up nor a target dose can be one"),
    "file_days_of_cycles": _l("said of a step whose days are those of cycles"),
    "file_before_other": _l("before %(name)s %(value)s"),
    "file_next_cycle": _l("the cycle after those before is needed"),
    "file_days_in_order": _l("days in order are needed"),
    "file_cycle_has_days": _l("a cycle has %(days)s days"),
    "file_cycles_have_days": _l("the cycles have %(days)s days"),
    "file_later_than": _l("'%(step)s' is later than '%(other)s'"),
    "file_later_than_first": _l("'%(step)s' is later than '%(other)s', after which this may hold: name next_steps"),
    "file_row_not_known": _l("said of a row that is not known"),
    "file_day_has_two_rows": _l("after '%(step)s', day %(day)s has two rows"),
    "file_day_has_no_row": _l("after '%(step)s', no row holds day %(day)s"),
    "file_is_above": _l("%(low)s is above %(high)s"),
    "file_only_for_restart": _l("needed where the outcome is restart, and only there"),
}

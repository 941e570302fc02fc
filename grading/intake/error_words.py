"""What is refused at the queue, in words; `apps.py` adds this table."""

from typing import Any

from django.utils.translation import gettext_lazy as _l

WORDS: dict[str, Any] = {
    "intake_cannot_accept": _l("This cannot be accepted as it is: see why it is held."),
    "intake_decided": _l("Somebody has decided on this already, or a newer version came in."),
    "say_why_accepted": _l("Something about it is to be asked: say why it is accepted."),
    "say_why_rejected": _l("Say why it is rejected."),
    "fhir_bundle_type": _l("A Bundle of one of these types: %(known)s."),
    "fhir_too_many": _l("At most %(most)s entries at once."),
    "say_why_automatic": _l("Say why."),
    "file_too_large": _l("The file is too large: at most %(most)s MB."),
    "file_not_text": _l("This is no text in UTF-8, UTF-16 or Big5: save it as “CSV UTF-8”."),
    "file_unreadable": _l("A quotation mark is missing or stands too much."),
    "file_empty": _l("The file has no line below its header."),
    "file_header": _l("The first line must name each column, none twice, and two at least."),
    "file_too_many_lines": _l("The file is too long: at most %(most)s lines."),
    "column_needed": _l("Choose a column."),
    "column_not_in_file": _l("The file has no such column."),
    "column_used_twice": _l("This column is used twice."),
    "one_value_a_line": _l(
        "This file has one value on each line, and a column says of what: choose the columns of the test, its value "
        "and its unit above, and none here."
    ),
    "nothing_mapped": _l("Choose a column for one value at least."),
    "field_unknown": _l("No such field."),
    "choice_unknown": _l("No such choice."),
    "zone_unknown": _l("Not an IANA time zone, such as Asia/Taipei."),
    "device_word_unclear": _l("One in each line: word = code."),
}

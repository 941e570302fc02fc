"""What is wrong with what a tablet sends, for whoever writes for tablets; `apps.py` adds this table."""

from typing import Any

from django.utils.translation import gettext_lazy as _l

WORDS: dict[str, Any] = {
    "outbox_shape": _l("The body is an object with the list “entries” and nothing else."),
    "outbox_type": _l("The body is JSON: application/json."),
    "outbox_too_many": _l("At most %(most)s entries at once."),
    "outbox_too_large": _l("At most %(most)s kB at once."),
    "entry_kind": _l("No kind that a tablet keeps. Known: %(known)s."),
    "entry_type": _l("Of another type: wanted is %(wanted)s."),
    "entry_lacks": _l("This is missing."),
    "entry_unknown": _l("There is no such field here."),
    "entry_too_long": _l("At most %(most)s."),
    "entry_characters": _l("Characters that no text is kept with."),
    "entry_id_differs": _l("The id of the form is not that of the entry."),
    "difference_says_why": _l("Say what the reason was."),
    "dose_second_tap": _l("Kept without a network: a dose is confirmed by a second tap on the gate's last answer."),
}

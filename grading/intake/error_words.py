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
}

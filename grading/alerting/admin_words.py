"""What the administration calls endpoints, phone trees and escalation steps."""

from django.utils.translation import gettext_lazy as _

from crsmonitor.audit.naming import call
from grading.models import Endpoint, EscalationStep, PhoneTree


def call_all() -> None:
    call(
        Endpoint, _("endpoint"), _("endpoints"), study=_("study"), site=_("site"), url=_("address (URL)"),
        gateway=_("gateway"), active=_("active"),
    )  # fmt: skip
    call(PhoneTree, _("phone tree"), _("phone trees"), study=_("study"), site=_("site"), text=_("text"))
    PhoneTree._meta.get_field("text").help_text = _("Functions and numbers, a line each. No names of participants.")
    call(
        EscalationStep, _("escalation step"), _("escalation steps"), study=_("study"), site=_("site"),
        position=_("position"), on_call_role=_("on-call role"), wait_minutes=_("wait (minutes)"), active=_("active"),
    )  # fmt: skip

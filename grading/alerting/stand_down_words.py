"""A stand-down in words: why nobody needs to come any more, and through whom, by role and never by name."""

from django.utils.translation import gettext as _

from crsmonitor.accounts.roles import Role
from grading.models import Delivery
from grading.models.observations import DrugClass
from grading.rules.alerting.stand_down import Why


def role_word(role: str) -> str:
    words = {
        Role.NURSE: _("nurse"),
        Role.CHARGE_NURSE: _("charge nurse"),
        Role.INVESTIGATOR: _("investigator"),
    }
    return words[Role(role)] if role in words else _("staff")


def why_text(delivery: Delivery) -> str:
    """The reason of a stand-down, in one sentence."""
    who = {"who": role_word(delivery.by_role)}
    match Why(delivery.why):
        case Why.ANSWERED:
            return _("Somebody else has answered and goes: %(who)s.") % who
        case Why.TREATMENT:
            drug = str(DrugClass(delivery.drug_class).label) if delivery.drug_class else _("treatment")
            return _("What it asks for was given: %(drug)s, recorded by: %(who)s.") % (who | {"drug": drug})
        case Why.AT_BEDSIDE:
            return _("A clinician is at the bedside, recorded by: %(who)s.") % who
        case Why.DECLINED:
            return _("Nothing is to be done, recorded with a reason by: %(who)s.") % who
        case Why.WITHDRAWN:
            return _("Withdrawn: the record was corrected and does not call for it.")
        case Why.OVER:
            return _("It is over: what it told of does not hold any more.")

"""What a study itself says of a regimen version, as sections beside those of its document: to compare two versions."""

from typing import Any

from django.utils.translation import gettext as _

from regimens.forms.own_plan import TRIGGERS
from regimens.library.protocol import Section, number
from regimens.models import Regimen
from regimens.selectors import LOOKS


def own_sections(version: Regimen) -> list[Section]:
    """In the reader's language; numbers in hours."""
    steps = [one for one in version.steps.order_by("position") if one.opens_period]
    looks = Section(
        title=_("What the study sets"),
        columns=(_("Step"), _("Vital signs every … h"), _("Neuro assessment every … h"), _("Risk window, h")),
        rows=tuple((one.label, *(number(getattr(one, name)) for name in LOOKS)) for one in steps),
    )
    rules = (
        (_("On time within … min"), str(version.grace_minutes)),
        (_("Shorter intervals after a trigger"), _tightening(version.tightening or {})),
        (_("Intervals never get shorter"), version.untightened_because),
        (_("An event has ended after so many hours observed free"), str(version.resolution_hours)),
    )
    return [looks, Section(title=_("Grace and shorter intervals"), columns=(_("What"), _("Now")), rows=rules)]


def _tightening(rule: dict[str, Any]) -> str:
    """Empty: none."""
    if not rule:
        return ""
    triggers = ", ".join(str(TRIGGERS[one]) for one in rule["triggers"])
    tiers = [f"{number(one['every_h'])} / {number(one.get('for_h')) or '–'}" for one in rule["tiers"]]
    return f"{triggers} ({_('From grade')} {rule.get('from_grade', 1)}): {'; '.join(tiers)} h"

"""Faults of the design contract in words, by their codes; the path says at which box they stand."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from crsmonitor.error_words import text_of
from crsmonitor.errors import Message
from regimens.rules.reading import CaseError

FAULTS: dict[str, Promise] = {
    "missing_field": _l("This is missing."),
    "invalid_type": _l("A value of another kind is asked for here."),
    "invalid_value": _l("This value cannot be read here."),
    "out_of_range": _l("This value is out of range."),
    "unknown_value": _l("Choose one of those listed."),
    "unknown_field": _l("Nobody asks for this here."),
    "contradictory": _l("This contradicts what stands elsewhere."),
    "not_verified": _l("The adaptive solver found a difference above 0.001: no result is shown."),
}
# What a fault of these paths means, where the code alone says too little.
AT_PATH: dict[tuple[str, str], Promise] = {
    ("contradictory", "pk"): _l("Two molecules: choose one of the list, or describe your own, not both."),
    ("missing_field", "drug"): _l("Choose a molecule, or describe your own."),
    ("missing_field", "hazard"): _l(
        "This molecule has no published hazard of CRS: say SMAX and S50, and it is shown as assumed."
    ),
    ("missing_field", "effector_to_target"): _l("An EC without its effector-to-target ratio is not accepted."),
    ("missing_field", "exposure"): _l("Say a plasma volume, or the molecule's own PK with the dosing interval."),
    ("contradictory", "horizon_d"): _l("The horizon comes before the first dose and leaves no dose period."),
    ("contradictory", "name"): _l("This name is given twice: give each its own."),
    ("contradictory", "infusion_h"): _l("Hours of infusion are of what is given intravenously."),
    ("contradictory", "female"): _l("Sex has no effect in the model of this molecule: leave it unticked."),
    ("contradictory", "prior_car_t"): _l("Prior CAR-T has no effect in the model of this molecule."),
    ("contradictory", "prophylaxis"): _l("Prophylaxis has no effect in the model of this molecule."),
    ("missing_field", "q_l_per_d"): _l("Q and Vp mean nothing without each other."),
    ("missing_field", "vp_l"): _l("Q and Vp mean nothing without each other."),
    ("missing_field", "cl_l_per_d"): _l("An own molecule needs its clearance."),
    ("missing_field", "vc_l"): _l("An own molecule needs its central volume."),
    ("invalid_value", "doses"): _l("A regimen has one dose at least."),
    ("invalid_value", "regimens"): _l("Type the doses and days of one regimen at least."),
    ("contradictory", "events"): _l("More with an event than were observed."),
    ("contradictory", "ladder"): _l("This regimen stands on the ladder twice."),
    ("unknown_value", "ladder"): _l("No regimen that is compared has this name."),
    ("unknown_value", "current"): _l("The regimen that is given now stands on the ladder."),
    ("out_of_range", "next.n"): _l("With so many dose periods there are too many outcomes: fewer participants."),
    ("contradictory", "cohort"): _l("A cohort is at most as large as the trial."),
    ("contradictory", "designs"): _l("This design is given twice."),
    ("invalid_value", "designs"): _l("Choose one design at least."),
    ("invalid_value", "assays"): _l("Enter one assay at least, or paste rows."),
}
RANGE = re.compile(r" is (above|from) (\S+) to (below )?(\S+)$")


def fault_of(message: Message, path: str) -> str:
    """What a service says of the contract's fault; of any other, its own words."""
    if message.code in FAULTS:
        return fault_text(CaseError(message.code, str(message.values.get("detail", "")), path))
    return text_of(message)


def fault_text(error: CaseError) -> str:
    """One sentence. A range is said with its ends."""
    last = re.sub(r"\[\d+\]$", "", (error.field or "").rpartition(".")[2])
    if error.code == "out_of_range" and (ends := RANGE.search(error.detail)):
        return _range_text(ends)
    return str(AT_PATH.get((error.code, last)) or FAULTS.get(error.code) or error.code)


def _range_text(ends: re.Match[str]) -> str:
    low, high = _end(ends[2]), _end(ends[4])
    if ends[1] == "above" and ends[3]:
        return _("Above %(low)s and below %(high)s.") % {"low": low, "high": high}
    if ends[1] == "above":
        return _("Above %(low)s, and at most %(high)s.") % {"low": low, "high": high}
    if ends[3]:
        return _("From %(low)s to below %(high)s.") % {"low": low, "high": high}
    return _("From %(low)s to %(high)s.") % {"low": low, "high": high}


def _end(text: str) -> str:
    """1,000,000,000,000.0 as 1,000,000,000,000."""
    return text.removesuffix(".0")

"""The empty rows of a downtime sheet: the fields of the entry pages, and the words in which the ICE is asked."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from grading.bedside.neuro_words import ITEMS
from grading.bedside.selectors.ice_words import ice_words
from grading.downtime.sheet import SheetTable
from grading.words.wording import named, phrases
from regimens.models import NeuroInstrument, Participant

SET_ROWS, NEURO_ROWS, GIVEN_ROWS = 8, 5, 5  # two shifts of a set every 2 h, of a neuro assessment every 3 to 4 h


def blank_tables(participant: Participant, *, at: datetime, address: Callable[[str], str]) -> list[SheetTable]:
    """`address`: where the square of a kind of entry leads."""
    at_bedside = _("Day, time")
    by = _("By")
    why = _("Not done: write why (asleep, refused, off the ward, equipment, clinician). An empty cell is not “normal”.")
    return [
        SheetTable(
            title=_("Vital signs"), blank=SET_ROWS, square=address("vitals"), note=why,
            columns=[
                at_bedside, "°C", _("Systolic/ diastolic"), _("Pulse"), _("Breaths"), "SpO₂ %",
                _("Oxygen: device, L/min"), _("Bolus y/n"), _("Vaso- pressors"), by,
            ],
        ),
        _neuro(participant, at=at, square=address("neuro"), first=at_bedside, last=by),
        SheetTable(
            title=_("Treatments"), blank=GIVEN_ROWS, square=address("treatment"),
            note=_("Antipyretic, fluid, antibiotic, steroid, tocilizumab: what for (CRS, ICANS, other)."),
            columns=[at_bedside, _("Drug"), _("Dose, unit"), _("Route"), _("What for"), _("Second person"), by],
        ),
        SheetTable(
            title=_("Study dose"), blank=1, square=address("dose"),
            note=_("The gate cannot be asked: give no study dose before an investigator says so, and write who did."),
            columns=[at_bedside, _("Step"), _("Dose, unit"), _("Route"), _("End"), _("Second person"), by],
        ),
    ]  # fmt: skip


def _neuro(participant: Participant, *, at: datetime, square: str, first: str, last: str) -> SheetTable:
    findings = [_("Conscious- ness"), _("Seizure"), _("Motor"), _("Raised pressure in the head")]
    if participant.neuro_instrument == NeuroInstrument.CAPD:
        score, note = ["CAPD 0-32"], ""
    else:
        score, note = [*(str(name) for name in ITEMS.values()), "ICE /10"], _questions(participant, at=at)
    return SheetTable(
        title=_("Neuro assessment"), blank=NEURO_ROWS, square=square, note=note,
        columns=[first, *score, *findings, last],
    )  # fmt: skip


def _questions(participant: Participant, *, at: datetime) -> str:
    """As they are read out to the participant on that day, in her language. What is right is right on the day alone."""
    words = ice_words(participant, at=at)
    questions: Sequence[str] = [
        named(ITEMS[item.name], phrases(part for part in (item.say, _right(item.right)) if part))
        for item in words.items
    ]
    return "\n".join(questions)


def _right(right: str) -> str:
    return _("right: %(answer)s") % {"answer": right} if right else ""

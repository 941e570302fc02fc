"""What is doubtful about an entry, as what an error says at each field."""

from collections.abc import Iterable

from crsmonitor.errors import Message
from grading import readings
from grading.models import VitalSigns
from grading.rules.checks import Doubt
from grading.rules.worsening import worsens
from grading.selectors.bedside import set_before


def by_field(doubts: Iterable[Doubt]) -> dict[str, list[Message]]:
    fields: dict[str, list[Message]] = {}
    for doubt in doubts:
        fields.setdefault(doubt.field, []).append(Message(doubt.code, doubt.values))
    return fields


def worsens_on(draft: VitalSigns) -> bool:
    """Whether the set shows more than the one before, or a value in danger: then no doubt in it holds it back."""
    if readings.danger_of(draft):
        return True
    before = set_before(draft)
    return worsens(readings.crs_inputs(draft), None if before is None else readings.crs_inputs(before))


def open_before(draft: VitalSigns) -> set[str]:
    """What the corrected version has still to be confirmed in, and what this one says again."""
    earlier = draft.supersedes
    if not isinstance(earlier, VitalSigns):
        return set()
    still = {name for name in earlier.unconfirmed if getattr(draft, name) == getattr(earlier, name) is not None}
    return still - set(draft.retyped)

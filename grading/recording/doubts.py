"""When a doubt may not hold a set back, and what of an earlier version is still to be confirmed."""

from grading.course.record import readings
from grading.models import VitalSigns
from grading.rules.grades.entry.worsening import worsens


def set_before(vitals: VitalSigns) -> VitalSigns | None:
    """The newest standing set of before this one. None: there is none."""
    sets = VitalSigns.objects.standing().filter(participant_id=vitals.participant_id)
    return sets.filter(observed_at__lt=vitals.observed_at).order_by("-observed_at").first()


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

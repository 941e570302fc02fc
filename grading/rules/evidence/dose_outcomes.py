"""What one dose period counts as where a model is held against it: event, clear, open or undeterminable.

The safety review (`outcomes.py`) tells how each period stands. Here a period is asked whether it may be counted: clear
is one that ran to its end, the next dose or the end of its risk window, also while no next dose was given. What goes
on is open, whatever was seen in it so far. What has ended and cannot be told is undeterminable: no set without doubt,
an episode that nobody judged, observation that ended before the window did, and CRS that was carried into the period,
since whoever has it already cannot get it. Neither is ever "no CRS". Pure.
"""

from enum import StrEnum

from grading.rules.evidence.outcomes import PeriodSyndrome


class DoseOutcome(StrEnum):
    EVENT = "event"
    CLEAR = "clear"
    OPEN = "open"
    UNDETERMINABLE = "undeterminable"

    @property
    def is_known(self) -> bool:
        return self in (DoseOutcome.EVENT, DoseOutcome.CLEAR)


def dose_outcome(
    crs: PeriodSyndrome, from_grade: int, *, carried: bool | None, observation_goes_on: bool
) -> DoseOutcome:
    """`carried`: CRS of an earlier dose was open at this one; None: not known."""
    reaches = crs.reaches(from_grade)
    if reaches:
        return DoseOutcome.EVENT
    if not crs.ran_to_end:
        return DoseOutcome.UNDETERMINABLE if crs.is_over else DoseOutcome.OPEN
    if reaches is None or carried is not False:
        return DoseOutcome.UNDETERMINABLE
    if crs.is_settled:
        return DoseOutcome.CLEAR
    return DoseOutcome.OPEN if observation_goes_on else DoseOutcome.UNDETERMINABLE  # its grade may still rise

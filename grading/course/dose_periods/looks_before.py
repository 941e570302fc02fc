"""The last looks before a dose: of the record where it holds them, else of the tables."""

from datetime import datetime

from grading.course.record import readings
from grading.course.record.facts import Record
from grading.models import NeuroAssessment, VitalSigns
from grading.rules.course.periods.at_dose import BASELINE_WITHIN, LooksBefore, last_ice
from regimens.facts import by_time
from regimens.models import Measured, Measurement


def look_back(row: LooksBefore, record: Record, *, dosed_at: datetime) -> None:
    """What of the record was seen last before this dose."""
    sets = [readings.vitals_seen(one) for one in _sets(record, dosed_at)]
    row.look_back(sets, dosed_at=dosed_at, ice=_last_ice(record, dosed_at))


def _sets(record: Record, dosed_at: datetime) -> list[VitalSigns]:
    since = dosed_at - BASELINE_WITHIN
    if (record.since is None or record.since <= since) and (record.until is None or dosed_at < record.until):
        return record.vitals
    kept = VitalSigns.objects.standing().filter(participant=record.participant, observed_at__range=(since, dosed_at))
    return by_time(kept)


def _last_ice(record: Record, dosed_at: datetime) -> int | None:
    """The score of the last assessment with all items, or one that was entered as the baseline since."""
    further = record.until is not None and dosed_at >= record.until
    last = None if further else _assessed(record.neuro, dosed_at)
    if further or (last is None and record.since is not None):
        earlier = NeuroAssessment.objects.standing().filter(participant=record.participant, observed_at__lte=dosed_at)
        last = _assessed(by_time(earlier.defer("sentence")), dosed_at)
    entered = _entered(record, dosed_at)
    return last_ice(
        None if last is None else (last.observed_at, readings.ice_score(last)),
        None if entered is None else (entered.observed_at, entered.value),
    )


def _assessed(looks: list[NeuroAssessment], dosed_at: datetime) -> NeuroAssessment | None:
    known = (one for one in reversed(looks) if one.observed_at <= dosed_at and readings.ice_score(one) is not None)
    return next(known, None)


def _entered(record: Record, dosed_at: datetime) -> Measurement | None:
    measured = record.measurements
    if record.since is not None or record.until is not None:
        kept = Measurement.objects.standing().filter(participant=record.participant, kind=Measured.BASELINE_ICE)
        measured = by_time(kept)
    own = [one for one in measured if one.kind == Measured.BASELINE_ICE and one.observed_at <= dosed_at]
    return own[-1] if own else None

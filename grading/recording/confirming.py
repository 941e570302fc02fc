"""One number of a set that was kept at once, confirmed or corrected in place: a correction that says so."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from crsmonitor.accounts.models import User
from grading.models import VitalSigns
from grading.recording.record import Recorded, record
from grading.rules.course.periods.sets import mean_pressure
from regimens.facts import Fact, Source

_NEW = {field.name for field in Fact._meta.local_fields} - {"participant", "observed_at"}


def say_number(
    vitals: VitalSigns, field: str, value: Decimal, *, confirmed: bool, key: UUID, reason: str, by: User, at: datetime
) -> Recorded:
    """The set again with this number, all else as it stands. `confirmed`: it was typed a second time, or looked up.

    `key`: the client's id, so that a second tap gives the first answer. Raises as `record`.
    """
    draft = _copy(vitals)
    draft.id, draft.source, draft.supersedes, draft.reason = key, Source.PAGE, vitals, reason
    setattr(draft, field, value)
    if draft.mean_pressure_computed and draft.sbp is not None and draft.dbp is not None:
        draft.mean_pressure = mean_pressure(draft.sbp, draft.dbp)
    draft.retyped = sorted({*vitals.retyped, field} if confirmed else {*vitals.retyped} - {field})
    return record(draft, by=by, at=at)


def _copy(vitals: VitalSigns) -> VitalSigns:
    columns = {f.name: getattr(vitals, f.name) for f in VitalSigns._meta.concrete_fields if f.name not in _NEW}
    return VitalSigns(**columns | {"unconfirmed": []})

"""Many shifts at once: those that repeat, a week copied, a file; and a shift that another person takes over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput, NotFound
from grading.alerting.selectors.rota import people_of, week_of
from grading.models import RotaShift
from grading.rules.alerting.on_call.rota import OnCallRole
from grading.rules.alerting.on_call.shift_patterns import Hours, ShiftPattern, hours_of, weeks_later
from regimens.models import Site, Study


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """Hours, and as what the person is called in them."""

    on_call_role: OnCallRole
    hours: Hours


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file or a pattern asks for, beside the rota. `there`: how many of it stand on the rota already."""

    new: tuple[PlannedShift, ...]
    there: int


def planned(study: Study, site: Site, wanted: Sequence[PlannedShift]) -> Plan:
    """What would be added: each once, and nothing that stands there already."""
    kept = RotaShift.objects.filter(study=study, site=site, called_off=False)
    there = set(kept.values_list("on_call_role", "person_id", "starts_at", "ends_at"))
    new = [one for one in dict.fromkeys(wanted) if _key(one) not in there]
    return Plan(new=tuple(new), there=len(wanted) - len(new))


@transaction.atomic
def put_on_all(study: Study, site: Site, wanted: Sequence[PlannedShift], *, by: User, reason: str) -> int:
    """Add what is not there yet, all or nothing; how many that were. InvalidInput where somebody may not answer here.

    Doing it twice adds nothing the second time.
    """
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)  # one at a time
    people = {one.hours.person for one in wanted}
    if people - set(people_of(study, site).values_list("pk", flat=True)):
        raise InvalidInput.at("people", "may_not_answer_here")
    new = planned(study, site, wanted).new
    with acting(by=by, reason=reason):
        RotaShift.objects.bulk_create(
            RotaShift(
                study=study, site=site, on_call_role=one.on_call_role.value, person_id=one.hours.person,
                starts_at=one.hours.starts_at, ends_at=one.hours.ends_at,
            )
            for one in new
        )  # fmt: skip
    return len(new)


def repeat(study: Study, site: Site, *, on_call_role: OnCallRole, pattern: ShiftPattern, by: User) -> int:
    """The shifts of a pattern. InvalidInput where it has none."""
    made = hours_of(pattern, ZoneInfo(site.time_zone))
    if not made:
        raise InvalidInput.at("weekdays", "pattern_without_a_day")
    return put_on_all(study, site, [PlannedShift(on_call_role, one) for one in made], by=by, reason="rota: pattern")


def copy_week(study: Study, site: Site, *, monday: date, weeks: int, by: User) -> int:
    """The shifts that begin in that week, in each of so many weeks after it. InvalidInput where there are none."""
    zone = ZoneInfo(site.time_zone)
    rows = week_of(study, site, monday)
    if not rows:
        raise InvalidInput.at("monday", "week_without_shift")
    wanted = [
        PlannedShift(OnCallRole(row.on_call_role), weeks_later(_hours(row), ahead, zone))
        for ahead in range(1, weeks + 1)
        for row in rows
    ]
    return put_on_all(study, site, wanted, by=by, reason="rota: week copied")


@transaction.atomic
def hand_over(study: Study, site: Site, shift_id: int, *, person: User, by: User, at: datetime) -> None:
    """Another person has what is left of a shift; what is over of it stays whose it was. NotFound, InvalidInput."""
    [shift] = _standing(study, site, [shift_id], at=at)
    _give(shift, person, by=by, at=at)


@transaction.atomic
def swap(study: Study, site: Site, shift_id: int, other_id: int, *, by: User, at: datetime) -> None:
    """Two shifts change persons. NotFound; InvalidInput where both are one person's."""
    one, other = _standing(study, site, [shift_id, other_id], at=at)
    if one.person_id == other.person_id:
        raise InvalidInput.at("other", "swap_with_another_person")
    first, second = one.person, other.person
    _give(one, second, by=by, at=at)
    _give(other, first, by=by, at=at)


def _standing(study: Study, site: Site, ids: Sequence[int], *, at: datetime) -> list[RotaShift]:
    """Shifts that are neither called off nor over, in the order of `ids`. Raises NotFound."""
    rows = RotaShift.objects.select_for_update(of=("self",)).select_related("person")
    here = rows.filter(pk__in=ids, study=study, site=site, called_off=False, ends_at__gt=at).order_by("pk")
    rows_by_id = {row.pk: row for row in here}
    if len(rows_by_id) != len(ids):
        raise NotFound("no_such_shift")
    return [rows_by_id[pk] for pk in ids]


def _give(shift: RotaShift, person: User, *, by: User, at: datetime) -> None:
    if not people_of(shift.study, shift.site).filter(pk=person.pk).exists():
        raise InvalidInput.at("person", "may_not_answer_here")
    since = max(shift.starts_at, at)
    with acting(by=by, reason="rota: shift handed over"):
        RotaShift.objects.filter(pk=shift.pk).update(called_off=True)
        if since > shift.starts_at:
            _again(shift, shift.person, shift.starts_at, since)
        _again(shift, person, since, shift.ends_at)


def _again(shift: RotaShift, person: User, starts_at: datetime, ends_at: datetime) -> None:
    RotaShift.objects.create(
        study=shift.study, site=shift.site, on_call_role=shift.on_call_role, person=person,
        starts_at=starts_at, ends_at=ends_at,
    )  # fmt: skip


def _hours(row: RotaShift) -> Hours:
    return Hours(person=row.person_id, starts_at=row.starts_at, ends_at=row.ends_at)


def _key(one: PlannedShift) -> tuple[str, int, datetime, datetime]:
    return one.on_call_role.value, one.hours.person, one.hours.starts_at, one.hours.ends_at

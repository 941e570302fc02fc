"""The observation plan of one dose, compiled into due slots, and what became of each. Pure.

The grid is fixed: the interval counts from the dose, and again from the end of the infusion where the window's clock
starts there; a look taken late does not move the next one. After a trigger the tiers of the plan count from the
trigger, never wider than the interval itself, and then the grid goes on. A slot whose time had begun at the trigger
stays. Each slot owns a span of time of its own, so that a look counts for one slot at most, in whatever order looks
come in, and one look more never makes a slot worse.

All hours are elapsed hours: every instant is taken to UTC first.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import count, pairwise

from regimens.rules.plan import ObservationClock
from regimens.rules.tightening import Tier, Tightening
from regimens.rules.wall_time import day_at


class Kind(StrEnum):
    """What is looked at."""

    VITALS = "vitals"
    NEURO = "neuro"


class Status(StrEnum):
    UPCOMING = "upcoming"  # its span has not begun
    DUE = "due"  # its span runs, and nobody looked yet; after the grace it is overdue
    ON_TIME = "on_time"
    LATE = "late"
    MISSED = "missed"  # its span is over, and nobody looked or said why
    EXCUSED = "excused"


NOT_LOOKED = (Status.MISSED, Status.DUE)


# --- Window and planned doses ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """[starts_at, ends_at], both included. `ends_at` None: the regimen names no length."""

    starts_at: datetime
    ends_at: datetime | None


def window_of(
    *,
    clock: str,
    dosed_at: datetime | None,
    infusion_ended_at: datetime | None,
    length_h: int | None,
    longer_h: int | None = None,
) -> Window | None:
    """The observation window of one dose. None: its clock has not started.

    `longer_h`: what earlier grades ask for; it never shortens a window.
    """
    start = infusion_ended_at if clock == ObservationClock.INFUSION_END else dosed_at
    if start is None:
        return None
    start = start.astimezone(UTC)
    hours = max((h for h in (length_h, longer_h) if h is not None), default=None)
    return Window(starts_at=start, ends_at=None if hours is None else start + timedelta(hours=hours))


def planned_on(*, first_dose_at: datetime | None, planned_day: int | None, zone: tzinfo) -> date | None:
    """The calendar day, in the site's zone, of which the plan says day `planned_day`; day 1 is the first dose's.

    None: no dose was given yet, or the regimen names no day.
    """
    if first_dose_at is None or planned_day is None:
        return None
    return day_at(first_dose_at, zone) + timedelta(days=planned_day - 1)


# --- Slots ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotPlan:
    """How often one kind of look is due after one dose.

    `starts_at`: the dose. `clock_at`: the end of the infusion, where the interval counts anew from there. `ends_at`:
    of the window; None: not known (yet), so that slots go on. `grace`: how much before or after it is on time, at
    most half an interval. `tiers`: tighter intervals after a trigger; empty: it is not tightened.
    """

    starts_at: datetime
    every: timedelta
    grace: timedelta
    clock_at: datetime | None = None
    ends_at: datetime | None = None
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One look that is due. It owns [opens_at, over_at); a look until `on_time_until` is on time, after it late."""

    due_at: datetime
    opens_at: datetime
    on_time_until: datetime
    over_at: datetime

    def owns(self, at: datetime) -> bool:
        return self.opens_at <= at < self.over_at


def plan_of(
    kind: Kind,
    *,
    every_h: Decimal | None,
    grace_minutes: int,
    tightening: Tightening | None,
    window: Window | None,
    clock: str,
    dosed_at: datetime,
) -> SlotPlan | None:
    """The plan of one kind for one dose. None: the step names no interval, so nothing is planned."""
    if every_h is None or every_h <= 0:
        return None
    restarts = clock == ObservationClock.INFUSION_END and window is not None
    return SlotPlan(
        starts_at=dosed_at.astimezone(UTC),
        every=timedelta(seconds=int(every_h * 3600)),
        grace=timedelta(minutes=grace_minutes),
        clock_at=window.starts_at if window is not None and restarts else None,
        ends_at=None if window is None else window.ends_at,
        tiers=tightening.tiers if tightening is not None and kind in tightening.kinds else (),
    )


def slots(plan: SlotPlan, triggers: Iterable[datetime] = ()) -> Iterator[Slot]:
    """The plan's slots in order of time; without end where the window has none.

    `triggers`: instants after which the plan is tightened, in any order; those outside the window do nothing.
    """
    known = tuple(sorted(triggers))
    return _compiled(plan, known) if plan.ends_at is None else iter(_compiled_once(plan, known))


@lru_cache(maxsize=512)  # each set of a participant asks for the same plan again
def _compiled_once(plan: SlotPlan, triggers: tuple[datetime, ...]) -> tuple[Slot, ...]:
    return tuple(_compiled(plan, triggers))


def _compiled(plan: SlotPlan, triggers: Sequence[datetime]) -> Iterator[Slot]:
    for (due, grace), (after, after_grace) in pairwise(_dues(plan, triggers)):
        if plan.ends_at is not None and due > plan.ends_at:
            return
        opens, over = due - grace, after - after_grace
        yield Slot(due_at=due, opens_at=opens, on_time_until=min(due + grace, over), over_at=over)


def _dues(plan: SlotPlan, triggers: Sequence[datetime]) -> Iterator[tuple[datetime, timedelta]]:
    """Each due time with its grace, without end: at every start of the plan, what was not yet open is planned anew."""
    starts, last = _starts(plan, triggers), plan.starts_at
    for place, (_, base, trigger) in enumerate(starts):
        anew = starts[place + 1][0] if place + 1 < len(starts) else None
        for due, every in _from(plan, base, trigger):
            grace = min(plan.grace, every / 2)
            if anew is not None and due - grace > anew:
                break
            if due - grace > last:  # not asked for where the slot before is due when its own time has begun
                yield due, grace
                last = due


def _starts(plan: SlotPlan, triggers: Sequence[datetime]) -> list[tuple[datetime, datetime, datetime | None]]:
    """In order of time: when the plan starts (anew), from where its grid counts then, and the trigger in force."""
    moments = {(plan.starts_at, False)}
    if plan.clock_at is not None and plan.clock_at > plan.starts_at:
        moments.add((plan.clock_at, False))
    if plan.tiers:
        moments |= {(at.astimezone(UTC), True) for at in triggers if is_within(plan, at)}
    base, trigger, starts = plan.starts_at, None, []
    for at, is_trigger in sorted(moments):
        base, trigger = (base, at) if is_trigger else (at, trigger)
        starts.append((at, base, trigger))
    return starts


def is_within(plan: SlotPlan, at: datetime) -> bool:
    """Whether an instant lies in the time of the plan."""
    return plan.starts_at <= at and (plan.ends_at is None or at <= plan.ends_at)


def _from(plan: SlotPlan, base: datetime, trigger: datetime | None) -> Iterator[tuple[datetime, timedelta]]:
    """Due times with their interval: tier after tier from the trigger, then the grid of `base` without end."""
    begins = base
    if trigger is not None:
        begins = trigger
        for tier in plan.tiers:
            ends = None if tier.lasts is None else begins + tier.lasts
            if tier.every < plan.every:
                yield from _grid(begins, tier.every, after=begins, until=ends)
            else:
                yield from _grid(base, plan.every, after=begins, until=ends)
            if ends is None:
                return
            begins = ends
    yield from _grid(base, plan.every, after=begins, until=None)


def _grid(
    anchor: datetime, every: timedelta, *, after: datetime, until: datetime | None
) -> Iterator[tuple[datetime, timedelta]]:
    for n in count(max((after - anchor) // every + 1, 1)):
        due = anchor + n * every
        if until is not None and due > until:
            return
        yield due, every


# --- What became of them --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotState:
    """A slot and what became of it. `looked_at`: the first observation in its span."""

    slot: Slot
    status: Status
    looked_at: datetime | None
    excused: bool


def slot_states(
    planned: Iterable[Slot],
    *,
    observations: Iterable[datetime],
    excused: Iterable[datetime] = (),
    at: datetime,
    stops_at: datetime | None = None,
) -> list[SlotState]:
    """Every slot with its status at an instant; looks and reasons after it are not known yet.

    `excused`: the due times that are excused; each counts for the slot in whose span it lies, so that a corrected
    dose time keeps its reasons. `stops_at`: the next dose, or the end of observation; what would be due then is not
    asked for. Never for slots without end: `up_to_the_next` cuts them.
    """
    seen = sorted(observation for observation in observations if observation <= at)
    reasons = sorted(excused)
    states: list[SlotState] = []
    for slot in planned:
        if stops_at is not None and slot.due_at >= stops_at:
            break
        first, is_excused = _first_of(slot, seen), _first_of(slot, reasons) is not None
        over = slot.over_at if stops_at is None else min(slot.over_at, stops_at)
        states.append(
            SlotState(slot=slot, status=_status(slot, first, is_excused, over, at), looked_at=first, excused=is_excused)
        )
    return states


def _first_of(slot: Slot, times: Sequence[datetime]) -> datetime | None:
    """The first of these instants, in order of time, in the slot's span."""
    place = bisect_left(times, slot.opens_at)
    return times[place] if place < len(times) and slot.owns(times[place]) else None


def _status(slot: Slot, first: datetime | None, excused: bool, over: datetime, at: datetime) -> Status:
    if first is not None:
        return Status.ON_TIME if first <= slot.on_time_until else Status.LATE
    if excused:
        return Status.EXCUSED
    if at < slot.opens_at:
        return Status.UPCOMING
    return Status.DUE if at < over else Status.MISSED


def up_to_the_next(planned: Iterable[Slot], at: datetime) -> Iterator[Slot]:
    """The slots whose span had begun by an instant, and the one after them."""
    for slot in planned:
        yield slot
        if slot.opens_at > at:
            return


def fills(planned: Iterable[Slot], observations: Sequence[datetime], at: datetime) -> bool:
    """Whether an observation now, after all of `observations`, is the first of a slot."""
    for slot in planned:
        if slot.owns(at):
            return not observations or observations[-1] < slot.opens_at
        if at < slot.opens_at:
            break
    return False


def next_due(
    planned: Iterable[Slot],
    *,
    last: datetime | None,
    excused: Sequence[datetime] = (),
    stops_at: datetime | None = None,
) -> datetime | None:
    """When the first slot after the last look is due, over or not; it does not depend on now. None: nothing is."""
    for slot in planned:
        if stops_at is not None and slot.due_at >= stops_at:
            return None
        if (last is None or slot.opens_at > last) and not any(slot.owns(due) for due in excused):
            return slot.due_at
    return None

"""The observation slots of one dose period: which sets filled them, and the counts that the export reads.

Nothing here depends on "now". Of a look only whether it was the first of its slot is kept; the plan is made again
from the step whenever it is asked for. Of a slot that nobody looked at is kept when its time is over: at a cut, those
before it are missed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from regimens.rules.schedule import (
    Kind,
    Slot,
    SlotPlan,
    SlotState,
    Status,
    fills,
    is_within,
    next_due,
    slot_states,
    slots,
)
from regimens.rules.tightening import Tightening, Trigger

TIGHTENED = "tightened"
Times = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plans:
    """What is planned for a period. None: the step names no interval, so nothing of this kind is planned."""

    vitals: SlotPlan | None = None
    neuro: SlotPlan | None = None
    tightening: Tightening | None = None

    def of(self, kind: Kind) -> SlotPlan | None:
        return self.vitals if kind == Kind.VITALS else self.neuro


@dataclass(kw_only=True)
class Filled:
    """`slot_sets`: times of the looks that were the first of a slot, by kind, and of what tightened the plan."""

    slot_sets: Times = field(default_factory=dict)


@dataclass(kw_only=True)
class Slotted(Filled):
    """Counts of the slots of a period. None: nothing is planned, or how long is not known (yet).

    `*_unfilled`: when each slot that nobody looked at or excused is over. `excused`: due times by kind. `slot_times`:
    every slot by kind, as `_times_of` writes it.
    """

    plans: Plans = field(default_factory=Plans)
    excused: Times = field(default_factory=dict)
    slot_times: dict[str, list[list[str | bool | None]]] = field(default_factory=dict)
    vitals_on_time: int | None = None
    vitals_late: int | None = None
    vitals_excused: int | None = None
    vitals_unfilled: list[datetime] | None = None
    neuro_on_time: int | None = None
    neuro_late: int | None = None
    neuro_excused: int | None = None
    neuro_unfilled: list[datetime] | None = None

    def fill(self, kind: Kind, at: datetime) -> None:
        """One more look, after all others."""
        plan = self.plans.of(kind)
        if plan is not None and fills(self._slots(plan), read(self.slot_sets, kind), at):
            self._add(kind, at)

    def tighten(self, at: datetime) -> None:
        """Something that tightens the plan from here on."""
        planned = [plan for plan in (self.plans.vitals, self.plans.neuro) if plan is not None and plan.tiers]
        if any(is_within(plan, at) for plan in planned) and at not in read(self.slot_sets, TIGHTENED):
            self._add(TIGHTENED, at)

    def count_slots(self, *, stops_at: datetime | None) -> None:
        """The counts of the whole period. `stops_at`: the next dose or the end of observation."""
        self.slot_times = {}  # never in place: the row it came from says it too
        for kind in Kind:
            plan = self.plans.of(kind)
            known = plan is not None and (plan.ends_at is not None or stops_at is not None)
            counts = self._counts(kind, plan, stops_at) if known and plan is not None else (None, None, None, None)
            names = ("on_time", "late", "excused", "unfilled")
            for name, value in zip(names, counts, strict=True):
                setattr(self, f"{kind}_{name}", value)

    def next_due(self, kind: Kind, *, last: datetime | None, stops_at: datetime | None) -> datetime | None:
        """When the first slot after the last look is due, over or not. None: nothing is planned after it."""
        plan = self.plans.of(kind)
        if plan is None:
            return None
        return next_due(self._slots(plan), last=last, excused=read(self.excused, kind), stops_at=stops_at)

    def _slots(self, plan: SlotPlan) -> Iterable[Slot]:
        return slots(plan, read(self.slot_sets, TIGHTENED) if plan.tiers else ())

    def _counts(self, kind: Kind, plan: SlotPlan, stops_at: datetime | None) -> tuple[int, int, int, list[datetime]]:
        observations, excused = read(self.slot_sets, kind), read(self.excused, kind)
        end = stops_at if plan.ends_at is None else plan.ends_at
        assert end is not None
        planned = list(_until(self._slots(plan), end))
        states = slot_states(
            planned, observations=observations, excused=excused, at=max([end, *observations]), stops_at=stops_at
        )
        self.slot_times[kind.value] = [_times_of(slot_state, stops_at) for slot_state in states]
        by = [slot_state.status for slot_state in states]
        open_ = [
            slot_state.slot.over_at for slot_state in states if slot_state.looked_at is None and not slot_state.excused
        ]
        return (
            by.count(Status.ON_TIME),
            by.count(Status.LATE),
            by.count(Status.EXCUSED),
            open_ if stops_at is None else [min(over, stops_at) for over in open_],
        )

    def _add(self, name: str, at: datetime) -> None:
        kept = [*self.slot_sets.get(name, []), at.astimezone(UTC).isoformat()]
        self.slot_sets = {**self.slot_sets, name: kept}  # never in place: the row it came from says it too


def _until(planned: Iterable[Slot], end: datetime) -> Iterable[Slot]:
    for slot in planned:
        if slot.due_at > end:
            return
        yield slot


def _times_of(state: SlotState, stops_at: datetime | None) -> list[str | bool | None]:
    """When a slot opens, is due, is no longer on time and is over, when the first look in it was, and if excused."""
    slot = state.slot
    over = slot.over_at if stops_at is None else min(slot.over_at, stops_at)
    instants = (slot.opens_at, slot.due_at, slot.on_time_until, over, state.looked_at)
    return [*(None if at is None else _text(at) for at in instants), state.excused]


@lru_cache(maxsize=4096)  # each set of a participant writes the same slots again
def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def read(times: Times, name: str) -> list[datetime]:
    return list(map(datetime.fromisoformat, times.get(name, ())))


def write(times: Iterable[datetime]) -> list[str]:
    return [at.astimezone(UTC).isoformat() for at in sorted(times)]


def tightens(
    tightening: Tightening | None,
    *,
    rose: tuple[str, int | None] | None = None,
    ice: int | None = None,
    lowest_ice: int | None = None,
    treated: bool = False,
) -> bool:
    """Whether something tightens the plan.

    `rose`: the kind whose standing grade rose, and to what; None instead of a grade: a provisional episode opened.
    `ice`: the score of this look; `lowest_ice` the lowest of the period before it; None of both: nobody scored.
    """
    if tightening is None:
        return False
    if rose is not None:
        kind, grade = rose
        trigger = Trigger.CRS_GRADE if kind == "crs" else Trigger.ICANS_GRADE
        if trigger in tightening.triggers and (grade is None or grade >= tightening.from_grade):
            return True
    if Trigger.ICE_DROP in tightening.triggers and ice is not None and ice < (10 if lowest_ice is None else lowest_ice):
        return True
    return treated and Trigger.TREATMENT in tightening.triggers

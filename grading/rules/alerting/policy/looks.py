"""What was due at each moment of a record that is over, and what of it nobody had looked at by then. Pure.

As the running period says it live (grading/course/now.py): by the slots of the plan, and in minutes after a value in
danger. Looks and reasons count by the bedside's time, whenever they were entered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from grading.rules.course.now import DueObservation, Running
from grading.rules.course.slots import Plans
from grading.rules.grades.danger import LOOK_AGAIN_AFTER, RUN_LASTS
from regimens.rules.schedule import Kind, Slot, SlotPlan, next_due, slot_states, slots

Looks = Mapping[Kind, Sequence[datetime]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLooks:
    """What is planned after one dose. `tightened`: what made it tighter; `excused`: due times that have a reason."""

    plans: Plans = field(default_factory=Plans)
    tightened: tuple[datetime, ...] = ()
    excused: Looks = field(default_factory=dict)

    def slots_at(self, plan: SlotPlan, at: datetime) -> list[Slot]:
        """Those that were planned then; without an end, up to what follows the last that had begun."""
        triggers = [one for one in self.tightened if one <= at] if plan.tiers else []
        planned = []
        for slot in slots(plan, triggers):
            planned.append(slot)
            if plan.ends_at is None and slot.opens_at > at:
                break
        return planned


def running_at(
    planned: PlannedLooks, *, dose_root: str, window_ends_at: datetime | None, looks: Looks, again: datetime | None,
    at: datetime,
) -> Running:  # fmt: skip
    """`looks`: all up to then, in order of time. `again`: when what was in danger is to be measured again."""
    due = [_due(planned, kind, looks.get(kind, ()), at=at) for kind in Kind]
    vitals, neuro = due
    if again is not None and (vitals is None or again <= vitals.due_at):
        late_from = again + LOOK_AGAIN_AFTER / 2
        vitals = DueObservation(kind=Kind.VITALS.value, due_at=again, late_from=late_from, over_at=again + RUN_LASTS)
    missed = [over for kind in Kind for over in _missed(planned, kind, looks.get(kind, ()), at=at)]
    return Running(
        dose_root=dose_root, window_ends_at=window_ends_at,
        due=tuple(one for one in (vitals, neuro) if one is not None), missed=tuple(sorted(missed)),
    )  # fmt: skip


def _due(planned: PlannedLooks, kind: Kind, looks: Sequence[datetime], *, at: datetime) -> DueObservation | None:
    plan = planned.plans.of(kind)
    if plan is None:
        return None
    there, last = planned.slots_at(plan, at), looks[-1] if looks else None
    due_at = next_due(there, last=last, excused=planned.excused.get(kind, ()))
    slot = next((one for one in there if one.due_at == due_at), None)
    if slot is None:
        return None
    return DueObservation(kind=kind.value, due_at=slot.due_at, late_from=slot.on_time_until, over_at=slot.over_at)


def _missed(planned: PlannedLooks, kind: Kind, looks: Sequence[datetime], *, at: datetime) -> list[datetime]:
    """When each slot is over that nobody had looked at; empty where the end of the window is not known."""
    plan = planned.plans.of(kind)
    if plan is None or plan.ends_at is None:
        return []
    end = max([plan.ends_at, *looks])
    states = slot_states(
        planned.slots_at(plan, at), observations=looks, excused=planned.excused.get(kind, ()), at=end
    )  # fmt: skip
    return [one.slot.over_at for one in states if one.looked_at is None and not one.excused]

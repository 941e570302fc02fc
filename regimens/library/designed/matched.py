"""Which dose of a design is which step of a regimen. Pure; doses are in the regimen's unit, days from 1."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignedDose:
    """One dose of every cohort, of the lowest first. `infusion_h` None: the design does not say."""

    day: int
    doses: tuple[Decimal, ...]
    infusion_h: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPlace:
    step_up: bool
    target: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """`taken`: each dose with its step of the regimen, None: a new one. `repeated`: the doses beside the first that the
    step that repeats stands for. `following`: steps after the last dose, which the design does not say. `dropped`:
    those that it has not.
    """

    taken: tuple[tuple[DesignedDose, Data | None], ...]
    repeated: tuple[DesignedDose, ...] = ()
    following: tuple[Data, ...] = ()
    dropped: tuple[Data, ...] = field(default=())


def kinds_of(doses: Sequence[Decimal]) -> list[StepPlace]:
    """Target: from where no dose is below the last one. The first of them is the end of the step-up too."""
    last = doses[-1]
    first = next(place for place in range(len(doses)) if min(doses[place:]) >= last)
    return [
        StepPlace(step_up=place < first or place == first > 0, target=place >= first) for place in range(len(doses))
    ]


def matched(doses: Sequence[DesignedDose], steps: Sequence[Data], cycle_d: int | None) -> Match:
    """Which step each dose is. `steps`: those that open a dose period.

    Where the doses are the regimen's own first ones, each is its step, and what follows stands. Else step-ups in turn,
    then target doses in turn, and what remains of these is repeats.
    """
    fixed, rest = ([one for one in steps if bool(one.get("repeats")) is yes] for yes in (False, True))
    if len(doses) <= len(fixed) and all(
        dose.doses[-1] == Decimal(str(step["dose"])) for dose, step in zip(doses, fixed, strict=False)
    ):
        taken: list[tuple[DesignedDose, Data | None]] = list(_in_turn(doses, fixed))
        return _closed(taken, [*fixed[len(doses) :], *rest], (), cycle_d)
    kinds = kinds_of([one.doses[-1] for one in doses])
    ups = [one for one, kind in zip(doses, kinds, strict=True) if not kind.target]
    targets = [one for one, kind in zip(doses, kinds, strict=True) if kind.target]
    base_ups = [one for one in fixed if not one.get("target")]
    base_targets = [one for one in fixed if one.get("target")]
    begins = printed_day(rest[0], cycle_d) if rest else None
    before = [one for one in targets if begins is None or one.day < begins][: len(base_targets)]
    taken = [*_in_turn(ups, base_ups), *_in_turn(before, base_targets)]
    more = targets[len(before) :]
    if more and rest and len({one.doses for one in more}) == 1:
        taken.append((more[0], rest[0]))
        dropped = [*base_ups[len(ups) :], *base_targets[len(before) :]]
        return Match(
            taken=tuple(taken), repeated=tuple(more[1:]), following=tuple(rest[1:]), dropped=tuple(dropped)
        )  # fmt: skip
    taken += [(one, None) for one in more]
    return _closed(taken, [*base_targets[len(before) :], *rest], base_ups[len(ups) :], cycle_d)


def _closed(
    taken: Sequence[tuple[DesignedDose, Data | None]], following: Sequence[Data], dropped: Sequence[Data],
    cycle_d: int | None,
) -> Match:  # fmt: skip
    """What follows is as many days later as the last dose is; a step that would come when its repeats begin is none."""
    last, step = taken[-1]
    later = last.day - step["day"] if step is not None and "day" in step else 0
    moved, gone = [], list(dropped)
    begins = next((day for one in following if (day := printed_day(one, cycle_d)) is not None), None)
    for one in following:
        day = one["day"] + later if "day" in one else None
        if day is not None and begins is not None and day >= begins:
            gone.append(one)
        else:
            moved.append({**one, "day": day} if later and day is not None else one)
    return Match(taken=tuple(taken), following=tuple(moved), dropped=tuple(gone))


def printed_day(step: Data, cycle_d: int | None) -> int | None:
    """The day of the first dose of a step whose cycles are printed. None: it has none, or their length is not known."""
    if not step.get("cycles") or cycle_d is None:
        return None
    return int((step["cycles"][0]["from"] - 1) * cycle_d + step["cycles"][0]["days"][0])


def _in_turn(
    doses: Sequence[DesignedDose], steps: Sequence[Data]
) -> list[tuple[DesignedDose, Data | None]]:  # fmt: skip
    return [(one, steps[place] if place < len(steps) else None) for place, one in enumerate(doses)]

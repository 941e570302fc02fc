"""The steps of a document that the doses of a design become: the regimen's own where they say the same. Pure."""

from collections.abc import Sequence
from typing import Any

from regimens.library.designed.doses import NotCompiled, exact, plain, text_of
from regimens.library.designed.matched import Data, DesignedDose, Match, StepPlace, kinds_of, printed_day


def check_rest(match: Match, cycle_d: int | None) -> None:
    """What follows goes on with the last dose, or is untouched. Raises NotCompiled where neither can be said."""
    for _dose, step in match.taken:
        if step is not None and _is_alone(match, step):
            raise NotCompiled("split_in_two", step=step["label"], other=step["split_with"])
    last = last_of(match)[0]
    for step in match.following:
        if not goes_on(match, step) and not is_unchanged(match):
            raise NotCompiled("later_dose_unsaid", step=step["label"], dose=text_of(step["dose"]), unit=step["unit"])
        begins = printed_day(step, cycle_d)
        if begins is not None and begins <= last.day:
            raise NotCompiled("cycles_differ", step=step["label"], day=last.day, printed=begins)


def _is_alone(match: Match, step: Data) -> bool:
    """Whether the other part of a split dose is neither a dose of the design nor follows."""
    other = step.get("split_with")
    return other is not None and other not in [one["label"] for _dose, one in match.taken if one is not None]


def last_of(match: Match) -> tuple[DesignedDose, Data | None]:
    return match.taken[-1]


def is_unchanged(match: Match) -> bool:
    """Whether the last dose is that of its step in every cohort, so that what follows it stands as it is."""
    dose, step = last_of(match)
    return step is not None and all(one == exact(step["dose"]) for one in dose.doses)


def goes_on(match: Match, step: Data) -> bool:
    """Whether a step after the design's last dose repeats that dose: it had the dose of the last step before."""
    known = [one for _dose, one in match.taken if one is not None]
    return bool(known) and exact(step["dose"]) == exact(known[-1]["dose"]) and step["unit"] == known[-1]["unit"]


def labelled(match: Match, known: Sequence[str]) -> list[str]:
    labels: list[str] = []
    kinds = kinds_of([dose.doses[-1] for dose, _step in match.taken])
    for (_dose, step), kind in zip(match.taken, kinds, strict=True):
        labels.append(step["label"] if step is not None else _new_label(kind, {*known, *labels}))
    return labels


def _new_label(kind: StepPlace, used: set[str]) -> str:
    name = "target dose" if kind.target else "step-up"
    return next(label for number in range(1, len(used) + 2) if (label := f"{name} {number}") not in used)


def steps_of(match: Match, labels: Sequence[str], unit: str, data: Data, source: str) -> list[dict[str, Any]]:
    kinds = kinds_of([dose.doses[-1] for dose, _step in match.taken])
    made: list[dict[str, Any]] = []
    before: DesignedDose | None = None
    last = last_of(match)[0].doses[0]
    stated = {one["label"]: one for one in data["steps"]}
    for (dose, step), label, kind in zip(match.taken, labels, kinds, strict=True):
        if step is None:
            made.append(_new_step(dose, label, unit, kind, source))
        else:
            made.append(_changed_step(dose, step, kind, before, data.get("cycle_d"), source))
            if step.get("repeats"):
                _check_repeats(match, step, data.get("cycle_d"))
        before = dose
    for step in match.following:
        own = dict(step)
        if goes_on(match, step) and exact(step["dose"]) != last:
            own["dose"] = plain(last)
        made.append(own | ({"source": source} if own != stated[step["label"]] else {}))
    return made


def _new_step(dose: DesignedDose, label: str, unit: str, kind: StepPlace, source: str) -> dict[str, Any]:
    step: dict[str, Any] = {"label": label, "day": dose.day, "dose": plain(dose.doses[0]), "unit": unit}
    step |= {name: True for name in ("step_up", "target") if getattr(kind, name)}
    if dose.infusion_h:
        step["infusion_h"] = plain(dose.infusion_h)
    return step | {"source": source}


def _changed_step(
    dose: DesignedDose, step: Data, kind: StepPlace, before: DesignedDose | None, cycle_d: int | None, source: str
) -> dict[str, Any]:
    """The step with the design's dose, day and infusion; untouched where it says the same already."""
    made = dict(step)
    if exact(step["dose"]) != dose.doses[0]:
        made["dose"] = plain(dose.doses[0])
        for name in ("step_up", "target"):
            made.pop(name, None)
            made |= {name: True} if getattr(kind, name) else {}
    if dose.infusion_h is not None and dose.infusion_h > 0 and exact(step.get("infusion_h", 0)) != dose.infusion_h:
        made["infusion_h"] = plain(dose.infusion_h)
        made.pop("infusion_text", None)
    gap = None if before is None else dose.day - before.day
    made |= _timing(step, dose, gap, cycle_d, source)
    return made | ({"source": source} if made != dict(step) else {})


def _timing(step: Data, dose: DesignedDose, gap: int | None, cycle_d: int | None, source: str) -> dict[str, Any]:
    """What of its day and interval becomes another. Raises NotCompiled beside what its label allows."""
    interval = dict(step.get("interval", {}))
    if gap is not None and interval.get("min_d", 0) > gap:
        raise NotCompiled("below_minimum", step=step["label"], days=gap, least=interval["min_d"])
    if gap is not None and interval.get("latest_d", gap) < gap:
        raise NotCompiled("beyond_latest", step=step["label"], days=gap, most=interval["latest_d"])
    if "day" in step:
        timing: dict[str, Any] = {} if step["day"] == dose.day else {"day": dose.day}
        if timing and "planned_d" in interval and interval["planned_d"] != gap:
            timing["interval"] = interval | {"planned_d": gap, "source": source}
        return timing
    if step.get("cycles"):
        printed = printed_day(step, cycle_d)
        if printed is not None and printed != dose.day:
            raise NotCompiled("cycles_differ", step=step["label"], day=dose.day, printed=printed)
        return {} if printed is not None else {"day": dose.day}
    if interval.get("planned_d") == gap:
        return {}
    if step.get("repeats"):
        if "planned_d" in interval:
            raise NotCompiled("repeats_differ", step=step["label"], day=dose.day, days=gap)
        return {"day": dose.day}
    return {"interval": interval | {"planned_d": gap, "source": source}}


def _check_repeats(match: Match, step: Data, cycle_d: int | None) -> None:
    """The design's further doses fall where the step that stands for them repeats. Raises NotCompiled."""
    days = [last_of(match)[0].day, *(one.day for one in match.repeated)]
    if step.get("times") is not None and len(days) > step["times"]:
        raise NotCompiled("repeats_too_often", step=step["label"], times=step["times"])
    planned = step.get("interval", {}).get("planned_d")
    printed = _printed_days(step, cycle_d, len(days)) if step.get("cycles") else None
    for place in range(1, len(days)):
        expected = planned if printed is None else printed[place] - printed[place - 1]
        if days[place] - days[place - 1] != expected:
            gap = days[place] - days[place - 1]
            raise NotCompiled("repeats_differ", step=step["label"], day=days[place], days=gap)


def _printed_days(step: Data, cycle_d: int | None, count: int) -> list[int]:
    """Of the first doses of a step that cycles print. Raises NotCompiled where the length of a cycle was not found."""
    days: list[int] = []
    for one in step["cycles"]:
        cycle = one["from"]
        while len(days) < count and cycle <= one.get("to", cycle + count):
            if days and cycle_d is None and cycle > step["cycles"][0]["from"]:
                raise NotCompiled("cycle_length_unknown", step=step["label"])
            days += [(cycle - 1) * (cycle_d or 0) + day for day in one["days"]]
            cycle += 1
    if len(days) < count:
        raise NotCompiled("repeats_too_often", step=step["label"], times=len(days))
    return days[:count]

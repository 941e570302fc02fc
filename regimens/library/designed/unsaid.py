"""What a document made of a design does not say, so that the gate holds; and what was written for other doses. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from regimens.library import Document, as_json, plan_of
from regimens.library.designed.document import Compiled
from regimens.library.own import steps_without_window
from regimens.rules.plan import Outcome, Plan

PARTS = ("restart", "grade_rules", "observation", "premedication", "on_site")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaid:
    """One thing: its code, and the steps or grades that it is of."""

    code: str
    of: tuple[str, ...]


def unsaid_of(document: Document, variant: str) -> list[Unsaid]:
    """In the order in which the gate asks. `variant` empty: no region's label is followed."""
    plan = plan_of(document)
    dosed = [one for one in plan.steps if one.opens_period]
    last = dosed[-1]
    gaps = [
        Unsaid(code="window", of=tuple(steps_without_window(document, variant))),
        Unsaid(code="no_window", of=tuple(_without_window(plan, variant))),
        Unsaid(code="minimum_interval", of=tuple(one.label for one in dosed[1:] if one.interval.min_d is None)),
        Unsaid(code="restart", of=tuple(_without_restart(plan))),
        *(Unsaid(code=f"grades_{after}", of=tuple(_without_rule(plan, after))) for after in ("crs", "icans")),
        Unsaid(code="after_last", of=() if last.repeats else (last.label,)),
        Unsaid(code="infusion", of=tuple(_without_infusion(plan))),
        Unsaid(code="washout", of=() if plan.washout is not None else ("–",)),
        Unsaid(code="on_site", of=() if plan.on_site is not None else ("–",)),
    ]
    return [one for one in gaps if one.of]


def _without_window(plan: Plan, variant: str) -> Iterator[str]:
    """Those that a label with windows names none for: the gate waits for none."""
    rows = plan.variant(variant).observations if variant else ()
    named = {label for row in rows for label in row.steps}
    return (one.label for one in plan.steps if rows and one.opens_period and one.label not in named)


def _without_restart(plan: Plan) -> Iterator[str]:
    named = {label for row in plan.restart or () if row.known for label in row.last}
    return (one.label for one in plan.steps if one.opens_period and one.label not in named)


def _without_rule(plan: Plan, after: str) -> Iterator[str]:
    rules = [one for one in plan.grade_rules if one.after == after and one.outcome is not Outcome.UNKNOWN]
    return (
        str(grade) for grade in range(1, 5) if not any(one.from_grade <= grade <= one.to_grade for one in rules)
    )  # fmt: skip


def _without_infusion(plan: Plan) -> Iterator[str]:
    by_vein = plan.route.upper().startswith("IV")
    return (one.label for one in plan.steps if by_vein and one.opens_period and one.infusion_h is None)


def written_for_others(made: Compiled, base: Document) -> list[Unsaid]:
    """Parts kept as they were, with the steps that they name and whose dose or day is another now: to be read again."""
    before = {one["label"]: one for one in as_json(base.data)["steps"]}
    changed = {
        step["label"]
        for step in as_json(made.document.data)["steps"]
        if step["label"] in before and _given(step) != _given(before[step["label"]])
    }
    changed |= {label for cohort in made.document.data.get("cohorts", ()) for label in cohort["ladder"]} & {
        label for label in before if _differs(made, label)
    }
    data = made.document.data
    late = changed | _before_another(made, before, changed)
    named = [(part, _named(_of(data, part), late if part == "restart" else changed)) for part in PARTS]
    return [Unsaid(code=part, of=tuple(labels)) for part, labels in named if labels]


def _before_another(made: Compiled, before: Mapping[str, Any], changed: set[str]) -> set[str]:
    """Steps whose next one is new or another: a row that says what to give after a delay may mean the one of before."""
    labels = [one["label"] for one in made.document.data["steps"]]
    return {now for now, then in pairwise(labels) if then in changed or then not in before}


def _given(step: Mapping[str, Any]) -> tuple[Any, ...]:
    return step["dose"], step["unit"], step.get("day")


def _differs(made: Compiled, label: str) -> bool:
    doses = {str(one["ladder"][label]) for one in made.document.data.get("cohorts", ()) if label in one["ladder"]}
    return len(doses) > 1


def _of(data: Mapping[str, Any], part: str) -> Any:
    return [one.get(part) for one in data.get("variants", {}).values()] if part == "observation" else data.get(part)


def _named(part: Any, labels: set[str]) -> Sequence[str]:
    """Those of the labels that stand anywhere in it, each once, in order."""
    if isinstance(part, str):
        return [part] if part in labels else []
    inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return list(dict.fromkeys(label for one in inside for label in _named(one, labels)))

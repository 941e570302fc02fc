"""How often CRS follows a dose of each step: as published for all treated, or as given. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from regimens.rules.plan import Plan, PlannedStep

# Denominators of the library that mean everybody who got the dose; any other would be another question's answer.
ALL_TREATED = ("participants treated", "all treated", "participants given this dose")
EVERY_OTHER = "*"


class NoRate(ValueError):
    """Rates are missing, of no step, or no percent. Says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`percent` of doses of a step that CRS of any grade follows. `source`: who says so."""

    percent: Decimal
    source: str


def reached(plan: Plan, *, repeats: int) -> list[PlannedStep]:
    """The steps a participant comes to: up to the first that repeats for long enough, or that a person must choose."""
    steps: list[PlannedStep] = []
    for step in plan.steps:
        if step.condition is not None:
            break
        steps.append(step)
        if step.repeats and (step.times is None or step.times >= repeats):
            break
    return steps


def published(data: Mapping[str, Any], label: str) -> Rate | None:
    """The first rate of any-grade CRS that the file has of this step for all treated. None: it has none."""
    for rate in data.get("published", {}).get("rates", ()):
        matches = (rate["about"], rate.get("grade"), rate.get("steps")) == ("crs", "any", [label])
        if not matches or "which" in rate or rate.get("denominator") not in ALL_TREATED:
            continue
        if (percent := rate.get("pct")) is not None:
            named = [str(rate[key]) for key in ("data_set", "source") if key in rate]
            return Rate(percent=Decimal(str(percent)), source=", ".join(named))
    return None


def rates_for(plan: Plan, data: Mapping[str, Any], *, given: Mapping[str, Decimal], repeats: int) -> dict[str, Rate]:
    """Step label -> rate, of every step that is reached. `given` comes first; its key EVERY_OTHER fills the gaps.

    Raises NoRate.
    """
    steps = [step.label for step in reached(plan, repeats=repeats) if step.opens_period]
    if unknown := [label for label in given if label not in (*steps, EVERY_OTHER)]:
        raise NoRate(f"no step {_named(unknown)} is reached: {_named(steps)}")
    if wrong := [label for label, percent in given.items() if not 0 <= percent <= 100]:
        raise NoRate(f"a percent is from 0 to 100: {_named(wrong)}")
    rates, missing = {}, []
    for label in steps:
        given_percent = given.get(label)
        rate = Rate(percent=given_percent, source="given") if given_percent is not None else published(data, label)
        if rate is None and EVERY_OTHER in given:
            rate = Rate(percent=given[EVERY_OTHER], source="given for every other step")
        if rate is None:
            missing.append(label)
        else:
            rates[label] = rate
    if missing:
        raise NoRate(
            f"{plan.id}: no rate of CRS among all treated is on file for {_named(missing)}. Give each, such as "
            f'--rate "{missing[0]}=PERCENT", or --rate "{EVERY_OTHER}=PERCENT" for all of them.'
        )
    return rates


def _named(labels: Sequence[str]) -> str:
    return "; ".join(repr(label) for label in labels)

"""From a checked document to the plan that the rules read."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from regimens.rules.plan import (
    After,
    Cohort,
    Cycles,
    GradeRule,
    Interval,
    Observation,
    ObservationClock,
    OnSite,
    Outcome,
    Plan,
    PlannedStep,
    RestartRow,
    Setting,
    SourceDocument,
    Variant,
    Washout,
    WeightBand,
)

Data = Mapping[str, Any]


def plan_from(data: Data) -> Plan:
    """`data`: as schema.json and the cross checks let it through."""
    restart = data.get("restart")
    return Plan(
        id=data["id"],
        drug=data["drug"],
        title=data["title"],
        route=data["route"],
        steps=_steps(data["steps"]),
        variants=tuple(_variant(code, data["variants"][code]) for code in sorted(data.get("variants", {}))),
        restart=None if restart is None else tuple(_restart_row(row) for row in restart["rows"]),
        restart_from_interruption=restart is not None and restart.get("from_interruption", False),
        grade_rules=tuple(_grade_rule(rule) for rule in data.get("grade_rules", ())),
        on_site=_on_site(data.get("on_site")),
        washout=_washout(data.get("washout")),
        sources={key: SourceDocument(key=key, what=s["what"], url=s.get("url")) for key, s in data["sources"].items()},
        by_weight=tuple(_weight_band(band) for band in data.get("by_weight", ())),
        cohorts=tuple(_cohort(cohort) for cohort in data.get("cohorts", ())),
        grade_tables_not_found=frozenset(After(one) for one in data.get("grade_tables_not_found", ())),
        cycle_d=data.get("cycle_d"),
    )


def decimal(value: Any) -> Decimal | None:
    """A number of the document, exact. None stays None."""
    return None if value is None else Decimal(str(value))


def _exactly(value: Any) -> Decimal:
    return Decimal(str(value))


def _steps(steps: list[Data]) -> tuple[PlannedStep, ...]:
    made: list[PlannedStep] = []
    for position, step in enumerate(steps, start=1):
        made.append(_step(step, position, made[-1].day if made else None))
    return tuple(made)


def _step(step: Data, position: int, day_before: int | None) -> PlannedStep:
    return PlannedStep(
        label=step["label"],
        position=position,
        day=step.get("day"),
        dose=_exactly(step["dose"]),
        unit=step["unit"],
        is_step_up=step.get("step_up", False),
        is_target=step.get("target", False),
        opens_period=not step.get("pretreatment", False),
        infusion_h=decimal(step.get("infusion_h")),
        rate_segment=step.get("rate_segment", False),
        split_with=step.get("split_with"),
        repeats=step.get("repeats", False),
        times=step.get("times"),
        condition=step.get("condition"),
        interval=_interval(step, day_before),
        source=step["source"],
        cycles=tuple(
            Cycles(first=one["from"], last=one.get("to"), days=tuple(one["days"])) for one in step.get("cycles", ())
        ),
    )


def _interval(step: Data, day_before: int | None) -> Interval:
    """What the file says; where it prints days only, the planned interval is their difference."""
    interval, day = step.get("interval", {}), step.get("day")
    planned = interval.get("planned_d")
    if planned is None and day is not None and day_before is not None:
        planned = day - day_before
    return Interval(
        min_d=interval.get("min_d"),
        planned_d=planned,
        latest_d=interval.get("latest_d"),
        source=interval.get("source", step["source"]),
    )


def _variant(code: str, variant: Data) -> Variant:
    return Variant(
        code=code,
        days=dict(variant.get("days", {}).get("planned", {})),
        observations=tuple(
            Observation(
                steps=tuple(one["steps"]),
                hours=decimal(one.get("hours")),
                clock=ObservationClock(one.get("clock", ObservationClock.ADMINISTRATION)),
                setting=Setting(one["setting"]) if "setting" in one else None,
                text=one["text"],
                source=one["source"],
            )
            for one in variant.get("observation", ())
        ),
    )


def _restart_row(row: Data) -> RestartRow:
    return RestartRow(
        last=tuple(row["last"]),
        from_d=row["from_d"],
        to_d=row.get("to_d"),
        restart_at=row.get("restart_at"),
        known=row.get("known", True),
        text=row["text"],
        source=row["source"],
    )


def _grade_rule(rule: Data) -> GradeRule:
    return GradeRule(
        after=After(rule["after"]),
        from_grade=rule["grades"][0],
        to_grade=rule["grades"][1],
        recurrent=rule.get("recurrent", False),
        outcome=Outcome(rule["outcome"]),
        step=rule.get("step"),
        resolved_h=decimal(rule.get("resolved_h")),
        inpatient_h=decimal(rule.get("inpatient_h")),
        variants=tuple(rule.get("variants", ())),
        text=rule["text"],
        source=rule["source"],
        next_steps=tuple(rule.get("next_steps", ())),
    )


def _on_site(rule: Data | None) -> OnSite | None:
    if rule is None:
        return None
    return OnSite(
        steps=tuple(rule["steps"]), doses=rule["doses"], text=rule["text"], source=rule["source"],
        variants=tuple(rule.get("variants", ())),
    )  # fmt: skip


def _washout(washout: Data | None) -> Washout | None:
    if washout is None:
        return None
    return Washout(
        tocilizumab_h=decimal(washout.get("tocilizumab_h")),
        steroid_h=decimal(washout.get("steroid_h")),
        source=washout["source"],
    )


def _weight_band(band: Data) -> WeightBand:
    return WeightBand(
        label=band["label"],
        from_kg=decimal(band.get("from_kg")),
        below_kg=decimal(band.get("below_kg")),
        doses={label: _exactly(dose) for label, dose in band["doses"].items()},
        unit=band["unit"],
        text=band["text"],
        source=band["source"],
    )


def _cohort(cohort: Data) -> Cohort:
    return Cohort(
        name=cohort["name"],
        ladder={label: _exactly(dose) for label, dose in cohort["ladder"].items()},
        staggering_h=decimal(cohort.get("staggering_h")),
        sentinel=cohort.get("sentinel", False),
    )

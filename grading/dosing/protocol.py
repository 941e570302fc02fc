"""A study's regimen version as its protocol appendix: the document's own tables, and what the bedside makes of them.

English, as the sources are. Every number is read where the bedside reads it: the steps, the gate, the limits of entry
and the threshold policy in force.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import translation

from crsmonitor.accounts.models import User
from grading.dosing.gate_words import CODES
from grading.models import AlertPolicy
from grading.policies.selectors import policy_in_force
from grading.policies.words import tables_of
from grading.rules.grades.danger import WORSE_WHEN_HIGH, WORSE_WHEN_LOW
from grading.rules.grades.entry.limits import CHANGES, LIMITS, Limit
from grading.rules.treatment.checks import (
    ADULT_KG,
    ROUNDED_WITHIN_MG,
    SLIP,
    STEROID_UNITS,
    WEIGHT_CHANGED_PERCENT,
    WEIGHT_KG,
    plain,
)
from grading.rules.treatment.study_dose import slip_bounds
from regimens.design_sections import design_sections
from regimens.library import Document, plan_of
from regimens.library.protocol import Row, Section, dose_text, number, sections_of
from regimens.models import Regimen, Step
from regimens.rules.dose import NoDose, dose_for
from regimens.rules.plan import Plan
from regimens.rules.tightening import Tier, read_tightening
from regimens.services.versions import document_of

MEASURED = {
    "temperature_c": "Temperature",
    "sbp": "Systolic pressure",
    "dbp": "Diastolic pressure",
    "mean_pressure": "Mean arterial pressure",
    "fio2_percent": "Inspired oxygen",
    "heart_rate": "Pulse",
    "respiratory_rate": "Breaths",
    "spo2": "Oxygen saturation",
    "oxygen_flow_l_min": "Oxygen flow (typed again on a nasal cannula only)",
}
TRIGGERS = {
    "crs_grade": "CRS of that grade",
    "icans_grade": "ICANS of that grade",
    "ice_drop": "a fall of the ICE score",
    "treatment": "an antipyretic, anticytokine or corticosteroid given as treatment",
}
LIMITS_SOURCE = "grading/rules/grades/entry/limits.py: proposals for the clinical lead"
CONVENTION = "convention, docs/conventions.md"
# Where the gate reads each of its criteria; an empty text: at the bedside, no table of the regimen decides it.
GATE_READS = {
    "next_step": "Schedule",
    "minimum_interval": "Schedule",
    "restart_table": "Restart after a delay",
    "window_complete": "Observation",
    "crs_resolved": "Next dose by grade",
    "crs_grade_rule": "Next dose by grade",
    "icans_resolved": "Next dose by grade",
    "icans_grade_rule": "Next dose by grade",
    "longest_grade3_plus_h": "Next dose by grade",
    "observation_after_dose": "Next dose by grade",
    "ice_at_baseline": "",
    "active_infection": "",
    "indeterminate_sets": "",
    "tocilizumab_on_site": "Tocilizumab on site",
    "tocilizumab_washout": "Regimen",
    "steroid_washout": "Regimen",
    "sentinel_window": "Cohorts",
    "staggering": "Cohorts",
    "highest_cleared_step": "Cohorts",
}


def title_of(version: Regimen) -> str:
    return f"{version.title}, {version.study.code} {version}"


def appendix_of(
    version: Regimen, *, variant: str | None = None, user: User | None = None, at: datetime
) -> list[Section]:
    """Everything that this version means at the bedside at this moment, and the design that it was made of.

    `variant`: another region's label than the version's own. `user`: who reads it; None: whoever operates the server,
    who reads all of the design. Raises KeyError for one that the document has not.
    """
    document = document_of(version)
    own = [] if document is None else sections_of(document, variant or version.variant or None)
    with translation.override("en"):
        return own + _bedside(version, document, own, at=at) + design_sections(version, user=user)


def _bedside(version: Regimen, document: Document | None, own: Sequence[Section], *, at: datetime) -> list[Section]:
    steps = list(version.steps.order_by("position"))
    plan = None if document is None else plan_of(document)
    made = [
        Section(title="At the bedside: observation plan", columns=_PLAN, rows=tuple(_observed(steps))),
        Section(title="At the bedside: parameters", columns=("What", "Value", "Source"), rows=tuple(_set_for(version))),
        Section(title="At the bedside: next-dose gate", columns=("Criterion", "Decided by"), rows=_gate(plan, own)),
        Section(title="Edit checks: vital signs", columns=_CHECKS, rows=tuple(map(_checked, LIMITS.values()))),
        Section(title="Edit checks: study dose", columns=("Step", "Who", "Other units", "Typed again with a reason"),
                rows=tuple(_dose_checks(plan))),
        Section(title="Edit checks: treatments", columns=("Drug", "Refused", "Typed again with a reason", "Source"),
                rows=tuple(_treatment_checks())),
    ]  # fmt: skip
    return [section for section in [*made, *_policy(policy_in_force(version.study, at=at))] if section.rows]


# --- What the bedside plans -----------------------------------------------------------------------------------

_PLAN = ("Step", "Dose", "Observed for", "From", "Vital signs every", "Neuro assessment every", "Risk window")


def _observed(steps: Sequence[Step]) -> Iterator[Row]:
    for step in steps:
        window = _hours(step.inpatient_h)
        yield (
            step.label, dose_text(step.planned_dose, step.unit), window,
            step.get_inpatient_clock_display() if window else "",
            *map(_hours, (step.vitals_every_h, step.neuro_every_h, step.risk_window_h)),
        )  # fmt: skip


def _hours(hours: object) -> str:
    return "" if hours is None else f"{number(hours)} h"


def _set_for(version: Regimen) -> Iterator[Row]:
    study = version.study
    yield "A look is on time within", f"{version.grace_minutes} min before or after it is due", "set for this version"
    yield "An event has ended after", f"{version.resolution_hours} h observed free", "set for this version"
    yield "ICANS is concurrent until", f"{study.concurrence_days} days after the end of CRS", "set for the study"
    yield "An entry is late after", f"{study.late_after_minutes} min", "set for the study"
    plan = read_tightening(version.tightening)
    if plan is None:
        yield "Tightened after a trigger", "no", "set for this version"
        return
    triggers = ", ".join(TRIGGERS[one.value] for one in sorted(plan.triggers))
    tiers = ", then ".join(map(_tier, plan.tiers))
    what = f"{' and '.join(sorted(plan.kinds))}, from grade {plan.from_grade}"
    yield "Tightened after a trigger", f"{what}, by {triggers}: {tiers}", plan.source


def _tier(tier: Tier) -> str:
    lasts = "" if tier.lasts is None else f" for {_span(tier.lasts)}"
    return f"every {_span(tier.every)}{lasts}"


def _span(span: timedelta) -> str:
    minutes = span // timedelta(minutes=1)
    return f"{minutes} min" if minutes % 60 else f"{minutes // 60} h"


def _gate(plan: Plan | None, own: Sequence[Section]) -> tuple[Row, ...]:
    """A version set up by hand has no tables that the gate could read."""
    if plan is None:
        return ((str(CODES["no_rules_on_file"]), "no rules on file: it holds"),)
    there = {section.title for section in own}
    return tuple(
        (str(CODES[code]), title if title in there else f"{title}: nothing in this document")
        if title
        else (str(CODES[code]), "what is recorded at the bedside")
        for code, title in GATE_READS.items()
    )


# --- What is asked of what is typed ---------------------------------------------------------------------------

_CHECKS = ("What", "Refused outside", "Typed again outside", "Typed again after", "Source")


def _first(is_worse: bool) -> str:
    return " (graded first)" if is_worse else ""


def _checked(limit: Limit) -> Row:
    """A worsening is kept, graded and told at once, and its number confirmed afterwards."""
    edges = (("below", limit.retype_below, WORSE_WHEN_LOW), ("above", limit.retype_above, WORSE_WHEN_HIGH))
    rare = [
        f"{side} {edge} {limit.unit}" + _first(limit.field in worse) for side, edge, worse in edges if edge is not None
    ]
    change = CHANGES.get(limit.field)
    steps = (
        () if change is None else (("a rise", change.rise, WORSE_WHEN_HIGH), ("a fall", change.fall, WORSE_WHEN_LOW))
    )
    moved = [
        f"{what} of {by} {limit.unit}" + _first(limit.field in worse) for what, by, worse in steps if by is not None
    ]
    refused = f"{limit.block_below} to {limit.block_above} {limit.unit}"
    return MEASURED[limit.field], refused, " or ".join(rare), " or ".join(moved), LIMITS_SOURCE


def _dose_checks(plan: Plan | None) -> Iterator[Row]:
    """As `rules/treatment/study_dose.py` asks; where the plan has no figure, nothing is."""
    if plan is None:
        return
    for step in plan.steps:
        for band in plan.by_weight:
            if step.label in band.doses:
                yield _dose_check(step.label, band.label, band.doses[step.label], band.unit)
        for cohort in plan.cohorts:
            own = dose_for(plan, step.label, weight_kg=None, cohort=cohort)
            if own.per is not None:
                yield _dose_check(step.label, cohort.name, own.per, own.per_unit)
        planned = dose_for(plan, step.label, weight_kg=None)
        if planned.per is not None:
            yield _dose_check(step.label, "", planned.per, planned.per_unit)
        elif planned.because is NoDose.NOT_PLANNED:
            yield step.label, "", "", "no figure in the plan: nothing is asked"
        elif planned.because is NoDose.NO_COHORT:
            yield step.label, "in none of the cohorts", "", "any amount: the planned dose is not known"


def _dose_check(label: str, who: str, dose: Decimal, unit: str) -> Row:
    low, high = slip_bounds(dose)
    return (
        label,
        who,
        "refused unless they convert",
        f"{plain(high)} {unit} or more; given in full, {plain(low)} {unit} or less",
    )


def _treatment_checks() -> Iterator[Row]:
    yield (
        "tocilizumab",
        f"another unit than mg; no weight on record; {SLIP} times the computed dose or more, a fifth or less",
        (
            f"above the most for one dose; more than {ROUNDED_WITHIN_MG} mg from the computed dose; earlier or more "
            "often than the threshold policy allows; no dose known for the weight"
        ),
        CONVENTION,
    )
    yield (
        "corticosteroids",
        f"another unit than {', '.join(STEROID_UNITS)}",
        (
            f"{SLIP} times the largest dose of the threshold policy's ladder or more, or ten or a hundred times one of "
            "its doses; of a steroid that the ladder does not name, worth more dexamethasone than its largest dose; "
            "per kilogram without a weight on record; no dose, given as treatment"
        ),
        CONVENTION,
    )
    yield (
        "anticytokines and corticosteroids",
        "more than one drug in one entry",
        "a name that is not known, close to a known one, or of the other kind",
        CONVENTION,
    )
    yield (
        "weight",
        f"below {WEIGHT_KG[0]} kg or above {WEIGHT_KG[1]} kg",
        (
            f"more than {WEIGHT_CHANGED_PERCENT} % from the one on record; where there is none, below {ADULT_KG[0]} kg "
            f"or above {ADULT_KG[1]} kg"
        ),
        CONVENTION,
    )


# --- Who is told ----------------------------------------------------------------------------------------------


def _policy(policy: AlertPolicy | None) -> list[Section]:
    columns = ("Rule", "Number", "Source")
    if policy is None:
        return [Section(title="Threshold policy", columns=columns, rows=(("none in force: nobody is told", "", ""),))]
    since = "" if policy.in_force_from is None else f"in force from {policy.in_force_from:%Y-%m-%d %H:%M} UTC"
    tables = [
        Section(title=f"Threshold policy: {title}", columns=columns,
                rows=tuple((str(one.what), str(one.number), one.source) for one in rules))
        for title, rules in tables_of(policy)
    ]  # fmt: skip
    return [Section(title="Threshold policy", columns=columns, rows=((str(policy), since, ""),)), *tables]

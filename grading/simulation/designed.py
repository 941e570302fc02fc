"""A simulated trial of a design: CRS as often as a run of it says, in a study that has the design and its band."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from grading.simulation.rates import NoRate, Rate, rates_for, reached
from regimens.library.designed.document import cohort_names
from regimens.models import DesignRun, DesignVersion
from regimens.rules.plan import Plan
from regimens.services.designed import POSTERIOR, PRIOR, BandInput, BandSource, band_input

KINDS = ("trial", "posterior")  # whose answers have a mean of each dose period
HUNDREDTH = Decimal("0.01")  # of a percent, which is what a story is told by
SEVERE = ((2, 95), (3, 5))  # peak grades where grade 2 and above is what is predicted


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignTruth:
    """`rungs`, `rates`: by cohort; without cohorts under the empty text. `grades`: None, where any CRS is predicted."""

    run: UUID
    version: DesignVersion
    band_from: BandSource
    rungs: Mapping[str, str]
    rates: Mapping[str, Mapping[str, Rate]]
    grades: tuple[tuple[int, int], ...] | None

    def rates_at(self, cohort: str) -> Mapping[str, Rate]:
        return self.rates.get(cohort) or self.rates[""]


def truth_of(
    run_id: UUID, plan: Plan, data: Mapping[str, Any], *, given: Mapping[str, Decimal], repeats: int
) -> DesignTruth:
    """`given` comes before what the run says. Raises NoRate, which says why there is none."""
    run = DesignRun.objects.select_related("version", "result").filter(pk=run_id).first()
    if run is None or run.kind not in KINDS or not hasattr(run, "result"):
        raise NoRate(f"{run_id} is no run of the workbench that is done and has a mean of each dose period")
    means = {one["name"]: [period["mean"] for period in one["periods"]] for one in run.result.contents["regimens"]}
    ladder = (run.version.contents.get("escalation") or {}).get("ladder")
    rungs = rungs_of([one.name for one in plan.cohorts], [name for name in ladder or means if name in means])
    band = band_input(run.version.contents)
    source: BandSource = "" if not isinstance(band, BandInput) else POSTERIOR if band.has_data else PRIOR
    return DesignTruth(
        run=run.pk, version=run.version, band_from=source, rungs=rungs,
        rates={
            cohort: _rates(plan, data, means[name], given=given, repeats=repeats, source=f"run {str(run.pk)[:8]}")
            for cohort, name in rungs.items()
        },
        grades=SEVERE if isinstance(band, BandInput) and band.endpoint == "grade2plus" else None,
    )  # fmt: skip


def rungs_of(cohorts: Sequence[str], regimens: Sequence[str]) -> dict[str, str]:
    """Cohort -> regimen by the name that it is compiled under; of a plan without cohorts the only one. Raises NoRate.

    `regimens`: in the order in which they were compiled, the lowest first.
    """
    if not cohorts:
        if len(regimens) != 1:
            raise NoRate(f"a plan without cohorts follows one regimen, and the run has {', '.join(regimens)}")
        return {"": regimens[0]}
    by_name = dict(zip(cohort_names(regimens), regimens, strict=True))
    if unknown := [cohort for cohort in cohorts if cohort not in by_name]:
        raise NoRate(f"the run has no regimen for cohort {', '.join(unknown)}: {', '.join(regimens)}")
    return {cohort: by_name[cohort] for cohort in cohorts}


def _rates(
    plan: Plan, data: Mapping[str, Any], means: Sequence[float], *, given: Mapping[str, Decimal], repeats: int,
    source: str,
) -> dict[str, Rate]:  # fmt: skip
    """Dose by dose; a step that is reached beyond the last dose period of the run has the rate of that one."""
    labels = [step.label for step in reached(plan, repeats=repeats) if step.opens_period]
    of_run = {
        label: (Decimal(repr(means[min(place, len(means) - 1)])) * 100).quantize(HUNDREDTH)
        for place, label in enumerate(labels)
    }
    rates = rates_for(plan, data, given={**of_run, **given}, repeats=repeats)
    return {label: rate if label in given else replace(rate, source=source) for label, rate in rates.items()}

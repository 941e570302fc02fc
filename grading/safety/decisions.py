"""What people decided: up to which step a cohort is cleared, and with or against the gate which doses were released."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from grading.course.dose_periods.naming import label_of
from grading.models import DosePeriod
from grading.safety.scope import ReviewScope
from grading.safety.steps import is_given
from regimens.models import CohortClearance, DoseRelease, Signature, Step
from regimens.rules.gate.answer import Decision
from regimens.services.signables import CLEARANCE

NOT_RELEASED = "NOT RELEASED"
AGAINST = {Decision.HOLD.value, Decision.STOP.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearedStep:
    """One decision on a cohort. `signature`: stands, void, or none where it was made before clearances were signed."""

    cohort: str
    step: str
    at: datetime
    by: str
    because: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasesOfStep:
    """Releases that stand: as the gate proposed, against a proposal (which is overridden), and doses without any."""

    label: str
    as_proposed: int
    overridden: int
    against_hold_or_stop: int
    without: int


def cleared_steps(scope: ReviewScope, *, cut: datetime) -> tuple[ClearedStep, ...]:
    """The newest first, with who decided and why: whoever is told cohorts sees the ward. Empty for anybody else."""
    if not scope.tells_cohorts:
        return ()
    made = CohortClearance.objects.filter(study=scope.study, cleared_at__lte=cut).select_related("cleared_by")
    if scope.cohort is not None:
        made = made.filter(cohort=scope.cohort)
    rows = list(made.order_by("-cleared_at", "-pk"))
    signed = {
        one.record: one
        for one in Signature.objects.filter(
            study=scope.study, kind=CLEARANCE.kind, record__in=[str(one.pk) for one in rows], at__lte=cut
        ).select_related("void").order_by("at")
    }  # fmt: skip
    return tuple(
        ClearedStep(
            cohort=one.cohort, step=one.step, at=one.cleared_at, by=one.cleared_by.get_username(), because=one.because,
            signature=_standing(signed.get(str(one.pk)), cut=cut),
        )
        for one in rows
    )  # fmt: skip


def _standing(signature: Signature | None, *, cut: datetime) -> str:
    if signature is None:
        return "none"
    void = getattr(signature, "void", None)
    return "stands" if void is None or void.at > cut else "void"


def releases_by_step(scope: ReviewScope, periods: Sequence[DosePeriod], *, cut: datetime) -> tuple[ReleasesOfStep, ...]:
    """In the order of the plan. Empty for who is not told steps."""
    if not scope.tells_doses:
        return ()
    standing = DoseRelease.objects.standing().filter(participant__in=scope.participants, recorded_at__lte=cut)
    places: dict[str, int] = {}
    releases: dict[str, list[DoseRelease]] = defaultdict(list)
    without: dict[str, int] = defaultdict(int)
    for release in standing.select_related("step"):
        releases[_seen(release.step, places)].append(release)
    for period in filter(is_given, periods):
        without[_seen(period.step, places)] += period.release_deviation == NOT_RELEASED
    return tuple(
        ReleasesOfStep(label=label, without=without[label], **_counts(releases[label]))
        for label in sorted(places, key=lambda label: (places[label], label))
    )


def _seen(step: Step, places: dict[str, int]) -> str:
    """Its label, which versions of a regimen share; kept with the first place that it has in one."""
    label = label_of(step) or ""
    places[label] = min(step.position, places.get(label, step.position))
    return label


def _counts(releases: Iterable[DoseRelease]) -> dict[str, int]:
    known = list(releases)
    return {
        "as_proposed": sum(not one.override for one in known),
        "overridden": sum(one.override for one in known),
        "against_hold_or_stop": sum(one.override and one.decision in AGAINST for one in known),
    }

"""All of a safety review at one instant: the page, its print and its tables are made of this and nothing else."""

from dataclasses import dataclass
from datetime import datetime

from grading.models import DosePeriod, Episode
from grading.safety.at_cut import at_cut
from grading.safety.concordance import Concordance, JudgedEpisodes, concordances, judged_counts, words_on
from grading.safety.decisions import ClearedStep, ReleasesOfStep, cleared_steps, releases_by_step
from grading.safety.lanes import SwimmerLane, lanes_of
from grading.safety.scope import ReviewScope
from grading.safety.steps import StepFigures, figures_by_step


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyReview:
    """Lanes, judgements and concordances are empty for who is given counts alone."""

    scope: ReviewScope
    cut: datetime
    steps: tuple[StepFigures, ...]
    releases: tuple[ReleasesOfStep, ...]
    clearances: tuple[ClearedStep, ...]
    judged: tuple[JudgedEpisodes, ...]
    concordances: tuple[Concordance, ...]
    lanes: tuple[SwimmerLane, ...]


def review_of(scope: ReviewScope, cohort: str, cut: datetime | None, *, at: datetime) -> SafetyReview:
    """Of a cohort (empty: of all), as it was known at the cut; None: now.

    Raises InvalidInput at `cut` for one that cannot be honoured, NotFound for a cohort that nobody was in then.
    """
    with at_cut(scope, cohort, cut, at=at) as (known, then):
        return _review(known, then)


def _review(scope: ReviewScope, cut: datetime) -> SafetyReview:
    periods = list(
        DosePeriod.objects.filter(participant__in=scope.participants, started_at__lte=cut)
        .select_related("participant", "step")
        .order_by("participant__number", "dose_number")
    )
    episodes = list(
        Episode.objects.filter(participant__in=scope.participants, started_at__lte=cut, dose_root__isnull=False)
        .select_related("participant__site")
        .order_by("participant", "started_at", "kind", "root")
    )
    words = words_on(episodes, scope.participants) if scope.sees_people else []
    return SafetyReview(
        scope=scope, cut=cut, steps=figures_by_step(periods, cut=cut, by_label=scope.tells_doses),
        releases=releases_by_step(scope, periods, cut=cut), clearances=cleared_steps(scope, cut=cut),
        judged=judged_counts(episodes, words) if scope.sees_people else (),
        concordances=concordances(words, by_site=scope.sees_staff) if scope.sees_people else (),
        lanes=lanes_of(periods, episodes, cut=cut, by_label=scope.tells_doses) if scope.sees_people else (),
    )  # fmt: skip

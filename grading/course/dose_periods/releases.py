"""Which doses were given otherwise than released, as the dose periods keep it."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from grading.models import DosePeriod, Episode
from grading.rules.course.episodes import CourseEpisode
from regimens.models import CohortChange, Dose, DoseRelease, DoseStatus, Participant
from regimens.rules.releases import Deviation, GivenDose, Release, deviations


def standing_releases(participant: Participant) -> list[DoseRelease]:
    return list(releases_of(participant).select_related("step"))


def releases_of(participant: Participant) -> QuerySet[DoseRelease]:
    """Those that stand, each with `replanned_at`: when the cohort was changed first after it."""
    later = CohortChange.objects.filter(participant=participant, at__gt=OuterRef("observed_at")).order_by("at")
    return DoseRelease.objects.standing().filter(participant=participant).annotate(
        replanned_at=Subquery(later.values("at")[:1])
    )  # fmt: skip


# RELDEVC of the export.
WORD = {
    Deviation.NOT_RELEASED: "NOT RELEASED",
    Deviation.OTHER_STEP: "OTHER STEP",
    Deviation.OTHER_TIME: "OTHER TIME",
    Deviation.EVENT_SINCE: "EVENT SINCE",
    Deviation.OTHER_COHORT: "OTHER COHORT",
}


def word_of(deviation: Deviation | None) -> str | None:
    return None if deviation is None else WORD[deviation]


def deviations_in(
    participant: Participant,
    given: Iterable[Dose],
    releases: Iterable[DoseRelease],
    episodes: Iterable[Episode | CourseEpisode],
) -> dict[str, Deviation]:
    """Root of a dose -> what it deviates in. Empty where the participant's regimen has no rules on file.

    `given`: all doses that were, also one that opens no period. `episodes` are all of the participant's: what began
    or was worst after a release makes it void.
    """
    if participant.regimen.document is None:
        return {}
    return deviations(
        [GivenDose(root=str(dose.root), at=dose.observed_at, step=dose.step.label) for dose in given],
        [as_release(one) for one in releases],
        event_times(episodes),
    )


def as_release(release: DoseRelease) -> Release:
    """One of `releases_of`."""
    return Release(
        at=release.observed_at, step=release.step.label, for_at=release.dose_at,
        replanned_at=release.replanned_at,  # type: ignore[attr-defined]  # annotated there
    )  # fmt: skip


def event_times(episodes: Iterable[Episode | CourseEpisode]) -> list[datetime]:
    """When CRS and ICANS, provisional episodes too, began and when they were worst."""
    return [moment for episode in episodes for moment in (episode.started_at, episode.max_at)]


def release_again(participant: Participant) -> None:
    """A release was recorded: the doses that were given since it are made to say so."""
    periods = DosePeriod.objects.filter(participant=participant).select_related("dose")
    given = Dose.objects.standing().filter(participant=participant).exclude(status=DoseStatus.NOT_GIVEN)
    episodes = Episode.objects.filter(participant=participant)
    deviates = deviations_in(participant, given.select_related("step"), standing_releases(participant), episodes)
    changed = []
    for period in periods:
        deviation = word_of(deviates.get(str(period.dose.root)))
        if period.release_deviation != deviation:
            period.release_deviation = deviation
            changed.append(period)
    DosePeriod.objects.bulk_update(changed, ["release_deviation"])

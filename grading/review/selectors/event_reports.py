"""What was said of an episode as an event, whether it limits the dose, and who sent it to central review."""

from collections.abc import Sequence
from typing import Any

from grading.models import Episode, EpisodeNarrative, EventReport, Grade, ReviewAssignment
from grading.rules.course.periods.limiting import SetBounds, limits_by_any
from regimens.models import SignatureVoid


def about(episode: Episode) -> dict[str, Any]:
    """By what the facts of an episode are found."""
    return {"participant": episode.participant_id, "kind": episode.kind, "about_root": episode.root}


def newest_report(episode: Episode) -> EventReport | None:
    """What holds. None: nothing was said."""
    return EventReport.objects.standing().filter(**about(episode)).order_by("-observed_at", "-recorded_at").first()


def narratives_of(episode: Episode) -> Sequence[EpisodeNarrative]:
    """Those that were signed, the newest first. `void`: what ended the signature; None: it holds."""
    signed = EpisodeNarrative.objects.standing().filter(**about(episode)).select_related("recorded_by")
    narratives = list(signed.order_by("-observed_at", "-recorded_at"))
    records = [str(one.pk) for one in narratives]
    voids = SignatureVoid.objects.filter(signature__kind="narrative", signature__record__in=records)
    by_record = {void.signature.record: void for void in voids.select_related("signature")}
    for one in narratives:
        one.void = by_record.get(str(one.pk))  # type: ignore[attr-defined]
    return narratives


def assignments_of(episode: Episode) -> Sequence[ReviewAssignment]:
    """The newest first."""
    sent = ReviewAssignment.objects.standing().filter(**about(episode)).select_related("recorded_by")
    return list(sent.order_by("-observed_at", "-recorded_at"))


def sets_of(episode: Episode) -> Sequence[Grade]:
    """The sets of the episode in order of time, with the one that ended it."""
    sets = Grade.objects.filter(
        participant=episode.participant_id, kind=episode.kind, observed_at__gte=episode.started_at
    )
    if episode.ended_at is not None:
        sets = sets.filter(observed_at__lte=episode.ended_at)
    return list(sets.order_by("observed_at", "fact_id"))


def limits_dose(episode: Episode, sets: Sequence[Grade]) -> bool | None:
    """By the rules of its study, whose row is loaded. None: it cannot be told."""
    bounds = [SetBounds(at=one.observed_at, at_least=one.at_least, at_most=one.at_most) for one in sets]
    if all(one.at != episode.max_at for one in bounds):  # a vasopressor counts from its start, at which nobody looked
        bounds.append(SetBounds(at=episode.max_at, at_least=episode.max_grade, at_most=episode.at_most))
        bounds.sort(key=lambda one: one.at)
    rules = episode.participant.study.limiting_rules(episode.kind)
    return limits_by_any(bounds, rules, ended_at=episode.ended_at)

"""Doses that are planned by now and that no investigator has released: asked for everybody at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery

from grading.course.dose_periods.releases import as_release, event_times
from grading.dosing.selectors.gate import answers_of, planned_after
from grading.models import Episode
from regimens.models import CohortChange, DoseRelease, Participant
from regimens.rules.gate.answer import Answer

AHEAD = timedelta(hours=24)  # how long before its planned time a dose asks to be released: convention


@dataclass(frozen=True, slots=True, kw_only=True)
class GateWaiting:
    """A dose that nobody has released. `planned_at`: in the past where it is late already."""

    participant: Participant
    planned_at: datetime
    answer: Answer


def gates_waiting(participants: Iterable[Participant], *, at: datetime) -> Sequence[GateWaiting]:
    """Of these participants, who were dosed and are under observation, the one longest planned first.

    A participant without rules on file, or of whom nobody knows when the next dose is planned, asks for nothing.
    """
    dosed = {one.pk: one for one in participants}
    released = _released(dosed.values(), at=at)
    unreleased = [one for pk, one in dosed.items() if pk not in released and one.regimen.document is not None]
    waiting = []
    for pk, (case, answer) in answers_of(unreleased, dose_at=at).items():
        dosed_at = dosed[pk].current_state.dose_at
        if case is None or dosed_at is None:
            continue
        planned_at = planned_after(case, dosed[pk], dosed_at=dosed_at)
        if planned_at is not None and planned_at <= at + AHEAD:
            waiting.append(GateWaiting(participant=dosed[pk], planned_at=planned_at, answer=answer))
    return sorted(waiting, key=lambda one: (one.planned_at, one.participant.pk))


def _released(participants: Iterable[Participant], *, at: datetime) -> frozenset[int]:
    """Those of whom a release made since the last dose holds, as `standing_release` says it of one."""
    everybody = {one.pk: one for one in participants}
    later = CohortChange.objects.filter(participant=OuterRef("participant"), at__gt=OuterRef("observed_at"))
    releases = (
        DoseRelease.objects.standing()
        .filter(participant__in=everybody, observed_at__lte=at)
        .annotate(replanned_at=Subquery(later.order_by("at").values("at")[:1]))
        .select_related("step")
        .order_by("participant", "-observed_at")
        .distinct("participant")
    )
    events = _events(everybody)
    return frozenset(
        one.participant_id
        for one in releases
        if (dosed_at := everybody[one.participant_id].current_state.dose_at) is None or one.observed_at > dosed_at
        if not as_release(one).void_by(events[one.participant_id], until=at)
        if not as_release(one).is_of_another_plan(at=at)
    )


def _events(participants: Iterable[int]) -> Mapping[int, list[datetime]]:
    episodes: dict[int, list[Episode]] = defaultdict(list)
    for one in Episode.objects.filter(participant__in=list(participants)):
        episodes[one.participant_id].append(one)
    return defaultdict(list, {pk: event_times(own) for pk, own in episodes.items()})

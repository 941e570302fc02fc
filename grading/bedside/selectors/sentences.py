"""The sentences that a participant wrote on the tablet: the last six beside the one from before the first dose."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from grading.models import NeuroAssessment
from regimens.models import Dose, DoseStatus, Participant

SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Ribbon:
    """`baseline` None: none was written before the first dose. `last`: oldest first, without the baseline."""

    baseline: NeuroAssessment | None
    last: Sequence[NeuroAssessment]


def ribbon_of(participant: Participant) -> Ribbon:
    """For whoever has been let in to the ward."""
    written = NeuroAssessment.objects.standing().filter(participant=participant, sentence__isnull=False)
    newest_first = written.order_by("-observed_at", "-id")
    baseline = _before_dosing(newest_first, participant).first()
    others = newest_first if baseline is None else newest_first.exclude(pk=baseline.pk)
    return Ribbon(baseline=baseline, last=list(others[:SHOWN])[::-1])


def _before_dosing(written: QuerySet[NeuroAssessment], participant: Participant) -> QuerySet[NeuroAssessment]:
    given = Dose.objects.standing().filter(participant=participant, step__opens_period=True)
    first = given.exclude(status=DoseStatus.NOT_GIVEN).order_by("observed_at").first()
    return written if first is None else written.filter(observed_at__lt=first.observed_at)

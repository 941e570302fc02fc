"""The vasopressors and oxygen on record, as the dose periods count their hours."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from grading.models import Treatment, TreatmentEnd
from grading.rules.course.spans import CLASSES, RecordedRun, Span
from regimens.facts import Fact


def runs_in(treatments: Iterable[Treatment], ends: Iterable[TreatmentEnd]) -> Iterator[RecordedRun]:
    """Each with its first stop. `ends`: of all of them, their treatment loaded."""
    stops: dict[UUID, list[TreatmentEnd]] = {}
    for end in ends:
        stops.setdefault(end.treatment.root, []).append(end)
    for one in treatments:
        drug_class = one.acts_as  # the name decides, whatever was tapped
        if drug_class in CLASSES:
            mine = stops.get(one.root, [])
            stopped_at = min((end.observed_at for end in mine), default=None)
            recorded_at = max((one.recorded_at, *(end.recorded_at for end in mine)))
            yield RecordedRun(drug_class=drug_class, span=Span(one.observed_at, stopped_at), recorded_at=recorded_at)


def runs_with(fact: Fact, participant_id: int) -> list[RecordedRun]:
    """Those on record, with this treatment or stop that comes in order and is not kept yet."""
    treatments = list(Treatment.objects.standing().filter(participant=participant_id))
    ends = list(TreatmentEnd.objects.standing().filter(participant=participant_id).select_related("treatment"))
    if isinstance(fact, Treatment):
        treatments.append(fact)
    elif isinstance(fact, TreatmentEnd):
        ends.append(fact)
    return list(runs_in(treatments, ends))


def runs_since(fact: TreatmentEnd) -> datetime | None:
    """When the treatment that stopped began, as it stands. None: it does not run as these do, or was taken back."""
    one = Treatment.objects.standing().filter(participant=fact.participant_id, root=fact.treatment.root).first()
    return one.observed_at if one is not None and one.acts_as in CLASSES else None

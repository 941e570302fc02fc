"""What is on record that bears on what may be let in: when dosing began, when observation ended, and sets."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, Min

from grading.intake.facts import MODELS
from grading.rules.intake.reasons import IntakeReason, reason
from grading.rules.intake.received import RowKind
from regimens.models import Disposition, Dose, DoseStatus

SAME_SET = timedelta(minutes=1)  # two sets nearer than this may be one that came by two ways


@dataclass(slots=True, kw_only=True)
class CourseOnFile:
    """Of several participants, by their keys."""

    first_dose: dict[int, datetime] = field(default_factory=dict)
    ended: dict[int, datetime] = field(default_factory=dict)
    sets: dict[tuple[int, RowKind], list[tuple[datetime, UUID]]] = field(default_factory=dict)

    def reasons(self, participant: int, kind: RowKind, at: datetime, *, root: UUID | None) -> list[IntakeReason]:
        """Why a person should look. `root`: of the fact that is corrected, which is no other set."""
        first, ended = self.first_dose.get(participant), self.ended.get(participant)
        reasons = []
        if first is None or at < first:
            reasons.append(reason("before_first_dose"))
        if ended is not None and at > ended:
            reasons.append(reason("after_end", ended=ended.isoformat()))
        sets = self.sets.get((participant, kind), [])
        if any(abs(one - at) < SAME_SET and known != root for one, known in sets):
            reasons.append(reason("set_on_file"))
        return reasons


def on_file(participants: Collection[int], *, since: datetime, until: datetime) -> CourseOnFile:
    """`since`, `until`: between which sets are asked about."""
    given = Dose.objects.standing().filter(participant__in=participants, step__opens_period=True)
    doses = given.exclude(status=DoseStatus.NOT_GIVEN).values_list("participant").annotate(at=Min("observed_at"))
    ends = Disposition.objects.standing().filter(participant__in=participants)
    known = CourseOnFile(
        first_dose=dict(doses), ended=dict(ends.values_list("participant").annotate(at=Max("observed_at")))
    )
    span = (since - SAME_SET, until + SAME_SET)
    for kind, model in MODELS.items():
        if kind.is_set:
            sets = model.objects.standing().filter(participant__in=participants, observed_at__range=span)
            for participant, at, root in sets.values_list("participant", "observed_at", "root"):
                known.sets.setdefault((participant, kind), []).append((at, root))
    return known

"""What is on record of participants as far as the gate asks for it: read for a whole ward at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max

from grading.models import DosePeriod, Episode, Grade, NeuroAssessment, Treatment
from grading.review.selectors.assessments import ParticipantLedgers, newest_assessments
from grading.rules.grades.graded import INDETERMINATE
from regimens.models import Dose, DoseEnd, DoseStatus, Measured, Measurement, Participant, Transfer, WindowCompletion

MEASURED = (Measured.BASELINE_ICE, Measured.BASELINE_CAPD, Measured.INFECTION, Measured.ON_SITE)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRecord:
    """Of one participant up to a moment. `doses`: given, in order of time, with their steps; `period`, `completion` and
    `stopped_at` (its infusion) are of the last of them. `grades`: the newest of each kind; `indeterminate_at`: when the
    newest was that could not be told. `measured`: the newest of each kind. None: it is not on record.
    """

    doses: Sequence[Dose]
    transfers: Sequence[Transfer]
    period: DosePeriod | None
    completion: WindowCompletion | None
    stopped_at: datetime | None
    ledgers: ParticipantLedgers
    episodes: Sequence[Episode]
    grades: Mapping[str, tuple[datetime, int]]
    indeterminate_at: datetime | None
    treatments: Sequence[Treatment]
    neuro: NeuroAssessment | None
    measured: Mapping[str, tuple[datetime, Decimal]]

    def measured_since(self, kind: Measured, since: datetime | None = None) -> Decimal | None:
        """The newest value, where it is not older than that."""
        at, value = self.measured.get(kind, (None, None))
        return None if at is None or (since is not None and at < since) else value


def doses_given(participants: Iterable[Participant], *, until: datetime, but: UUID | None = None) -> list[Dose]:
    """The doses given by then, in order of time, with their steps. `but`: the root of one that is left out."""
    doses = Dose.objects.standing().filter(participant__in=participants, observed_at__lte=until)
    if but is not None:
        doses = doses.exclude(root=but)
    given = doses.exclude(status=DoseStatus.NOT_GIVEN).select_related("step")
    return list(given.order_by("observed_at", "root"))


def gate_records(
    participants: Iterable[Participant], *, until: datetime, but: UUID | None = None
) -> dict[int, GateRecord]:
    """By the key of the participant; a dozen queries, however many they are. `but`: the root of a dose that is left
    out."""
    everybody = list(participants)
    own = {"participant__in": everybody}
    doses = _by_participant(doses_given(everybody, until=until, but=but))
    last = [given[-1] for given in doses.values()]
    transfers = _by_participant(Transfer.objects.filter(**own).select_related("from_site", "to_site").order_by("at"))
    periods = {one.participant_id: one for one in DosePeriod.objects.filter(dose__in=last)} if last else {}
    completions = _of_doses(WindowCompletion, last, "-observed_at")
    stops = _of_doses(DoseEnd, last, "observed_at")
    ledgers = _by_participant(newest_assessments().filter(**own).select_related("recorded_by"))
    episodes = _by_participant(Episode.objects.filter(**own))
    grades, unclear = _grades(own, until=until), _indeterminate(own)
    treatments = _by_participant(Treatment.objects.standing().filter(**own, observed_at__lte=until))
    neuro, measured = _neuro(own, until=until), _measured(own, until=until)
    return {
        pk: GateRecord(
            doses=doses.get(pk, []),
            transfers=transfers.get(pk, []),
            period=periods.get(pk),
            completion=completions.get(pk),
            stopped_at=None if pk not in stops else stops[pk].observed_at,
            ledgers=ParticipantLedgers.of(ledgers.get(pk, [])),
            episodes=episodes.get(pk, []),
            grades=grades.get(pk, {}),
            indeterminate_at=unclear.get(pk),
            treatments=treatments.get(pk, []),
            neuro=neuro.get(pk),
            measured=measured.get(pk, {}),
        )
        for pk in (one.pk for one in everybody)
    }


def _by_participant(rows: Iterable[Any]) -> dict[int, list[Any]]:
    """In the order in which they come."""
    own: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        own[row.participant_id].append(row)
    return own


def _of_doses(model: type[Any], doses: Sequence[Dose], first: str) -> dict[int, Any]:
    """What stands of each dose, whichever version of the dose it names: the first by this order."""
    if not doses:
        return {}
    theirs = {
        "participant__in": [dose.participant_id for dose in doses],
        "dose__root__in": [dose.root for dose in doses],
    }
    rows = model.objects.standing().filter(**theirs)  # by participant: of roots alone there is no index
    return {row.participant_id: row for row in rows.order_by("dose__root", first).distinct("dose__root")}


def _grades(own: dict[str, Any], *, until: datetime) -> dict[int, dict[str, tuple[datetime, int]]]:
    rows = Grade.objects.filter(**own, observed_at__lte=until).order_by("participant", "kind", "-observed_at")
    newest: dict[int, dict[str, tuple[datetime, int]]] = defaultdict(dict)
    for pk, kind, at, grade in rows.distinct("participant", "kind").values_list(
        "participant", "kind", "observed_at", "grade"
    ):
        newest[pk][kind] = (at, grade)
    return newest


def _indeterminate(own: dict[str, Any]) -> dict[int, datetime]:
    rows = Grade.objects.filter(**own, grade=INDETERMINATE).order_by().values("participant")
    return {row["participant"]: row["at"] for row in rows.annotate(at=Max("observed_at"))}


def _neuro(own: dict[str, Any], *, until: datetime) -> dict[int, NeuroAssessment]:
    rows = NeuroAssessment.objects.standing().filter(**own, observed_at__lte=until).defer("sentence")
    return {one.participant_id: one for one in rows.order_by("participant", "-observed_at").distinct("participant")}


def _measured(own: dict[str, Any], *, until: datetime) -> dict[int, dict[str, tuple[datetime, Decimal]]]:
    rows = Measurement.objects.standing().filter(
        **own, kind__in=[kind.value for kind in MEASURED], observed_at__lte=until, value__isnull=False
    )
    newest: dict[int, dict[str, tuple[datetime, Decimal]]] = defaultdict(dict)
    for one in rows.order_by("participant", "kind", "-observed_at").distinct("participant", "kind"):
        assert one.value is not None
        newest[one.participant_id][one.kind] = (one.observed_at, one.value)
    return newest

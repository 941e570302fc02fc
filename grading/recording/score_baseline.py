"""The score of an assessment from before the first dose is made the baseline: a measurement of its own, at its time."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from crsmonitor.accounts.models import User
from crsmonitor.errors import InvalidInput
from grading.course.record import readings
from grading.models import NeuroAssessment
from grading.recording.neuro_banks import bank_text, used_bank
from grading.recording.record import Recorded, record
from regimens.facts import Source
from regimens.models import Dose, DoseStatus, Measured, Measurement, NeuroInstrument, Participant


def make_baseline(neuro: NeuroAssessment, *, key: UUID, reason: str, by: User, at: datetime) -> Recorded:
    """`key`: the client's id, so that a second tap gives the first answer; `reason`: why it is entered so late.

    Raises as `record`; InvalidInput where no whole score was found, or a dose had been given by then.
    """
    kind = _kind(neuro.participant)
    score = _score(neuro, kind)
    if score is None:
        raise InvalidInput.at("value", "score_not_whole")
    bank = used_bank(neuro)
    draft = Measurement(
        id=key,
        participant_id=neuro.participant_id,
        kind=kind,
        value=score,
        text="" if bank is None or kind is Measured.BASELINE_CAPD else bank_text(bank),
        observed_at=neuro.observed_at,
        source=Source.PAGE,
        reason=reason,
    )
    return record(draft, by=by, at=at)


def may_be_baseline(participant: Participant, assessments: Iterable[NeuroAssessment]) -> set[UUID]:
    """Those that would become the baseline: whole, from before the first dose, and newer than what is recorded."""
    kind = _kind(participant)
    measured = Measurement.objects.standing().filter(participant=participant, kind=kind)
    recorded = measured.order_by("-observed_at").values_list("observed_at", flat=True).first()
    doses = Dose.objects.standing().filter(participant=participant, step__opens_period=True)
    given = doses.exclude(status=DoseStatus.NOT_GIVEN)
    first = given.order_by("observed_at").values_list("observed_at", flat=True).first()
    return {
        one.pk
        for one in assessments
        if _score(one, kind) is not None
        and (recorded is None or recorded < one.observed_at)
        and (first is None or one.observed_at < first)
    }


def _kind(participant: Participant) -> Measured:
    capd = participant.neuro_instrument == NeuroInstrument.CAPD
    return Measured.BASELINE_CAPD if capd else Measured.BASELINE_ICE


def _score(neuro: NeuroAssessment, kind: Measured) -> int | None:
    """None: not done, or not every item."""
    return neuro.capd_score if kind is Measured.BASELINE_CAPD else readings.ice_score(neuro)

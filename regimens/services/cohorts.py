"""Which cohort of a first-in-human regimen a participant is in: corrected by a record of its own, and derived anew."""

from datetime import datetime

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.proof import Proof
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput, NotFound
from regimens.models import CohortChange, Dose, DoseStatus, Participant, Signature
from regimens.replanning import replanned
from regimens.selectors import cohorts_of, participant_for
from regimens.services.signables import COHORT
from regimens.services.signing import sign, void


def was_dosed(participant: Participant) -> bool:
    """Whether a dose that opens a period was given, in part too."""
    given = Dose.objects.standing().filter(participant=participant, step__opens_period=True)
    return given.exclude(status=DoseStatus.NOT_GIVEN).exists()


@transaction.atomic
def change_cohort(
    *, participant_id: int, to: str, because: str, was_wrong: bool, by: User, at: datetime, proof: Proof
) -> CohortChange:
    """The participant is in this cohort, and everything is derived of it anew; a release made before no longer holds.

    Signed: `proof` says by what.

    `was_wrong`: the cohort on record never was the right one. Only so it changes after a dose under it: what was
    planned of that dose changes too. Raises NotFound, Forbidden for who may not judge, InvalidInput at the field.
    """
    participant_for(by, participant_id, Act.JUDGE)
    participant = (
        Participant.objects.select_for_update(no_key=True, of=("self",))
        .select_related("regimen")
        .get(pk=participant_id)
    )
    known = cohorts_of(participant.regimen)
    if not known:
        raise NotFound("no_cohorts")
    if to not in known:
        raise InvalidInput.at("to", "no_such_cohort")
    if to == participant.cohort:
        raise InvalidInput.at("to", "same_cohort", cohort=to)
    if not because.strip():
        raise InvalidInput.at("because", "say_why_changed")
    if participant.cohort and was_dosed(participant) and not was_wrong:
        raise InvalidInput.at("was_wrong", "dosed_in_cohort", cohort=participant.cohort)
    with acting(by=by, reason=because.strip()):
        made = CohortChange.objects.create(
            participant=participant, was=participant.cohort, becomes=to, at=at, because=because.strip(), recorded_by=by
        )
        participant.cohort = to
        participant.save(update_fields=["cohort"])
        replanned(participant, by=by, at=at)
        before = Signature.objects.filter(participant=participant, kind=COHORT.kind, void=None)
        void(before, because="changed_again", by=by, at=at)
        sign(COHORT, made, by=by, at=at, proof=proof)
    return made

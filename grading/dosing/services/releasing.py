"""What a release of the next dose must be before it is kept: what the gate proposes, or an override that says why."""

from datetime import datetime
from typing import Any

from crsmonitor.errors import InvalidInput
from grading.dosing.selectors.gate import answer_of, deviations_of
from grading.dosing.selectors.gate_case import given_doses
from regimens.models import Dose, DoseRelease, DoseStatus, Participant
from regimens.rules.gate.answer import Answer, Decision
from regimens.rules.releases import Deviation

RELEASABLE = (Decision.GO, Decision.RESTART)


def check_release(draft: DoseRelease, participant: Participant, *, at: datetime) -> None:
    """Notes the gate's answer to the facts of now. Raises InvalidInput."""
    # What was recorded since the page was opened counts, also where the dose was to be given before.
    _case, answer = answer_of(participant, dose_at=max(draft.dose_at, at))
    draft.decision, draft.proposed_step = answer.decision.value, answer.step or ""
    draft.criteria = as_stored(answer)
    if draft.withdrawn:
        return
    as_proposed = answer.decision in RELEASABLE and answer.step == draft.step.label
    if not as_proposed and not draft.override:
        raise InvalidInput.at("override", "gate_does_not_propose")
    if draft.override and not draft.because.strip():
        raise InvalidInput.at("because", "override_says_why")
    doses = given_doses(participant, until=at)
    if doses and draft.dose_at < doses[-1].observed_at:
        raise InvalidInput.at("dose_at", "before_last_dose")


def as_stored(answer: Answer) -> list[dict[str, Any]]:
    """The criteria as they are kept: in English as said then, with what another language needs."""
    return [
        {
            "code": one.code, "state": one.state.value, "text": one.text, "source": one.source, "said": one.sentence,
            "values": dict(one.values),
        }
        for one in answer.criteria
    ]  # fmt: skip


def deviation_of(dose: Dose, participant: Participant) -> Deviation | None:
    """What this dose, just kept, deviates in. None: nothing; it was not given; or the regimen has no rules on file."""
    if dose.status == DoseStatus.NOT_GIVEN or dose.withdrawn or participant.regimen.document is None:
        return None
    return deviations_of(participant, given_doses(participant, until=dose.observed_at)).get(str(dose.root))

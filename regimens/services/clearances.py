"""Up to which step a cohort of a first-in-human regimen is cleared."""

from datetime import datetime

from crsmonitor.accounts.models import User
from crsmonitor.accounts.proof import Proof
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.errors import Forbidden, InvalidInput, Message
from regimens.library import plan_of
from regimens.models import CohortClearance, Regimen, Signature, Study
from regimens.rules.canonical import plain
from regimens.selectors import studies_for
from regimens.services.signables import CLEARANCE, plan_of_cohort
from regimens.services.signing import sign, void
from regimens.services.versions import document_of


def clear_cohort(
    *, regimen: Regimen, cohort: str, step: str, because: str, by: User, at: datetime, proof: Proof
) -> CohortClearance:
    """From now on participants of this cohort may be dosed up to this step; the gate asks for it. Signed.

    Raises Forbidden for who may not approve in the study, InvalidInput at the field for what its plan does not have.
    """
    if not studies_for(by, Act.APPROVE).filter(pk=regimen.study_id).exists():
        raise Forbidden("role_forbids")
    document = document_of(regimen)
    plan = None if document is None else plan_of(document)
    wrong: dict[str, list[Message]] = {}
    if plan is None or cohort not in [one.name for one in plan.cohorts]:
        wrong["cohort"] = [Message("no_such_cohort")]
    if plan is None or step not in [one.label for one in plan.steps]:
        wrong["step"] = [Message("not_a_step")]
    if not because.strip():
        wrong["because"] = [Message("say_who_decided")]
    if wrong:
        raise InvalidInput("step_not_cleared", fields=wrong)
    with acting(by=by, reason=because.strip()):
        clearance = CohortClearance.objects.create(
            study=regimen.study, cohort=cohort, step=step, because=because.strip(), cleared_by=by, cleared_at=at
        )
        sign(CLEARANCE, clearance, by=by, at=at, proof=proof)
    return clearance


def void_clearances(study: Study, *, by: User, at: datetime) -> None:
    """Those whose cohort has other doses or steps by the version now in force than when it was cleared."""
    signed = Signature.objects.filter(study=study, kind=CLEARANCE.kind, void=None)
    void([one for one in signed if _plan_changed(study, one)], because="plan_changed", by=by, at=at)


def _plan_changed(study: Study, signature: Signature) -> bool:
    cleared = signature.content["record"]
    return bool(plain(plan_of_cohort(study, cleared["cohort"])) != cleared["plan"])

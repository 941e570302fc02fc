"""A version is drafted by a data manager, and approved by an investigator who did not draft it."""

from datetime import datetime

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.proof import Proof
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.errors import DomainError, Forbidden, InvalidInput
from regimens.library import Document, plan_of
from regimens.models import DesignedRegimen, Regimen, Study
from regimens.selectors import missing_for_enrolment, regimen_for, studies_for
from regimens.services.clearances import void_clearances
from regimens.services.designed import FromDesign, carried, check_unchanged, freeze_band
from regimens.services.signables import REGIMEN
from regimens.services.signing import sign
from regimens.services.versions import OwnPlan, alone, make, newest_version, version_in_force


@transaction.atomic
def draft(
    *,
    study: Study,
    document: Document,
    variant: str,
    by: User | str,
    reason: str,
    at: datetime,
    own: OwnPlan,
    amends: Regimen | None = None,
    origin: FromDesign | None = None,
) -> Regimen:
    """The next version of a study's regimen, under which nobody is enrolled before it is approved.

    `by` a name: an operator's command. `amends`: of which version it is said to be the next. `origin`: the design that
    the document was compiled from, which must not have changed since; without, that of the version before stays where
    its steps, days and doses do. Raises Forbidden, InvalidInput at the field, DomainError where the document is of
    another regimen.
    """
    if isinstance(by, User) and not studies_for(by, Act.DRAFT).filter(pk=study.pk).exists():
        raise Forbidden("role_forbids")
    if amends is not None and amends.code != document.id:
        raise DomainError("file_of_another", file=document.id, regimen=amends.code)
    if not reason.strip():
        raise InvalidInput.at("reason", "say_why_amended")
    plan = plan_of(document)
    if not variant and plan.labels_differ:
        known = ", ".join(one.code for one in plan.variants)
        raise InvalidInput.at("variant", "label_needed", regimen=document.id, known=known)
    alone(study)
    before = version_in_force(study, document.id)
    return make(
        study, document, variant, before=before, by=by, reason=reason.strip(), at=at, own=own, in_force=False,
        origin=origin or carried(amends or before, document),
    )  # fmt: skip


@transaction.atomic
def approve(regimen_id: int, *, because: str, by: User, at: datetime, proof: Proof) -> Regimen:
    """Participants may be enrolled under the draft from now on; those on the version before stay on it.

    Of a draft made of a design the band is frozen with it; where the design has a newer version it is refused.

    Signed: `proof` says by what. A clearance whose cohort has another plan by it asks to be signed again.

    Raises NotFound, Forbidden (not by role, and never who drafted it: two people), InvalidInput.
    """
    version = regimen_for(by, regimen_id)
    if not studies_for(by, Act.APPROVE).filter(pk=version.study_id).exists():
        raise Forbidden("role_forbids")
    alone(version.study)
    version.refresh_from_db()
    if version.drafted_by_id == by.pk:
        raise Forbidden("drafter_approves")
    if version.approved_at is not None:
        raise InvalidInput.at("because", "approved_already")
    newest = newest_version(version.study, version.code)
    if newest is None or newest.pk != version.pk:
        raise InvalidInput.at("because", "draft_replaced", newest=str(newest))
    if missing_for_enrolment(version) or not version.tightening_decided:
        raise InvalidInput.at("because", "draft_unfinished")
    designed = DesignedRegimen.objects.select_related("version").filter(regimen=version).first()
    if designed is not None:
        check_unchanged(designed.version, of=version, field="because")
    if not because.strip():
        raise InvalidInput.at("because", "say_why_in_force")
    with acting(by=by, reason=because.strip()):
        version.approved_by, version.approved_because, version.approved_at = by, because.strip(), at
        version.save(update_fields=["approved_by", "approved_because", "approved_at"])
        sign(REGIMEN, version, by=by, at=at, proof=proof)
        void_clearances(version.study, by=by, at=at)
        freeze_band(version, at=at)
    return version

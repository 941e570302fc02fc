"""Threshold policies: drafted, approved, and so in force. Versions are added; what one says is never changed."""

from datetime import datetime

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.proof import Proof
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.errors import Forbidden, InvalidInput, NotFound
from grading.models import AlertPolicy, ConditionCheck, Episode
from grading.policies.library import Policy
from grading.policies.selectors import policy_in_force
from grading.policies.signable import POLICY
from grading.rules.alerting.policy.diff import differences
from regimens.models import Study
from regimens.selectors import studies_for
from regimens.services.signing import sign


def draft_policy(policy: Policy, *, study: Study, by: User | str, reason: str, at: datetime) -> AlertPolicy:
    """The study's next version, as a draft: nobody is told by it until it is approved.

    `by` a name: an operator's command. Raises Forbidden for who may not draft here, InvalidInput at the field.
    """
    if isinstance(by, User) and not studies_for(by, Act.DRAFT).filter(pk=study.pk).exists():
        raise Forbidden("role_forbids")
    if not reason.strip():
        raise InvalidInput.at("reason", "say_what_version_is_for")
    with transaction.atomic():
        study = _alone(study)
        before = policy_in_force(study, at=at)
        if before is not None and not differences(before.data, policy.data):
            raise InvalidInput.at("text", "policy_unchanged")
        return _add(policy, study, by=by, reason=reason.strip(), at=at)


def approve_policy(
    policy_id: int, *, against: int | None, because: str, by: User, at: datetime, proof: Proof
) -> AlertPolicy:  # fmt: skip
    """Bring a draft into force from now. Alerts already raised keep the version that raised them.

    `against`: the version in force with which the approver compared it; None: there was none.
    Raises NotFound, Forbidden (not by role, and never who drafted it: two people), InvalidInput.
    """
    with transaction.atomic():
        policy = AlertPolicy.objects.filter(pk=policy_id, study__in=studies_for(by)).select_related("study").first()
        if policy is None:
            raise NotFound("no_such_policy")
        if not studies_for(by, Act.APPROVE).filter(pk=policy.study_id).exists():
            raise Forbidden("role_forbids")
        study = _alone(policy.study)
        draft = AlertPolicy.objects.select_related("study").get(pk=policy_id)
        if draft.drafted_by_id == by.pk:
            raise Forbidden("drafter_approves")
        if draft.in_force_from is not None:
            raise InvalidInput.at("because", "approved_already")
        if not because.strip():
            raise InvalidInput.at("because", "say_why_in_force")
        before = policy_in_force(study, at=at)
        if (before.pk if before else None) != against:
            raise InvalidInput.at("because", "other_version_meanwhile")
        with acting(by=by, reason=because.strip()):
            draft.approved_by, draft.approved_because, draft.in_force_from = by, because.strip(), at
            draft.save(update_fields=["approved_by", "approved_because", "in_force_from"])
            sign(POLICY, draft, by=by, at=at, proof=proof)
        _leave_to_sweep(study, at=at)
        return draft


@transaction.atomic
def load_policy(policy: Policy, *, study: Study, by: User | str, reason: str, at: datetime) -> AlertPolicy:
    """Draft and approve in one, for whoever operates the server: in force from now, with one reason."""
    loaded = _add(policy, _alone(study), by=by, reason=reason, at=at, in_force_from=at)
    _leave_to_sweep(study, at=at)
    return loaded


def _add(
    policy: Policy, study: Study, *, by: User | str, reason: str, at: datetime, in_force_from: datetime | None = None
) -> AlertPolicy:
    newest = study.policies.order_by("-version").first()
    with acting(by=by, reason=reason):
        return AlertPolicy.objects.create(
            study=study, version=newest.version + 1 if newest else 1, title=policy.title, text=policy.text,
            reason=reason, drafted_at=at, drafted_by=by if isinstance(by, User) else None, in_force_from=in_force_from,
            approved_because=reason if in_force_from else "", **policy.data,
        )  # fmt: skip


def _leave_to_sweep(study: Study, *, at: datetime) -> None:
    """Whoever is in an episode and was watched by no condition: the sweep tells by the new version what stands."""
    open_ = Episode.objects.filter(participant__study=study, ended_at=None).values_list("participant", flat=True)
    rows = [ConditionCheck(participant_id=pk, policy=None, at=None, met_until=at) for pk in open_.distinct()]
    ConditionCheck.objects.bulk_create(rows, ignore_conflicts=True)


def _alone(study: Study) -> Study:
    """Whoever adds or approves a version of this study waits for the one before."""
    return Study.objects.select_for_update(no_key=True).get(pk=study.pk)

"""A version of a policy begins and ends to run beside the one in force. What it would have said is computing.py's."""

import hashlib
import json
from datetime import datetime

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.errors import Forbidden, InvalidInput
from grading.models import AlertPolicy, SilentRun
from grading.policies.selectors import policy_for, policy_in_force
from grading.policies.silent.selectors import may_run, run_for
from grading.rules.alerting.policy.replay import read_rules
from grading.rules.alerting.policy.silent_runs import VersionsOfRun, fell_out, fell_out_at
from grading.rules.treatment.policy_numbers import BadPolicy
from regimens.models import Study

BY = "silent run"  # in the audit trail, where a run ended by itself


def begin_run(policy_id: int, *, because: str, by: User, at: datetime) -> SilentRun:
    """From now. Raises NotFound, Forbidden, and InvalidInput: in force, another runs, no reason, unreadable."""
    policy = policy_for(by, policy_id)
    if not may_run(by, policy.study):
        raise Forbidden("role_forbids")
    if not because.strip():
        raise InvalidInput.at("because", "say_why_silent_run")
    with transaction.atomic():
        study = Study.objects.select_for_update(no_key=True).get(pk=policy.study_id)  # as who approves a version
        in_force = policy_in_force(study, at=at)
        if in_force == policy:
            raise InvalidInput.at("because", "silent_run_of_in_force")
        if not _readable(policy):
            raise InvalidInput.at("because", "silent_run_unreadable")
        running = SilentRun.objects.filter(study=study, ended_at=None).first()
        if running is not None and not let_fall_out(running, at=at):
            raise InvalidInput.at("because", "silent_run_already")
        with acting(by=by, reason=because.strip()):
            return SilentRun.objects.create(
                study=study, policy=policy, against=in_force, digest=digest_of(policy, in_force), begun_at=at,
                begun_by=by, begun_because=because.strip(),
            )  # fmt: skip


@transaction.atomic
def end_run(run_id: int, *, because: str, by: User, at: datetime) -> SilentRun:
    """Raises NotFound, Forbidden, InvalidInput: it is over, or nobody says why."""
    run_for(by, run_id)
    run = SilentRun.objects.select_for_update().get(pk=run_id)
    if run.ended_at is not None or let_fall_out(run, at=at):
        raise InvalidInput.at("because", "silent_run_over")
    if not because.strip():
        raise InvalidInput.at("because", "say_why_silent_run_ends")
    with acting(by=by, reason=because.strip()):
        run.ended_at, run.ended_by, run.ended_because = at, by, because.strip()
        run.save(update_fields=["ended_at", "ended_by", "ended_because"])
    return run


def let_fall_out(run: SilentRun, *, at: datetime) -> bool:
    """End a run that cannot go on: whether it is over now. Twice, or by two at once, it ends once."""
    versions = versions_of(run, at=at)
    why = fell_out(versions)
    if why is None:
        return False
    run.ended_at, run.fell_out = fell_out_at(versions, begun_at=run.begun_at, at=at), why.value
    with acting(by=BY, reason=why.value):
        SilentRun.objects.filter(pk=run.pk, ended_at=None).update(ended_at=run.ended_at, fell_out=why.value)
    return True


def versions_of(run: SilentRun, *, at: datetime) -> VersionsOfRun:
    in_force = policy_in_force(run.study, at=at)
    silent, against = run.policy, run.against
    return VersionsOfRun(
        silent=silent.pk, against=run.against_id, in_force=None if in_force is None else in_force.pk,
        in_force_from=None if in_force is None else in_force.in_force_from,
        edited=digest_of(silent, against) != run.digest,
        unreadable=not _readable(silent) or (against is not None and not _readable(against)),
    )  # fmt: skip


def digest_of(silent: AlertPolicy, against: AlertPolicy | None) -> str:
    """SHA-256 of what both versions say."""
    both = [silent.data, None if against is None else against.data]
    return hashlib.sha256(json.dumps(both, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _readable(policy: AlertPolicy) -> bool:
    try:
        read_rules(policy.data)
    except BadPolicy:
        return False
    return True

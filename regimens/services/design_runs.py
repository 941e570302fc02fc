"""Runs of the workbench are queued and cancelled. A worker computes them: regimens/runs/."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.audit.events import record_event
from crsmonitor.errors import DomainError, KeyReused
from regimens.models import DesignProgress, DesignRun
from regimens.rules.runs import UNFINISHED, RunState, may_come_from
from regimens.runs.hints import hurry
from regimens.runs.inputs import read_input
from regimens.selectors.designs import design_run_for, design_version_for
from regimens.services.versions import alone

WAITING_MOST = 20  # unfinished runs of one study: one machine computes one at a time


@transaction.atomic
def queue_run(
    *,
    design_id: int,
    kind: str,
    fields: Mapping[str, Any],
    by: User,
    at: datetime,
    number: int | None = None,
    key: UUID | None = None,
) -> DesignRun:
    """A run of this version (`number` None: of the newest) with its whole input. It waits in its row.

    `key`: the id it gets; the same with the same input again is the same run, also where a newer version was saved or
    the engine is another by now. Raises NotFound, InvalidInput at the field, DomainError where too many wait,
    KeyReused.
    """
    version = design_version_for(by, design_id, number)
    given = read_input(kind, fields)
    alone(version.design.study)
    if key is not None and (made := DesignRun.objects.filter(pk=key).first()) is not None:
        other = number is not None and made.version_id != version.pk
        if other or (made.design_id, made.kind, made.input, made.queued_by_id) != (design_id, kind, given.text, by.pk):
            raise KeyReused("id_used")
        return made
    waiting = DesignProgress.objects.filter(run__design__study=version.design.study, state__in=UNFINISHED)
    if waiting.count() >= WAITING_MOST:
        raise DomainError("runs_wait", most=WAITING_MOST)
    with acting(by=by, reason="queued"):
        run = DesignRun.objects.create(
            id=key or uuid4(), design=version.design, version=version, kind=kind, input=given.text, seed=given.seed,
            engine=given.engine, digest=given.digest, size=given.size, queued_by=by, queued_at=at,
        )  # fmt: skip
        DesignProgress.objects.create(run=run)
    transaction.on_commit(hurry, robust=True)
    return run


@transaction.atomic
def cancel_run(*, run_id: UUID, by: User, at: datetime) -> DesignProgress:
    """Nobody goes on with it: a worker that has it stops within 2 s, and nothing is kept of what it computed.

    One that has ended stays as it is, and so does one that was cancelled before. Raises NotFound.
    """
    run = design_run_for(by, run_id)
    leaving = [state.value for state in may_come_from(RunState.CANCELLED)]
    cancelled = DesignProgress.objects.filter(run=run, state__in=leaving).update(
        state=RunState.CANCELLED.value, ended_at=at, ended_by=by, claim=None, claimed_until=None
    )
    if cancelled:
        record_event("design_run_cancelled", by=by, subject=f"design:{run.design_id}", run=str(run.pk))
    return DesignProgress.objects.select_related("ended_by").get(run=run)

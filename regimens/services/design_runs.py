"""Runs of the workbench are queued and cancelled. A worker computes them: regimens/runs/."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.audit.events import record_event
from regimens.models import DesignProgress
from regimens.rules.runs import RunState, may_come_from
from regimens.selectors.designs import design_run_for


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

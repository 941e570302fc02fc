"""What is signed of the plan: a version's approval, a rung decided, a cohort's clearance, a participant's cohort."""

from typing import Any

from crsmonitor.accounts.roles import Act
from regimens.library import Document, plan_of
from regimens.models import CohortChange, CohortClearance, EscalationDecision, Regimen, Study
from regimens.rules.canonical import hash_of
from regimens.services.signing import Signable, columns_of


def _version(regimen: Regimen) -> dict[str, Any]:
    """The version with its steps; the document by its hash."""
    steps = [columns_of(step) for step in regimen.steps.order_by("position")]
    own = columns_of(regimen, without=("document",))
    return own | {"document_sha256": hash_of(regimen.document), "steps": steps}


def plan_of_cohort(study: Study, cohort: str) -> dict[str, Any] | None:
    """What the newest approved version that knows the cohort says of it. None: none does."""
    for version in study.regimens.filter(approved_at__isnull=False).order_by("-approved_at", "-version"):
        if version.document is None:  # set up by hand: nobody knows its cohorts
            continue
        plan = plan_of(Document(data=version.document, library_id=version.library_id))
        known = next((one for one in plan.cohorts if one.name == cohort), None)
        if known is not None:
            steps = [(step.label, step.dose, step.unit) for step in plan.steps]
            return {"ladder": known.ladder, "steps_sha256": hash_of(steps)}
    return None


def _clearance(clearance: CohortClearance) -> dict[str, Any]:
    return columns_of(clearance) | {"plan": plan_of_cohort(clearance.study, clearance.cohort)}


REGIMEN = Signable(
    kind="regimen", model=Regimen, act=Act.APPROVE, meaning=lambda record: "approved", own=_version,
)  # fmt: skip
CLEARANCE = Signable(
    kind="clearance", model=CohortClearance, act=Act.APPROVE, meaning=lambda record: "cleared", own=_clearance,
)  # fmt: skip
COHORT = Signable(
    kind="cohort", model=CohortChange, act=Act.JUDGE, meaning=lambda record: "responsible", own=columns_of,
)  # fmt: skip
ESCALATION = Signable(
    kind="escalation", model=EscalationDecision, act=Act.APPROVE, own=columns_of,
    meaning=lambda record: "overridden_rule" if record.is_against else "decided",
)  # fmt: skip

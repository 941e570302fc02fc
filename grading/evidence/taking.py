"""What pages and programs do alike at the edge: read the filters, and tell the trail that somebody took it."""

from collections.abc import Mapping

from crsmonitor.accounts.models import User
from crsmonitor.audit.events import record_event
from grading.evidence.page import FILTERS, EvidenceFilters, EvidencePage
from grading.exports.blinding.telling import record_unblinding
from grading.exports.download import moment_in
from grading.safety.tables import ReviewContent

TAKEN = "evidence_taken"


def filters_in(parameters: Mapping[str, str]) -> EvidenceFilters:
    """Raises InvalidInput at a cut that is no instant."""
    chosen = {name: parameters.get(name, "").strip() for name in FILTERS}
    return EvidenceFilters(**chosen, cut=moment_in(parameters.get("cut", "").strip()))


def record_taken(page: EvidencePage, content: ReviewContent, *, by: User, what: str) -> None:
    study, filters = page.scope.study, {name: getattr(page.filters, name) for name in FILTERS}
    record_event(
        TAKEN, by=by, subject=f"study:{study.pk}", what=what, cut=page.cut, sha256=content.sha256, facts=page.digest,
        profile=page.scope.profile, filters=filters,
    )  # fmt: skip
    record_unblinding(study, page.scope.profile, by=by, what=f"evidence {what}")

"""A new fact voids the signatures that it bears on: in its own transaction, each with what did it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from crsmonitor.accounts.models import User
from grading.models import DosePeriod, GradeAssessment
from grading.review.signatures.kinds import ASSESSMENT, OF_FACTS, RELEASE, SIGNABLES, covering
from regimens.facts import Fact
from regimens.models import MissedObservationReason, Signature
from regimens.rules.canonical import plain
from regimens.services.signing import void


def void_by(fact: Fact, *, derived_anew: bool, by: User, at: datetime) -> None:
    """What this fact, just kept, makes void. `derived_anew`: it changed what was derived before, or may have."""
    standing = list(Signature.objects.filter(_changed_by(fact), participant=fact.participant_id, void=None))
    own = [one for one in standing if fact.supersedes_id is not None and one.record == str(fact.supersedes_id)]
    others = [one for one in standing if one not in own]
    void(own, because="withdrawn" if fact.withdrawn else "corrected", by=by, at=at, fact=fact)
    because = "late" if fact.supersedes_id is None else "fact_withdrawn" if fact.withdrawn else "fact_corrected"
    void(others, because=because, by=by, at=at, fact=fact)
    if derived_anew:
        void_derived(fact.participant_id, by=by, at=at, fact=fact)


def _changed_by(fact: Fact) -> Q:
    """The record itself in an earlier version; or the fact lies, or lay, in the time that is covered of its kind."""
    changed = Q(pk=None)
    if fact.supersedes_id is not None and type(fact) in OF_FACTS:
        changed |= Q(kind=OF_FACTS[type(fact)].kind, record=str(fact.supersedes_id))
    for when in _times_of(fact):
        from_then = Q(since=None) | Q(since__lte=when)
        changed |= Q(from_then, kind__in=covering(type(fact)), until__gte=when)
    return changed


def _times_of(fact: Fact) -> Iterable[datetime]:
    versions = [fact] if fact.supersedes is None else [fact, fact.supersedes]  # type: ignore[attr-defined]
    return [one.due_at if isinstance(one, MissedObservationReason) else one.observed_at for one in versions]


def void_derived(participant_id: int, *, by: User | str, at: datetime, fact: Fact | None = None) -> None:
    """What is derived beside a signed record is another now than when it was signed."""
    signed = Signature.objects.filter(participant=participant_id, void=None, derived__isnull=False)
    void([one for one in signed if _is_derived_anew(one)], because="derived", by=by, at=at, fact=fact)


def _is_derived_anew(signature: Signature) -> bool:
    record: GradeAssessment | DosePeriod | None
    if signature.kind == ASSESSMENT.kind:
        record = GradeAssessment.objects.filter(pk=signature.record).first()
    else:
        record = DosePeriod.objects.filter(dose__root=signature.root, participant=signature.participant_id).first()
    now = None if record is None else plain(SIGNABLES[signature.kind].derived(record))
    return bool(now != signature.derived)


def void_replanned(participant_id: int, *, by: User | str, at: datetime) -> None:
    """Another cohort or version of the regimen: a release was of the plan of before."""
    releases = Signature.objects.filter(participant=participant_id, kind=RELEASE.kind, void=None)
    void(releases, because="replanned", by=by, at=at)
    void_derived(participant_id, by=by, at=at)


def voided_by(facts: Iterable[UUID]) -> set[UUID]:
    """Those of these facts that changed what was signed before."""
    voids = Signature.objects.filter(void__fact__in=list(facts)).values_list("void__fact", flat=True)
    return {key for key in voids if key is not None}

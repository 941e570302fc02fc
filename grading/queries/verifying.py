"""Records are compared with their source: marked, taken back, and planned. Each a row of the trail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.errors import AlreadyCorrected, Forbidden, InvalidInput
from grading.models import SourceCheck, SourcePlan
from grading.queries.selectors import last_version
from grading.review.trail.tables import fields_of
from grading.rules.queries.sampling import SamplingRule
from regimens.models import Participant, Study
from regimens.selectors import participant_for, studies_for


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutVersion:
    """The version of a record that was looked at. Another since then is not marked."""

    participant_id: int
    kind: str
    root: UUID
    version: UUID


@transaction.atomic
def mark(about: AboutVersion, fields: Iterable[str], *, by: User, at: datetime, taken_back: str | None = None) -> int:
    """Mark these fields ("": the whole), or take the marks back for what `taken_back` says. Returns how many changed.

    Doing it again does nothing. Raises NotFound, Forbidden, InvalidInput, AlreadyCorrected.
    """
    participant = participant_for(by, about.participant_id, Act.VERIFY)
    Participant.objects.select_for_update(no_key=True).filter(pk=participant.pk).first()  # one at a time
    newest = last_version(participant, about.kind, about.root)
    if newest.pk != about.version:
        raise AlreadyCorrected("corrected_since")
    wanted = list(dict.fromkeys(fields))
    if not wanted or set(wanted) - {"", *fields_of(about.kind)}:
        raise InvalidInput.at("field", "no_such_field", known=", ".join(fields_of(about.kind)))
    if taken_back is not None and not taken_back.strip():
        raise InvalidInput.at("because", "say_something")
    holds = taken_back is None
    stands = {row.field for row in standing_marks([about.version])}
    changed = [name for name in wanted if (name in stands) is not holds]
    with acting(by=by, reason=(taken_back or "").strip()):
        SourceCheck.objects.bulk_create(
            SourceCheck(
                participant=participant, kind=about.kind, root=about.root, version=about.version, field=name,
                holds=holds, because=(taken_back or "").strip(), by=by, at=at,
            )
            for name in changed
        )  # fmt: skip
    return len(changed)


def standing_marks(versions: Iterable[UUID]) -> list[SourceCheck]:
    """The marks of these versions that were not taken back."""
    rows = SourceCheck.objects.filter(version__in=list(versions)).select_related("by").order_by("pk")
    newest = {(row.version, row.field): row for row in rows}
    return [row for row in newest.values() if row.holds]


def was_marked(root: UUID, version: UUID) -> bool:
    """Whether an earlier version of a record that the caller has been let see is marked."""
    earlier = SourceCheck.objects.filter(root=root).exclude(version=version).values_list("version", flat=True)
    return bool(standing_marks(set(earlier)))


@transaction.atomic
def plan_verification(study: Study, rule: SamplingRule, *, because: str, by: User, at: datetime) -> SourcePlan:
    """Another plan from now on. Raises Forbidden, InvalidInput."""
    if not studies_for(by, Act.VERIFY).filter(pk=study.pk).exists():
        raise Forbidden("role_forbids")
    if rule.grade_from is rule.every_nth is rule.percent is None:
        raise InvalidInput.at("percent", "plan_of_nothing")
    if rule.percent is not None and not rule.seed.strip():
        raise InvalidInput.at("seed", "say_seed")
    if not because.strip():
        raise InvalidInput.at("because", "say_something")
    with acting(by=by, reason=because.strip()):
        return SourcePlan.objects.create(
            study=study, grade_from=rule.grade_from, every_nth=rule.every_nth, percent=rule.percent,
            seed=rule.seed.strip(), because=because.strip(), by=by, at=at,
        )  # fmt: skip


def newest_plan(study: Study) -> SourcePlan | None:
    return SourcePlan.objects.filter(study=study).select_related("by").order_by("-pk").first()


def rule_of(plan: SourcePlan) -> SamplingRule:
    return SamplingRule(
        grade_from=plan.grade_from, every_nth=plan.every_nth, percent=plan.percent, seed=plan.seed
    )  # fmt: skip

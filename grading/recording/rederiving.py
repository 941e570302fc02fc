"""Derive a participant again because a person asked a command to: compare, or make the tables say it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.audit.selectors import BrokenLink
from grading.alerting.selectors.everybody import ids_of
from grading.alerting.services.alert_differences import alert_differences
from grading.alerting.services.alerts import tell, tell_under_policy
from grading.alerting.services.conditions import meet
from grading.course.compare import Difference, TableComparison, comparison_of
from grading.course.compare import differences as differences_in
from grading.course.derive import rederive
from grading.course.memory import says_something
from grading.course.store import write
from grading.models import Alert, CurrentState
from grading.review.signatures.voiding import void_replanned
from regimens.models import Participant

BY = "command:rederive"
BY_SWEEP = "sweep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rederived:
    """One participant, and where its tables did not say what its facts say."""

    number: str
    sets: int
    differences: tuple[Difference, ...]


def rederive_participant(participant_id: int, *, check: bool, at: datetime, by: User | str = BY) -> Rederived:
    """Held for one transaction, so that no fact comes between. `check`: writes nothing.

    Alerts are no projection: one that the course calls for is raised, late, one that it does not is withdrawn, and
    one that tells of other inputs is made to tell of these, each with `by` as its actor.
    """
    with transaction.atomic():
        held = Participant.objects.select_for_update(no_key=True, of=("self",)).select_related(
            "study", "site", "regimen"
        )
        participant = held.get(pk=participant_id)
        derived = rederive(participant, at=at)
        rows = comparison_of(derived)
        differing = (*_rows(rows), *alert_differences(derived, at=at))
        if differing and not check:
            write(rows, derived)
            tell(derived, fact=None, by=by, at=at)
    return Rederived(number=participant.number, sets=len(derived.grades), differences=differing)


def differing_projections(at: datetime) -> Iterator[BrokenLink]:
    """Everybody whose tables do not say what their facts say, for the verification of the audit trail. Writes nothing.

    Without the values, which are the participant's: `rederive --check` shows them.
    """
    for participant_id in ids_of(study=None, number=None):
        for one in rederive_participant(participant_id, check=True, at=at).differences:
            where = f"{one.table} {one.row} {one.column}".strip()
            yield BrokenLink(f"participant:{participant_id}", 0, f"{where}: what is stored is not what the facts say")


def under_another_plan(participant: Participant, by: User, at: datetime) -> None:
    """Another cohort or version of the regimen: planned doses, hours and releases are derived of it."""
    rederive_participant(participant.pk, check=False, at=at, by=by)
    void_replanned(participant.pk, by=by, at=at)


def under_another_policy(participant_id: int, *, at: datetime) -> list[Alert]:
    """Tell what stands and what the policy now in force asks for, its conditions too: all of it or nothing.

    Empty also where somebody holds the record now.
    """
    with transaction.atomic():
        held = Participant.objects.select_for_update(no_key=True, of=("self",), skip_locked=True)
        participant = held.select_related("study", "site", "regimen").filter(pk=participant_id).first()
        if participant is None:
            return []
        alerts = tell_under_policy(rederive(participant, at=at), by=BY_SWEEP, at=at)
        return [*alerts, *meet(participant_id, at=at)]


def _rows(comparisons: list[TableComparison]) -> Iterator[Difference]:
    """Without the row that somebody of whom nothing was recorded does not have yet."""
    with_something = [
        replace(one, added=list(filter(says_something, one.added))) if one.table.model is CurrentState else one
        for one in comparisons
    ]
    return differences_in(with_something)

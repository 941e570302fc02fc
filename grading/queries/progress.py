"""How far the comparison with the source has come: of each record, and summed by participant. From the user on."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import NotFound
from grading.models import Grade, NeuroAssessment, SourceCheck, Treatment, VitalSigns
from grading.queries.verifying import newest_plan, rule_of
from grading.review.trail.tables import fields_of, rows_of
from grading.rules.queries.sampling import SamplingRule, SourceRecord, is_sampled, is_verified
from regimens.facts import Fact
from regimens.models import Dose, Participant, Study
from regimens.selectors import participants_for, studies_for

# What is compared by plan; any other record can be marked too.
PLANNED: tuple[type[Fact], ...] = (VitalSigns, NeuroAssessment, Dose, Treatment)
SHOWN = 50  # participants of a page, and the most that are read at once
NOTHING: tuple[object, ...] = ("", None, {})  # an empty list says that somebody looked and there was none


class SourceState(StrEnum):
    VERIFIED = "verified"
    AGAIN = "again"  # verified before, and corrected since
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordState:
    participant_id: int
    kind: str
    root: UUID
    version: UUID
    observed_at: datetime
    sampled: bool
    state: SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceProgress:
    """Of one participant. `sampled`: how many records are to be compared; of those `verified`, and `again`, those that
    were and were corrected since; `beyond`: verified though not to be."""

    participant: Participant
    sampled: int
    verified: int
    again: int
    beyond: int


def study_to_verify(user: User, code: str) -> Study:
    """NotFound for whoever compares nothing there."""
    study = studies_for(user, Act.VERIFY).filter(code=code).first()
    if study is None:
        raise NotFound("no_such_study")
    return study


def people_to_verify(user: User, study: Study) -> QuerySet[Participant]:
    """Whose records this user compares, by site and number."""
    mine = participants_for(user, Act.VERIFY).filter(study=study)
    return mine.select_related("site").order_by("site__code", "number")


def progress_of(user: User, study: Study, *, part: slice = slice(None)) -> list[SourceProgress]:
    """Of everybody whose records this user compares, or of a part of them, in that order."""
    people = list(people_to_verify(user, study)[part])
    batches = (people[begin : begin + SHOWN] for begin in range(0, len(people), SHOWN))
    return [row for batch in batches for row in _counts_of(study, batch)]


def _counts_of(study: Study, people: list[Participant]) -> list[SourceProgress]:
    """Only the records of these are read."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for one in record_states(study, [participant.pk for participant in people]):
        if one.sampled:
            counts[one.participant_id]["sampled"] += 1
            counts[one.participant_id][one.state.value] += 1
        elif one.state is SourceState.VERIFIED:
            counts[one.participant_id]["beyond"] += 1
    return [
        SourceProgress(
            participant=participant, sampled=had["sampled"], verified=had["verified"], again=had["again"],
            beyond=had["beyond"],
        )
        for participant in people
        for had in [counts[participant.pk]]
    ]  # fmt: skip


def record_states(study: Study, participants: list[int]) -> list[RecordState]:
    """Of every record that stands, of the kinds that a plan names, the first entered first. The caller has been let see
    these participants."""
    plan = newest_plan(study)
    rule = SamplingRule() if plan is None else rule_of(plan)
    checks = SourceCheck.objects.filter(participant__in=participants).order_by("pk")
    newest = {(row.version, row.field): row for row in checks}
    marks: dict[UUID, set[str]] = defaultdict(set)
    before: dict[UUID, set[UUID]] = defaultdict(set)  # versions with a mark, by root
    for check in newest.values():
        if check.holds:
            marks[check.version].add(check.field)
            before[check.root].add(check.version)
    grades = dict(Grade.objects.filter(participant__in=participants).values_list("fact_id", "at_most"))
    states = []
    for model in PLANNED:
        table, places = model._meta.db_table, Counter[int]()
        held = list(_versions(model, participants))
        first = {row["root"]: row["recorded_at"] for row in held if row["supersedes_id"] is None}
        gone = {row["supersedes_id"] for row in held}
        last = [row for row in held if row["id"] not in gone]
        partly = [str(row["id"]) for row in last if marks[row["id"]] - {""}]
        filled = _filled(table, partly)
        for row in sorted(last, key=lambda one: (first[one["root"]], str(one["root"]))):
            place = places[row["participant_id"]]
            places[row["participant_id"]] += 1
            if row["withdrawn"]:
                continue
            drawn = SourceRecord(root=str(row["root"]), place=place, at_most=grades.get(row["id"]))
            states.append(RecordState(
                participant_id=row["participant_id"], kind=table, root=row["root"], version=row["id"],
                observed_at=row["observed_at"],
                sampled=is_sampled(rule, drawn),
                state=_state(row["id"], before[row["root"]], marks, filled),
            ))  # fmt: skip
    return states


def _versions(model: Any, participants: list[int]) -> Iterable[dict[str, Any]]:
    columns = ("id", "root", "participant_id", "supersedes_id", "withdrawn", "recorded_at", "observed_at")
    rows: Iterable[dict[str, Any]] = model.objects.filter(participant__in=participants).values(*columns)
    return rows


def _filled(table: str, keys: list[str]) -> Mapping[str, list[str]]:
    """The fields that say something, of versions that were marked by the field."""
    rows = rows_of(table, keys)
    return {key: [name for name in fields_of(table) if row.get(name) not in NOTHING] for key, row in rows.items()}


def _state(
    version: UUID, marked: set[UUID], marks: Mapping[UUID, set[str]], filled: Mapping[str, list[str]]
) -> SourceState:
    if is_verified(filled.get(str(version), ()), marks.get(version, ())):
        return SourceState.VERIFIED
    return SourceState.AGAIN if marked - {version} else SourceState.OPEN

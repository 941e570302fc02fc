"""The review of the audit trail (E6(R3) 4.2.3): by participant, person, field, day, "after signature" and "late"."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.models import AuditEvent
from crsmonitor.errors import Forbidden, NotFound
from grading.review.trail.tables import changed_fields, fact_tables, rows_of
from regimens.models import Design, Membership, Participant, Study
from regimens.selectors import may, participants_for, studies_for
from regimens.selectors.designs import designs_for

REVIEWS = (Act.JUDGE, Act.DRAFT)  # whoever answers for the data, or looks after it
SIGN_INS = ("sign_in", "sign_in_failed", "sign_out", "locked_out", "tablet_switched", "tablet_unlocked")
PULLS = (
    "export_begun", "export_ended", "packet_pulled", "packet_cancelled", "packet_retried", "dataset_pulled",
    "unblinded_pull", "copy_taken", "safety_review_taken", "queries_pulled",
)  # fmt: skip
DESIGN = "design:"  # chains of the workbench: versions drafted, runs asked for, done, failed and cancelled
LOOKS = ("audit_viewed", "access_list_viewed", "history_viewed")
_IS_FACT = "audit_event.table_name = ANY(%s)"
_IS_CORRECTION = f"({_IS_FACT} AND audit_event.after->>'supersedes_id' IS NOT NULL)"
_LATE = f"""CASE WHEN {_IS_FACT} THEN (audit_event.after->>'recorded_at')::timestamptz
    - (audit_event.after->>'observed_at')::timestamptz > make_interval(hours => %s) ELSE false END"""
_AFTER_SIGNATURE = """EXISTS (SELECT FROM regimens_signaturevoid v WHERE v.fact IS NOT NULL
    AND v.fact::text = audit_event.row_id)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailFilter:
    """What is looked for. None and empty: everything. `since` and `until`: half-open. `late_h`: hours, more than."""

    since: datetime
    until: datetime
    participant: Participant | None = None
    person: User | None = None
    what: str = ""
    field: tuple[str, str] | None = None
    after_signature: bool = False
    late_h: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailLine:
    """One event with what it changed. `differs`: the row does not say what the trail says of it."""

    event: AuditEvent
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)
    differs: bool = False
    subject: str = ""


def may_review(user: User) -> bool:
    return any(may(user, act) for act in REVIEWS)


def check_review(user: User) -> None:
    """Raises NotFound for whoever is in no study, Forbidden for who sees some and reviews none."""
    if not may_review(user):
        raise Forbidden("role_forbids") if may(user, Act.SEE_STUDY) else NotFound("no_such_page")


def reviewed_participants(user: User) -> QuerySet[Participant]:
    mine = participants_for(user, Act.JUDGE) | participants_for(user, Act.DRAFT)
    return mine.select_related("site", "study").order_by("study__code", "number")


def reviewed_studies(user: User) -> QuerySet[Study]:
    return studies_for(user, Act.JUDGE) | studies_for(user, Act.DRAFT)


def reviewed_people(user: User) -> QuerySet[User]:
    """Everybody who is, or was, in a study that this user reviews."""
    there = Membership.objects.filter(study__in=reviewed_studies(user)).values("user")
    return User.objects.filter(pk__in=there).order_by("username")


def events_for(user: User, wanted: TrailFilter) -> QuerySet[AuditEvent]:
    """The newest first: of the participants and studies that this user reviews, and of who works there."""
    check_review(user)
    events = AuditEvent.objects.filter(subject__in=_subjects(user, wanted)).order_by("-id")
    events = events.filter(at__gte=wanted.since, at__lt=wanted.until)
    if wanted.person is not None:
        events = events.filter(actor__startswith=f"user:{wanted.person.pk}:")
    facts = list(fact_tables())
    if wanted.what == "corrections" or (wanted.field is not None and wanted.field[0] in fact_tables()):
        events = events.extra(where=[_IS_CORRECTION], params=[facts])  # noqa: S610  # our own text
    elif wanted.what == "settings":
        events = events.filter(action__in=("INSERT", "UPDATE", "DELETE")).exclude(table_name__in=facts)
        events = events.exclude(subject__startswith=DESIGN)
    elif wanted.what == "designs":
        events = events.filter(subject__startswith=DESIGN)
    elif wanted.what in _EVENTS:
        events = events.filter(action="EVENT", table_name__in=_EVENTS[wanted.what])
    if wanted.field is not None:
        events = _of_field(events, *wanted.field)
    if wanted.after_signature:
        events = events.extra(where=[_AFTER_SIGNATURE])  # noqa: S610  # our own text
    if wanted.late_h is not None:
        events = events.extra(where=[_LATE], params=[facts, wanted.late_h])  # noqa: S610  # our own text
    return events


_EVENTS = {"sign_ins": SIGN_INS, "pulls": PULLS, "reviews": LOOKS}


def _subjects(user: User, wanted: TrailFilter) -> list[str]:
    if wanted.participant is not None:
        return [f"participant:{wanted.participant.pk}"]
    keys = {
        "participant": reviewed_participants(user).values_list("pk", flat=True),
        "study": reviewed_studies(user).values_list("pk", flat=True),
        "user": reviewed_people(user).values_list("pk", flat=True),
        "design": designs_for(user).filter(study__in=reviewed_studies(user)).values_list("pk", flat=True),
    }
    return [f"{kind}:{key}" for kind, of_kind in keys.items() for key in of_kind]


def _of_field(events: QuerySet[AuditEvent], table: str, name: str) -> QuerySet[AuditEvent]:
    """Corrections that changed this field of this kind of fact. The table is one of ours."""
    where = f"""EXISTS (SELECT FROM "{table}" old WHERE old.id::text = audit_event.after->>'supersedes_id'
        AND to_jsonb(old)->>%s IS DISTINCT FROM audit_event.after->>%s)"""  # noqa: S608
    return events.filter(table_name=table).extra(where=[where], params=[name, name])  # noqa: S610


def subject_names(events: list[AuditEvent]) -> dict[str, str]:
    """What each chain among them is of, by its name: of a participant, study, account or design."""
    keys: dict[str, list[int]] = defaultdict(list)
    for kind, _, key in {event.subject.partition(":") for event in events}:
        if key.isdecimal():
            keys[kind].append(int(key))
    names = {
        "participant": Participant.objects.filter(pk__in=keys["participant"]).values_list("pk", "number"),
        "study": Study.objects.filter(pk__in=keys["study"]).values_list("pk", "code"),
        "user": User.objects.filter(pk__in=keys["user"]).values_list("pk", "username"),
        "design": Design.objects.filter(pk__in=keys["design"]).values_list("pk", "name"),
    }
    return {f"{kind}:{key}": name for kind, of_kind in names.items() if keys[kind] for key, name in of_kind}


def lines_of(events: list[AuditEvent]) -> list[TrailLine]:
    """With what each correction changed, and held against the rows: two queries for each kind of fact among them."""
    earlier: dict[str, list[str]] = defaultdict(list)
    rows: dict[str, list[str]] = defaultdict(list)
    for event in events:
        if event.table_name in fact_tables():
            rows[event.table_name].append(event.row_id)
            if (before := (event.after or {}).get("supersedes_id")) is not None:
                earlier[event.table_name].append(before)
    known = {table: rows_of(table, [*keys, *earlier[table]]) for table, keys in rows.items()}
    names = subject_names(events)
    of_each = ((event, names.get(event.subject, event.subject)) for event in events)
    return [_line(event, known.get(event.table_name, {}), subject=name) for event, name in of_each]


def _line(event: AuditEvent, known: dict[str, dict[str, Any]], *, subject: str) -> TrailLine:
    if event.table_name not in fact_tables():
        before, after = event.before or {}, event.after or {}
        names = changed_fields(before, after) if event.action == "UPDATE" else []
        changes = [(name, before.get(name), after.get(name)) for name in names]
        return TrailLine(event=event, changes=changes, subject=subject)
    after, row = event.after or {}, known.get(event.row_id)
    before = known.get(after.get("supersedes_id") or "", {})
    names = changed_fields(before, after) if before and not after.get("withdrawn") else []
    differs = row is None or any(row[name] != value for name, value in after.items() if name in row)
    return TrailLine(
        event=event, changes=[(name, before.get(name), after[name]) for name in names], differs=differs,
        subject=subject,
    )  # fmt: skip

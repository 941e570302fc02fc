"""Who could do what in which study and site on a day: read from the audit trail, which knows what was true then."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import MAY, Act, Role
from crsmonitor.audit.models import AuditEvent
from crsmonitor.errors import NotFound
from regimens.models import Site, Study
from regimens.rules.wall_time import midnight
from regimens.selectors import studies_for

OPERATOR = "operator"  # of the administration: every study
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, order=True)
class Access:
    """One person in one role, from when until when on that day. Study and site "" are all of them."""

    study: str
    site: str
    person: str
    role: str
    since: datetime
    until: datetime

    @property
    def acts(self) -> list[Act]:
        """By the table of this version of the program. None for an operator: the administration is no act."""
        return sorted(MAY[Role(self.role)]) if self.role in list(Role) else []


@dataclass(frozen=True, slots=True)
class _State:
    """What a row said, from one change of it to the next."""

    row: dict[str, Any]
    span: Span


def access_on(day: date) -> list[Access]:
    """Everybody's, on this day of UTC."""
    begins = midnight(day, UTC)
    whole = (begins, begins + timedelta(days=1))
    people = list(_states("accounts_user", whole))
    studies = dict(Study.objects.values_list("pk", "code"))
    sites = dict(Site.objects.values_list("pk", "code"))
    rows = [
        Access("", "", one.row["username"], OPERATOR, *one.span)
        for one in people
        if one.row["is_active"] and (one.row["is_staff"] or one.row["is_superuser"])
    ]
    for membership in _states("regimens_membership", whole):
        row, span = membership.row, _until(membership.span, membership.row["ended_at"])
        for one in (one for one in people if one.row["id"] == row["user_id"] and one.row["is_active"]):
            both = max(span[0], one.span[0]), min(span[1], one.span[1])
            if both[0] < both[1]:
                place = studies[row["study_id"]], sites.get(row["site_id"], "")
                rows.append(Access(*place, one.row["username"], row["role"], *both))
    return sorted(_joined(rows))


def access_list(user: User, day: date) -> list[Access]:
    """An operator sees all, a data manager the own studies and who operates. NotFound for anybody else."""
    rows = access_on(day)
    if user.is_active and user.is_superuser:
        return rows
    mine = {"", *studies_for(user, Act.DRAFT).values_list("code", flat=True)}
    if len(mine) == 1:
        raise NotFound("no_such_page")
    return [row for row in rows if row.study in mine]


def _states(table: str, whole: Span) -> Iterator[_State]:
    changes = AuditEvent.objects.filter(table_name=table, at__lt=whole[1]).exclude(action="EVENT")
    rows: dict[str, list[tuple[datetime, dict[str, Any] | None]]] = {}
    for row_id, at, after in changes.order_by("row_id", "id").values_list("row_id", "at", "after"):
        rows.setdefault(row_id, []).append((at, after))
    for history in rows.values():
        for (since, row), (until, _) in pairwise([*history, (whole[1], None)]):
            span = max(since, whole[0]), min(until, whole[1])
            if row is not None and span[0] < span[1]:
                yield _State(row, span)


def _until(span: Span, ended_at: str | None) -> Span:
    return span if ended_at is None else (span[0], min(span[1], datetime.fromisoformat(ended_at)))


def _joined(rows: Iterable[Access]) -> Iterator[Access]:
    """One where a change of something else, such as a language, parted two."""
    last: Access | None = None
    for row in sorted(rows):
        same = last is not None and (last.study, last.site, last.person, last.role, last.until) == (
            row.study, row.site, row.person, row.role, row.since,
        )  # fmt: skip
        if last is not None and not same:
            yield last
        last = Access(row.study, row.site, row.person, row.role, last.since if same and last else row.since, row.until)
    if last is not None:
        yield last

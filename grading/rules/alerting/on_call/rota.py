"""Who is on call: shifts, and the hours that nobody covers. Pure; all times are UTC instants."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OnCallRole(StrEnum):
    """Who is called, in the order in which escalation usually names them."""

    ASSIGNED_NURSE = "assigned_nurse"
    CHARGE_NURSE = "charge_nurse"
    ON_CALL_INVESTIGATOR = "on_call_investigator"
    BACK_UP = "back_up"
    PRINCIPAL_INVESTIGATOR = "principal_investigator"


class NotCallable(StrEnum):
    """Why somebody on the rota counts as nobody there."""

    DEACTIVATED = "deactivated"  # the account
    MEMBERSHIP_ENDED = "membership_ended"  # or no role of the site that may answer
    NO_TESTED_CHANNEL = "no_tested_channel"


def why_not_callable(*, is_active: bool, may_answer: bool, tested: bool) -> NotCallable | None:
    """The first reason why nobody waits for this person's answer. None: she can be called."""
    if not is_active:
        return NotCallable.DEACTIVATED
    if not may_answer:
        return NotCallable.MEMBERSHIP_ENDED
    return None if tested else NotCallable.NO_TESTED_CHANNEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One person's role from `starts_at` up to, not including, `ends_at`."""

    on_call_role: OnCallRole
    person: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Nobody has this role from `starts_at` to `ends_at`."""

    on_call_role: OnCallRole
    starts_at: datetime
    ends_at: datetime


def keys_on_call(shifts: Iterable[Shift], on_call_role: OnCallRole, *, at: datetime) -> list[int]:
    """The people with this role at that instant, each once, by key."""
    return sorted({s.person for s in shifts if s.on_call_role is on_call_role and s.starts_at <= at < s.ends_at})


def gaps(shifts: Iterable[Shift], on_call_roles: Iterable[OnCallRole], *, start: datetime, end: datetime) -> list[Gap]:
    """The hours from `start` to `end` that no shift of a role covers, in order of role and time."""
    known = sorted(shifts, key=lambda s: s.starts_at)
    uncovered = []
    for on_call_role in on_call_roles:
        covered = start
        for shift in (s for s in known if s.on_call_role is on_call_role and s.ends_at > start and s.starts_at < end):
            if shift.starts_at > covered:
                uncovered.append(Gap(on_call_role=on_call_role, starts_at=covered, ends_at=shift.starts_at))
            covered = max(covered, shift.ends_at)
        if covered < end:
            uncovered.append(Gap(on_call_role=on_call_role, starts_at=covered, ends_at=end))
    return uncovered


@dataclass(frozen=True, slots=True, kw_only=True)
class NowAndNext:
    """Who has a role now, and the shifts that begin next, together. Either may be empty."""

    on_call_role: OnCallRole
    now: tuple[Shift, ...]
    next: tuple[Shift, ...]


def now_and_next(
    shifts: Iterable[Shift], on_call_roles: Iterable[OnCallRole], *, at: datetime
) -> tuple[NowAndNext, ...]:
    """For each role in the order given."""
    known = sorted(shifts, key=lambda s: (s.starts_at, s.ends_at, s.person))
    rows = []
    for role in on_call_roles:
        own = [s for s in known if s.on_call_role is role]
        begins = min((s.starts_at for s in own if s.starts_at > at), default=None)
        rows.append(
            NowAndNext(
                on_call_role=role,
                now=tuple(s for s in own if s.starts_at <= at < s.ends_at),
                next=tuple(s for s in own if s.starts_at == begins),
            )
        )
    return tuple(rows)

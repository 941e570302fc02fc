"""Who is on duty: shifts, and the hours that nobody covers. Pure; all times are UTC instants."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class Duty(StrEnum):
    """Who is called, in the order in which a ladder usually names them."""

    ASSIGNED_NURSE = "assigned_nurse"
    CHARGE_NURSE = "charge_nurse"
    ON_CALL_INVESTIGATOR = "on_call_investigator"
    BACK_UP = "back_up"
    PRINCIPAL_INVESTIGATOR = "principal_investigator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One person's duty from `starts_at` up to, not including, `ends_at`."""

    duty: Duty
    person: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Nobody has this duty from `starts_at` to `ends_at`."""

    duty: Duty
    starts_at: datetime
    ends_at: datetime


def on_duty(shifts: Iterable[Shift], duty: Duty, *, at: datetime) -> list[int]:
    """The people with this duty at that instant, each once, by key."""
    return sorted({s.person for s in shifts if s.duty is duty and s.starts_at <= at < s.ends_at})


def gaps(shifts: Iterable[Shift], duties: Iterable[Duty], *, start: datetime, end: datetime) -> list[Gap]:
    """The hours from `start` to `end` that no shift of a duty covers, in order of duty and time."""
    known = sorted(shifts, key=lambda s: s.starts_at)
    found = []
    for duty in duties:
        covered = start
        for shift in (s for s in known if s.duty is duty and s.ends_at > start and s.starts_at < end):
            if shift.starts_at > covered:
                found.append(Gap(duty=duty, starts_at=covered, ends_at=shift.starts_at))
            covered = max(covered, shift.ends_at)
        if covered < end:
            found.append(Gap(duty=duty, starts_at=covered, ends_at=end))
    return found


class NoSuchTime(ValueError):
    """A clock time that does not name one instant. `readings`: the instants it could mean; empty: it never was."""

    def __init__(self, readings: Sequence[datetime]) -> None:
        super().__init__("this time came twice" if readings else "this time did not exist")
        self.readings = tuple(readings)


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant in UTC that a naive clock time of the site names. Raises NoSuchTime on the nights of a change."""
    readings = [local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    if readings[0] == readings[1]:
        return readings[0]
    if readings[0].astimezone(zone).replace(tzinfo=None) != local:
        raise NoSuchTime([])
    raise NoSuchTime(readings)

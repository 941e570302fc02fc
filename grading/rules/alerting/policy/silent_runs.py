"""Why a silent run ends by itself. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FellOut(StrEnum):
    IN_FORCE = "in_force"  # the version itself was approved
    REPLACED = "replaced"  # another came into force: what it is held against is not in force any more
    EDITED = "edited"  # either version says something else than when it began
    UNREADABLE = "unreadable"  # the rules of this program do not read one of them


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsOfRun:
    """How the two versions of a run stand. Keys of versions; None: no policy is in force.

    `in_force_from`: since when that which is in force is.
    """

    silent: int
    against: int | None
    in_force: int | None
    in_force_from: datetime | None
    edited: bool
    unreadable: bool


def fell_out(versions: VersionsOfRun) -> FellOut | None:
    """None: it runs on."""
    if versions.in_force == versions.silent:
        return FellOut.IN_FORCE
    if versions.in_force != versions.against:
        return FellOut.REPLACED
    if versions.edited:
        return FellOut.EDITED
    return FellOut.UNREADABLE if versions.unreadable else None


def fell_out_at(versions: VersionsOfRun, *, begun_at: datetime, at: datetime) -> datetime:
    """When: where another policy came into force, as of then, else now. Never before it began."""
    moved = versions.in_force != versions.against and versions.in_force_from is not None
    return max(begun_at, versions.in_force_from if moved and versions.in_force_from is not None else at)

"""Premedication beside the dose it was given for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from grading.rules.periods import PREMEDICATION_WITHIN


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyDose:
    at: datetime
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """`dose` None: no study dose in the 24 h after it."""

    dose: StudyDose | None
    minutes: int | None


def before_which(given_at: datetime, doses: Iterable[StudyDose]) -> Before:
    """The first dose at or after the premedication, if it came within the hours in which it counts for one."""
    later: Sequence[StudyDose] = [dose for dose in doses if given_at <= dose.at <= given_at + PREMEDICATION_WITHIN]
    first = min(later, key=lambda dose: dose.at, default=None)
    if first is None:
        return Before(dose=None, minutes=None)
    return Before(dose=first, minutes=int((first.at - given_at).total_seconds() // 60))

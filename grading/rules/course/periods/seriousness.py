"""What the facts of an episode say of its seriousness and of how it came out. Pure.

Criteria: ICH E2A (II.B); their numbers, and those of the outcome, are the data elements E.i.3.2 and E.i.7 of ICH
E2B(R3). There a criterion is "true" or not answered, never "false": what no fact says is the investigator's to answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from grading.rules.grades.graded import DEATH

LIFE_THREATENING = 4  # convention: ASTCT grade 4; CTCAE 5.0 words its grade 4 of CRS as "life-threatening"
SHEET_FROM = 3  # the grade from which an episode has a sheet


class Criterion(StrEnum):
    DEATH = "E.i.3.2a"
    LIFE_THREATENING = "E.i.3.2b"
    HOSPITALISATION = "E.i.3.2c"
    DISABLING = "E.i.3.2d"
    CONGENITAL = "E.i.3.2e"
    MEDICALLY_IMPORTANT = "E.i.3.2f"


class EventOutcome(StrEnum):
    RESOLVED = "1"
    NOT_RESOLVED = "3"
    FATAL = "5"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCourse:
    """An episode as these rules see it. `grade`: the highest of what is computed and what a person holds.

    `ended_at` None: it was not over when it was last looked at. `died`: a death of it is on record.
    `in_bed_at_onset` None: nothing of any bed was recorded by then. `admitted_at`: beginnings of stays, in order.
    """

    grade: int
    started_at: datetime
    ended_at: datetime | None
    died: bool
    in_bed_at_onset: bool | None
    admitted_at: Sequence[datetime] = ()

    @property
    def is_fatal(self) -> bool:
        return self.died or self.grade >= DEATH


def has_sheet(*, computed: int, final: int, axis: int, provisional: bool, judged: bool) -> bool:
    """Whether an episode is of grade 3 or above, by the rules or by a person.

    A provisional one counts by what its signs would be until somebody judges it. `axis` is of a provisional one alone.
    """
    if provisional:
        return max(final, 0 if judged else axis) >= SHEET_FROM
    return max(computed, final) >= SHEET_FROM


def seriousness(event: EventCourse) -> Mapping[Criterion, str]:
    """Each criterion that the facts meet, with the code of why. One that is not in it: not recorded."""
    met: dict[Criterion, str] = {}
    if event.is_fatal:
        met[Criterion.DEATH] = "death_recorded"
    if event.grade >= LIFE_THREATENING and not event.is_fatal:
        met[Criterion.LIFE_THREATENING] = "grade_4"
    if admission(event) is not None:
        met[Criterion.HOSPITALISATION] = "admitted_after_onset"
    return met


def admission(event: EventCourse) -> datetime | None:
    """When somebody who was known to lie in no bed at the onset was admitted during the episode. None: not so."""
    if event.in_bed_at_onset is not False:
        return None
    until = event.ended_at
    during = (at for at in event.admitted_at if at > event.started_at and (until is None or at < until))
    return next(during, None)


def outcome(event: EventCourse) -> EventOutcome:
    """At the time of the last observation, as E.i.7 asks."""
    if event.is_fatal:
        return EventOutcome.FATAL
    return EventOutcome.NOT_RESOLVED if event.ended_at is None else EventOutcome.RESOLVED

"""The ladder: who is called when nobody answers, and when. Pure: every call is a due time kept in a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from grading.rules.alerting.on_call import OnCallRole

# The last rung is called again and again until somebody answers; so is everybody where there is no ladder.
REPEAT_EVERY = timedelta(minutes=10)
NURSES = (OnCallRole.ASSIGNED_NURSE, OnCallRole.CHARGE_NURSE)
TOGETHER_FROM_GRADE = 2  # the nurse and the on-call investigator are paged together (decisions, Alerts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedEscalation:
    """One step of a ladder. `wait`: how long it is given to answer before the next is called."""

    on_call_role: OnCallRole
    wait: timedelta


def for_nurses(ladder: Sequence[PlannedEscalation]) -> list[PlannedEscalation]:
    """The nurse first, then the charge nurse, as far as the ladder has them: for a look that did not come."""
    return sorted(
        (rung for rung in ladder if rung.on_call_role in NURSES), key=lambda rung: NURSES.index(rung.on_call_role)
    )


def roles_to_page(ladder: Sequence[PlannedEscalation], *, number: int, grade: int) -> tuple[OnCallRole, ...]:
    """Whom call `number` (0: the first) of an alert is for. Empty: there is no ladder, and everybody is called.

    Calls beyond the last rung repeat it. `grade` -1, a provisional episode, counts as 2.
    """
    if not ladder:
        return ()
    on_call_role = ladder[min(number, len(ladder) - 1)].on_call_role
    counted = 2 if grade < 0 else grade
    on_call = OnCallRole.ON_CALL_INVESTIGATOR
    together = number == 0 and counted >= TOGETHER_FROM_GRADE and on_call_role is not on_call
    return (on_call_role, on_call) if together else (on_call_role,)


def escalate_at(
    ladder: Sequence[PlannedEscalation], *, number: int, grade: int, due: datetime, at: datetime
) -> datetime | None:
    """When the call after `number` is due, which was itself due at `due` and made at `at`. None: there is none.

    A rung's wait counts from when its call was due, so that what ran late catches up; a repeat counts from when it
    was made, so that a long silence is not followed by all of them. At grade 1, and where no grade is told (0: a
    look that did not come), nothing is repeated.
    """
    if number < len(ladder) - 1:
        return due + ladder[number].wait
    return None if grade in (0, 1) else at + REPEAT_EVERY

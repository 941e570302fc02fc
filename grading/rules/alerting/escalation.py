"""Who is called when nobody answers, and when. Pure: every escalation is a due time kept in a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from grading.rules.alerting.on_call.rota import OnCallRole
from grading.rules.alerting.repeats import page_again_after

NURSES = (OnCallRole.ASSIGNED_NURSE, OnCallRole.CHARGE_NURSE)
TOGETHER_FROM_GRADE = 2  # the nurse and the on-call investigator are paged together (decisions, Alerts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedEscalation:
    """One escalation step. `wait`: how long it is given to answer before the next is called."""

    on_call_role: OnCallRole
    wait: timedelta


def for_nurses(steps: Sequence[PlannedEscalation]) -> list[PlannedEscalation]:
    """The nurse first, then the charge nurse, as far as the steps have them: for a look that did not come."""
    return sorted(
        (step for step in steps if step.on_call_role in NURSES), key=lambda step: NURSES.index(step.on_call_role)
    )


def roles_to_page(steps: Sequence[PlannedEscalation], *, number: int, grade: int) -> tuple[OnCallRole, ...]:
    """Whom step `number` (0: the first) of an alert is for. Empty: there are no steps, and everybody is called.

    What comes after the last step repeats it. `grade` -1, a provisional episode, counts as 2.
    """
    if not steps:
        return ()
    on_call_role = steps[min(number, len(steps) - 1)].on_call_role
    counted = 2 if grade < 0 else grade
    on_call = OnCallRole.ON_CALL_INVESTIGATOR
    together = number == 0 and counted >= TOGETHER_FROM_GRADE and on_call_role is not on_call
    return (on_call_role, on_call) if together else (on_call_role,)


def escalate_at(
    steps: Sequence[PlannedEscalation], *, number: int, grade: int, due: datetime, at: datetime, repeats: int = 0
) -> datetime | None:
    """When the step after `number` is due, which was itself due at `due` and taken at `at`. None: there is none.

    A step's wait counts from when it was due, so that what ran late catches up; a repeat counts from when it
    was taken, so that a long silence is not followed by all of them. The last step is taken again until somebody
    answers, and everybody is called again where there are no steps, less and less often; `repeats`: how often so far.
    At grade 1, and where no grade is told (0: a look that did not come), nothing is repeated.
    """
    if number < len(steps) - 1:
        return due + steps[number].wait
    return None if grade in (0, 1) else at + page_again_after(repeats)

"""What the policy says to do when tocilizumab did not help. It advises; nothing is done by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum


class RefractoryCode(StrEnum):
    STEROID_AFTER_ANTI_IL6 = "steroid_after_anti_il6"
    MANAGE_AS_NEXT_GRADE = "manage_as_next_grade"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefractoryRule:
    """`after_doses` and `at_latest_after`: of the first code. `hours`: of the second. None where it is not its own."""

    code: RefractoryCode
    kind: str
    source: str
    after_doses: int | None = None
    at_latest_after: int | None = None
    hours: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefractoryCourse:
    """One kind's grades around the last treating dose: at it (None: not known), and now (None: nobody looked since).

    `steroid_given`: one that treats, since the first of these doses.
    """

    kind: str
    doses: int
    last_at: datetime | None
    grade_then: int | None
    grade_now: int | None
    steroid_given: bool = False


def advised(rules: Iterable[RefractoryRule], course: RefractoryCourse, *, at: datetime) -> list[RefractoryRule]:
    """The rules that hold now: no better since the last dose, and not well.

    A steroid from `after_doses` doses on, once somebody looked and none was given; the next grade's management once
    `hours` have passed, also where nobody looked: not known is not better.
    """
    if course.last_at is None or is_better(then=course.grade_then, now=course.grade_now):
        return []
    advice = []
    for rule in (one for one in rules if one.kind == course.kind):
        asks = rule.after_doses is not None and course.doses >= rule.after_doses and not course.steroid_given
        if asks and course.grade_now is not None:
            advice.append(rule)
        if rule.hours is not None and at - course.last_at >= timedelta(minutes=int(rule.hours * 60)):
            advice.append(rule)
    return advice


def is_better(*, then: int | None, now: int | None) -> bool:
    """Whether the grade has fallen since, or is 0. None: not known, which is not better."""
    return now == 0 or (then is not None and now is not None and now < then)

"""Which records are compared with their source: by a study's plan, the same ones whoever looks, and whenever."""

from collections.abc import Iterable
from dataclasses import dataclass

from grading.rules.grades.sampling import is_drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingRule:
    """A record is in the sample by any of these; None: not by this.

    `grade_from`: a set that is of this grade or could be, as far as anybody looked. `every_nth`: the first of a kind
    that was entered for a participant, and each nth after it, so that a late entry moves no other. `percent`: so many
    of a hundred, drawn by the seed.
    """

    grade_from: int | None = None
    every_nth: int | None = None
    percent: int | None = None
    seed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """`root`: what it is known by; `place`: from 0, in the order in which the participant's of this kind were entered.
    `at_most`: the highest grade that its set could have; None: it has none."""

    root: str
    place: int
    at_most: int | None = None


def is_sampled(rule: SamplingRule, record: SourceRecord) -> bool:
    by_grade = (
        rule.grade_from is not None and record.at_most is not None and record.at_most >= rule.grade_from
    )  # fmt: skip
    by_count = rule.every_nth is not None and record.place % rule.every_nth == 0
    by_lot = rule.percent is not None and is_drawn(record.root, seed=rule.seed, percent=rule.percent)
    return by_grade or by_count or by_lot


def is_verified(filled: Iterable[str], marks: Iterable[str]) -> bool:
    """Whether the marks of a version cover it: one of the whole (""), or one of each field that says something."""
    marked = set(marks)
    fields = set(filled)
    return "" in marked or (bool(fields) and fields <= marked)

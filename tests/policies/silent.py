"""A silent run as the background job computes it, and the lines that it then holds."""

from grading.alerting.selectors.rota import escalation_steps_of
from grading.policies.silent.computing import compute, due_courses, unfinished_runs
from grading.policies.silent.selectors import courses_for
from tests.builders import hour


def tick(h: float) -> int:
    """As the background job does."""
    computed = 0
    for run in unfinished_runs(at=hour(h)):
        for due in due_courses(run, at=hour(h)):
            compute(run, due, at=hour(h), steps_of=escalation_steps_of)
            computed += 1
    return computed


def lines(world, run) -> list[tuple[str, str, int]]:
    courses = courses_for(world.investigator, run)
    return [(line.verdict.value, line.kind, line.grade) for one in courses for line in one.content.lines]

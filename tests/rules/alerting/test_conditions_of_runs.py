"""Of sets that say the same one after the other the first and the newest of all are enough (course/now.py)."""

from dataclasses import replace
from itertools import product

import pytest

from grading.policies.library import DEFAULT, read_policy
from grading.rules.alerting.conditions_due import called_for
from grading.rules.alerting.policy.conditions import read_conditions
from grading.rules.course.now import DrugGiven, GradedSet
from tests.rules.alerting.test_conditions_due import course, episode, steroid, toci

POLICY = read_policy(DEFAULT)
CONDITIONS = read_conditions(POLICY.thresholds, drugs=POLICY.drugs)
GRADES = (0, 1, 2, -1)  # -1: bounds 0 and 4


def thinned(sets: tuple[GradedSet, ...]) -> tuple[GradedSet, ...]:
    bounds = [None, *((one.at_least, one.at_most) for one in sets)]
    return tuple(
        one for before, one in zip(bounds, sets, strict=False)
        if before != (one.at_least, one.at_most) or one is sets[-1]
    )  # fmt: skip


@pytest.mark.parametrize(
    "drugs", [(), (steroid(5),), (toci(4),), (toci(1), steroid(9)), (toci(13),)], ids=lambda drugs: f"{len(drugs)}"
)
def test_they_call_for_the_same(drugs: tuple[DrugGiven, ...]):
    for grades in product(GRADES, repeat=4):
        for standing in (1, 2):
            whole = episode(*((3 * place, grade) for place, grade in enumerate(grades)), standing=standing)
            few = replace(whole, sets=thinned(whole.sets))

            of_few, of_whole = (called_for(CONDITIONS, course(one, drugs=drugs), POLICY.drugs) for one in (few, whole))
            assert of_few == of_whole, grades

"""Each worker of a run in several begins with tests of another kind, and none is lost."""

import itertools

import pytest

from tests.parts import in_parts

TESTS = [*(f"quick {n}" for n in range(17)), "browser 1", "fault 1", "long 1", "fault 2", "browser 2", "fault 3"]
KINDS = [lambda name, kind=kind: name.startswith(kind) for kind in ("fault", "browser", "long")]


def dealt(tests: list[str], workers: int) -> list[list[str]]:
    """As xdist deals them out at first: what is left, by those who have none yet."""
    left = iter(tests)
    sizes, rest = [], len(tests)
    for place in range(workers):
        sizes.append(rest // (workers - place))
        rest -= sizes[-1]
    return [list(itertools.islice(left, size)) for size in sizes]


def test_each_worker_begins_with_another_kind_in_its_order():
    faults, browsers, long, others = dealt(in_parts(TESTS, KINDS, 4), 4)

    assert faults[:4] == ["fault 1", "fault 2", "fault 3", "quick 0"]
    assert browsers[:3] == ["browser 1", "browser 2", "quick 2"]
    assert long[:2] == ["long 1", "quick 6"]
    assert others[0] == "quick 11"


@pytest.mark.parametrize("workers", range(1, 9))
def test_none_is_lost_or_comes_twice_and_the_others_keep_their_order(workers):
    order = in_parts(TESTS, KINDS, workers)

    assert sorted(order) == sorted(TESTS)
    assert [name for name in order if name.startswith("quick")] == [f"quick {n}" for n in range(17)]


def test_more_of_a_kind_than_a_part_holds_begin_the_next_part_too():
    tests = ["fault 1", "fault 2", "fault 3", "quick 0"]

    assert in_parts(tests, KINDS, 2) == tests

"""Kappa, weighted and not, by hand."""

import pytest

from grading.rules.grades.agreement import kappa, weighted_kappa


def test_a_table_worked_by_hand():
    """Ten pairs of grades 0, 1, 2 (rows: the first grader).

        0  1  2 | sum         seen: (0,1) 1 x 1, (1,2) 2 x 1, (2,0) 1 x 4 = 7, a mean of 0.7
    0   3  1  0 | 4           expected, squared differences by products of the sums over 10 x 10:
    1   0  2  2 | 4           0: 4 x (4 x 0 + 3 x 1 + 3 x 4) = 60
    2   1  0  1 | 2           1: 4 x (4 x 1 + 3 x 0 + 3 x 1) = 28
    sum 4  3  3               2: 2 x (4 x 4 + 3 x 1 + 3 x 0) = 38, together 126, a mean of 1.26
    """
    pairs = [(0, 0)] * 3 + [(0, 1)] + [(1, 1)] * 2 + [(1, 2)] * 2 + [(2, 0)] + [(2, 2)]

    assert weighted_kappa(pairs) == pytest.approx(1 - 0.7 / 1.26)  # 0.4444


@pytest.mark.parametrize(
    ("why", "pairs", "kappa"),
    [
        ("full agreement", [(0, 0), (2, 2), (4, 4)], 1),
        ("always the opposite", [(0, 1), (1, 0)], -1),
        ("one grader never varies: as good as chance", [(1, 1), (1, 3)], 0),
        ("far apart weighs more than near: 16 against 1", [(0, 4), (4, 4), (0, 0), (4, 0)], 0),
    ],
)
def test_the_edges(why, pairs, kappa):
    assert weighted_kappa(pairs) == pytest.approx(kappa), why


@pytest.mark.parametrize("pairs", [[], [(2, 3)], [(1, 1), (1, 1), (1, 1)]])
def test_too_few_pairs_or_no_variance_say_nothing(pairs):
    assert weighted_kappa(pairs) is None


def test_two_graders_without_variance_who_never_agree_are_at_chance():
    assert weighted_kappa([(1, 2), (1, 2)]) == pytest.approx(0)


def test_a_far_miss_costs_more_than_a_near_one():
    agreed = [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)]

    assert weighted_kappa([*agreed, (0, 4)]) < weighted_kappa([*agreed, (0, 1)])


def test_kappa_of_a_table_worked_by_hand():
    """Both yes 20, both no 15, the first alone yes 5, the second alone yes 10, of 50: seen 35 / 50 = 0.7.

    By chance 25 x 30 + 25 x 20 = 1250 of 2500: 0.5. (0.7 - 0.5) / (1 - 0.5) = 0.4.
    """
    pairs = [(1, 1)] * 20 + [(0, 0)] * 15 + [(1, 0)] * 5 + [(0, 1)] * 10

    assert kappa(pairs) == pytest.approx(0.4)


def test_kappa_counts_a_near_and_a_far_miss_alike():
    agreed = [(0, 0), (1, 1), (2, 2), (3, 3)]

    assert kappa([*agreed, (0, 2)]) == pytest.approx(kappa([*agreed, (0, 3)]))


@pytest.mark.parametrize(
    ("pairs", "value"),
    [([], None), ([(2, 3)], None), ([(1, 1)] * 3, None), ([(1, 2), (1, 2)], 0), ([(0, 1), (1, 0)], -1),
     ([(0, 0), (2, 2)], 1)],
)  # fmt: skip
def test_kappa_at_its_edges(pairs, value):
    assert kappa(pairs) == (None if value is None else pytest.approx(value))

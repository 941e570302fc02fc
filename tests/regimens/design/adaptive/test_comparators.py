"""BOIN, the CRM's skeleton and 3+3 by what their authors print."""

import pytest

from regimens.design.adaptive.comparators import (
    Boin,
    CohortMove,
    crm_skeleton,
    isotonic,
    three_plus_three,
    three_plus_three_mtd,
)


@pytest.mark.parametrize(("target", "lambda_e", "lambda_d"), [(0.25, 0.1968, 0.2984), (0.30, 0.2365, 0.3585)])
def test_c33_boin_boundaries_of_liu_and_yuan_2015_table_1(target, lambda_e, lambda_d):
    assert Boin.of(target).lambda_e == pytest.approx(lambda_e, abs=5e-5)
    assert Boin.of(target).lambda_d == pytest.approx(lambda_d, abs=5e-5)


@pytest.mark.parametrize(("n", "up", "down", "out"), [(3, 0, 1, 3), (6, 1, 2, 4), (9, 1, 3, 5), (12, 2, 4, 6)])
def test_boin_table_at_target_25_of_liu_and_yuan_2015(n, up, down, out):
    boin = Boin.of(0.25)

    assert (boin.escalate_at_most(n), boin.deescalate_at_least(n), boin.eliminate_at_least(n)) == (up, down, out)


@pytest.mark.parametrize(("target", "n", "out"), [
    (0.25, 2, None),  # from three participants
    (0.25, 3, 3),
    (0.5, 3, None),  # P(p > 0.5) after 3 of 3 is 1 - 0.5^4 = 0.9375
    (0.5, 4, 4),  # 1 - 0.5^5 = 0.96875
])  # fmt: skip
def test_a_dose_is_eliminated_where_events_enough_are_possible(target, n, out):
    assert Boin.of(target).eliminate_at_least(n) == out


@pytest.mark.parametrize(("events", "n", "move"), [
    (0, 3, CohortMove.UP), (1, 3, CohortMove.DOWN), (1, 6, CohortMove.UP), (2, 6, CohortMove.DOWN),
    (2, 9, CohortMove.STAY), (3, 9, CohortMove.DOWN),
])  # fmt: skip
def test_boin_moves_by_its_table(events, n, move):
    assert Boin.of(0.25).move(events, n) == move


def test_the_isotonic_estimate_is_the_plain_one_where_it_rises():
    assert isotonic([(0, 3), (4, 15), (4, 9)]) == pytest.approx([0.05 / 3.1, 4.05 / 15.1, 4.05 / 9.1])


def test_the_isotonic_estimate_pools_what_falls_by_its_precision():
    # The estimate y/m of a dose has the variance y (m - y) / (m^2 (m + 1)), with y = events + 0.05 and m = n + 0.1.
    weights = [3.1**2 * 4.1 / (1.05 * 2.05), 3.1**2 * 4.1 / (0.05 * 3.05)]
    pooled = (weights[0] * 1.05 / 3.1 + weights[1] * 0.05 / 3.1) / sum(weights)

    assert isotonic([(1, 3), (0, 3)]) == pytest.approx([pooled, pooled])


@pytest.mark.parametrize(("target", "counts", "mtd"), [
    (0.3, [(0, 3), (0, 3), (4, 15), (4, 9), (0, 0)], 2),  # the example of BOIN's own manual: dose level 3
    (0.25, [(0, 3), (0, 3)], 1),  # both below the target and equal: the higher
    (0.25, [(3, 3), (0, 0)], None),  # the lowest is eliminated
    (0.25, [(0, 6), (4, 6), (0, 3)], 0),  # the middle is, and all above it with it
    (0.25, [(0, 0), (1, 6)], 1),  # never given, never chosen
    (0.25, [(0, 0), (3, 3)], None),
])  # fmt: skip
def test_boin_chooses_the_dose_nearest_the_target(target, counts, mtd):
    assert Boin.of(target).mtd(counts) == mtd


def test_c32_skeleton_of_lee_and_cheung_2009():
    skeleton = crm_skeleton(target=0.3, halfwidth=0.05, level=4, levels=6)

    assert skeleton == pytest.approx([0.0625, 0.1225, 0.2040, 0.3000, 0.4018, 0.5013], abs=5e-5)


@pytest.mark.parametrize(("level", "place"), [(1, 0), (6, 5)])
def test_the_skeleton_has_its_target_at_either_end(level, place):
    skeleton = crm_skeleton(target=0.3, halfwidth=0.05, level=level, levels=6)

    assert skeleton[place] == 0.3
    assert skeleton == sorted(skeleton)
    assert len(skeleton) == 6


@pytest.mark.parametrize(("words", "counts", "at", "move"), [
    ("none of three: up", [(0, 3), (0, 0)], 0, CohortMove.UP),
    ("one of three: three more", [(1, 3), (0, 0)], 0, CohortMove.STAY),
    ("one of six: up", [(1, 6), (0, 0)], 0, CohortMove.UP),
    ("none of six: up", [(0, 6), (0, 0)], 0, CohortMove.UP),
    ("two of three: down", [(0, 3), (2, 3)], 1, CohortMove.DOWN),
    ("two of six: down", [(0, 3), (2, 6)], 1, CohortMove.DOWN),
    ("two of three at the lowest: none", [(2, 3), (0, 0)], 0, CohortMove.NONE),
    ("the dose above too toxic, three given here: three more", [(0, 3), (2, 3)], 0, CohortMove.STAY),
    ("the dose above too toxic, one of six here: the MTD", [(1, 6), (2, 3)], 0, CohortMove.MTD),
    ("none of three at the top: three more", [(0, 3), (0, 3)], 1, CohortMove.STAY),
    ("one of six at the top: the MTD", [(0, 3), (1, 6)], 1, CohortMove.MTD),
    ("down to a dose that nobody has had: three", [(0, 0), (2, 3)], 0, CohortMove.STAY),
])  # fmt: skip
def test_three_plus_three_of_storer_1989(words, counts, at, move):
    assert three_plus_three(counts, at) == move


@pytest.mark.parametrize(("counts", "mtd"), [
    ([(0, 3), (1, 3)], 0),  # one of three is not known to be fit
    ([(0, 3), (1, 6)], 1),
    ([(0, 3), (2, 6), (0, 3)], 0),  # never above one that was too toxic
    ([(1, 3), (0, 0)], None),
    ([(2, 3), (0, 3)], None),
])  # fmt: skip
def test_three_plus_three_that_must_end_early_says_what_it_knows(counts, mtd):
    assert three_plus_three_mtd(counts) == mtd

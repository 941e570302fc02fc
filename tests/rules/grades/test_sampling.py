"""A sample by a seed: what `printf SEED/KEY | sha256sum` says, as a fraction of 2^64."""

import pytest

from grading.rules.grades.sampling import is_drawn

# 729e8db2f8f2eed6 is 44.77 % of 2^64, 13f37bcaae37ff30 is 7.79 %, 269d545f2838e236 is 15.08 %.
BY_HAND = [("crs/a", 44, 45), ("crs/b", 7, 8), ("icans/a", 15, 16)]


@pytest.mark.parametrize(("key", "not_yet", "drawn"), BY_HAND)
def test_the_hash_as_a_fraction_is_below_the_percentage(key, not_yet, drawn):
    assert not is_drawn(key, seed="4711", percent=not_yet)
    assert is_drawn(key, seed="4711", percent=drawn)


def test_a_higher_percentage_draws_all_of_a_lower_one_and_about_so_many():
    keys = [f"crs/{place}" for place in range(2000)]
    drawn = {percent: {key for key in keys if is_drawn(key, seed="s", percent=percent)} for percent in (5, 20, 100)}

    assert drawn[5] < drawn[20] < drawn[100] == set(keys)
    assert 320 < len(drawn[20]) < 480  # 400, and 4.5 standard deviations of 17.9
    assert drawn[20] != {key for key in keys if is_drawn(key, seed="t", percent=20)}

"""A span of time as a number."""

from datetime import timedelta

import pytest

from regimens.rules.elapsed import whole_minutes


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(0, 0), (59, 0), (59.999999, 0), (60, 1), (119, 1), (3600, 60), (90_061, 1501)]
)
def test_a_minute_counts_once_it_is_over(seconds, minutes):
    assert whole_minutes(timedelta(seconds=seconds)) == minutes

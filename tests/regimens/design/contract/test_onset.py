"""The kind `onset`: a published product-limit curve, and each field."""

import pytest

from regimens.design.contract.kinds import answer
from tests.regimens.design.contract.faults import ABSENT, changed, fault

# Freireich EJ et al. Blood 1963;21:699-716: remission in weeks under 6-MP; + ends without an event.
FREIREICH = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
ROW = {"t_h": 6, "event": True}


def onset(written):
    rows = [{"t_h": float(one.strip("+")), "event": not one.endswith("+")} for one in written.split()]
    return answer("onset", {"times": rows})


def test_the_6_mp_arm_of_freireich():
    answered = onset(FREIREICH)
    curve = answered["curve"]

    assert [step["free"] for step in curve] == pytest.approx(
        [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], abs=1e-4
    )
    assert [(step["t_h"], step["at_risk"], step["events"]) for step in curve] == [
        (6, 21, 3), (7, 17, 1), (10, 15, 1), (13, 12, 1), (16, 11, 1), (22, 7, 1), (23, 6, 1)
    ]  # fmt: skip
    assert curve[0]["interval"] == pytest.approx([0.6197, 0.9516], abs=1e-4)
    assert curve[-1]["interval"] == pytest.approx([0.1881, 0.6801], abs=1e-4)
    assert answered["median_h"] == 23


def test_the_order_of_rows_changes_nothing():
    backwards = " ".join(reversed(FREIREICH.split()))

    assert onset(backwards)["curve"] == onset(FREIREICH)["curve"]


def test_nobody_free_has_no_interval():
    assert onset("1 2")["curve"][-1] == {"t_h": 2, "at_risk": 1, "events": 1, "free": 0, "interval": None}


@pytest.mark.parametrize(("written", "median"), [
    ("1+ 2+", None), ("1 2+ 2+", None), ("1 2+", 1), ("1 1 1 2 2 2", 1), ("1 2 3 4 5 6 7 8 9 10 11 12 13 14", 7)
])  # fmt: skip
def test_the_median_is_where_at_most_half_are_free(written, median):
    assert onset(written)["median_h"] == median


def test_without_an_event_there_is_no_curve():
    assert onset("1+ 2+")["curve"] == []


@pytest.mark.parametrize(("row", "expected"), [
    ({"t_h": ABSENT}, ("missing_field", "times[1].t_h")),
    ({"t_h": -0.1}, ("out_of_range", "times[1].t_h")),
    ({"t_h": 0}, None),
    ({"t_h": 24_000}, None),
    ({"t_h": 24_000.1}, ("out_of_range", "times[1].t_h")),
    ({"t_h": "6"}, ("invalid_type", "times[1].t_h")),
    ({"event": ABSENT}, ("missing_field", "times[1].event")),
    ({"event": 1}, ("invalid_type", "times[1].event")),
    ({"event": False}, None),
    ({"grade": 1}, ("unknown_field", "times[1].grade")),
])  # fmt: skip
def test_a_row_that_is_wrong(row, expected):
    assert fault("onset", {"times": [ROW, changed(ROW, **row)]}) == expected


@pytest.mark.parametrize(("case", "expected"), [
    ({}, ("missing_field", "times")),
    ({"times": []}, ("invalid_value", "times")),
    ({"times": [ROW] * 1000}, None),
    ({"times": [ROW] * 1001}, ("out_of_range", "times")),
])  # fmt: skip
def test_a_case_that_is_wrong(case, expected):
    assert fault("onset", case) == expected

"""Where things lie: the ends of an axis, gaps, layers that nobody asked for."""

import pytest

from regimens.charts.axes import Axis, day_marks, nice_step, upper_end
from regimens.charts.curves import Series, curve_chart
from regimens.charts.interval_rows import LayeredRow, interval_chart
from regimens.charts.reality_band import FirstDose, reality_band


def test_an_axis_lies_between_its_ends_and_what_is_beyond_lies_at_one():
    axis = Axis(low=0, high=10, start=100, end=200)
    decades = Axis(low=0.1, high=1000, start=0, end=400, log=True)

    assert [axis.at(value) for value in (-1, 0, 5, 10, 11)] == [100, 100, 150, 200, 200]
    assert [decades.at(value) for value in (0.01, 0.1, 1, 1000)] == [0, 0, 100, 400]
    assert [mark.value for mark in decades.marks()] == [0.1, 1, 10, 100, 1000]


@pytest.mark.parametrize(("least", "step"), [(0.03, 0.05), (1, 1), (1.1, 2), (6, 10), (0, 1)])
def test_marks_are_at_round_numbers(least, step):
    assert nice_step(least) == pytest.approx(step)


def test_the_upper_end_holds_all_and_is_never_zero():
    assert upper_end([0.237, 0.1], most=1.0) == pytest.approx(0.25)
    assert upper_end([], most=1.0) == upper_end([0.0]) == 1.0
    assert upper_end([0.97], most=1.0) == 1.0


def test_days_are_marked_by_weeks():
    marks = day_marks(Axis(low=0, high=61, start=0, end=61))

    assert [mark.value for mark in marks] == [*range(0, 57, 7)]


def test_what_could_not_be_solved_is_a_gap_and_not_zero():
    chart = curve_chart([Series(name="a", times_d=[0, 1, 2, 3], values=[1.0, None, 2.0, 4.0], doses_d=[0, 2])])

    assert chart.curves[0].path.count("M") == 2
    assert len(chart.curves[0].doses) == 2
    assert curve_chart([Series(name="a", times_d=[0, 1], values=[None, None])]).is_empty


def test_before_the_first_drug_a_logarithmic_curve_has_no_point():
    chart = curve_chart([Series(name="a", times_d=[0, 1, 2], values=[0.0, 10.0, 1000.0])], log=True)

    assert chart.curves[0].path.startswith("M")
    assert len(chart.curves[0].path.split(" ")) == 4  # two points of two numbers
    assert [mark.value for mark in chart.y_marks] == [10, 100, 1000]


def test_a_layer_that_nobody_asked_for_is_left_out():
    chart = interval_chart([
        LayeredRow(name="A", label="1", mean=0.1, people=(0.02, 0.2), chance=(0.0, 0.3)),
        LayeredRow(name="A", label="2", mean=None, typical=0.05),
    ])  # fmt: skip

    assert [bar.layer for bar in chart.rows[0].bars] == ["people", "chance"]
    assert chart.rows[0].bars[0].y < chart.rows[0].bars[1].y
    assert chart.rows[1].mean is None
    assert chart.rows[1].typical


def test_a_dose_without_a_concentration_is_named_and_not_placed():
    band = reality_band([FirstDose(name="SC", pm=None), FirstDose(name="this", pm=12.5, own=True)])

    assert [row.x is None for row in band.rows] == [True, False]
    assert band.band_x < band.rows[1].x < band.band_x + band.band_width


def test_a_dose_far_outside_is_still_on_the_picture():
    far = reality_band([FirstDose(name="mg for ug", pm=12_500_000.0, own=True)])

    assert far.rows[0].x == far.width - 20

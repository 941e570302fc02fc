"""Dose periods: numbered by actual start, half-open."""

from datetime import UTC, datetime, timedelta

from regimens.rules.periods import DoseTimes, periods


def day(d):
    return datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(days=d)


def dose(root, given, planned=None):
    """Days; `given` None: not given."""
    planned_at = day(given if planned is None else planned)
    return DoseTimes(root=root, given_at=None if given is None else day(given), planned_at=planned_at)


def period_rows(*doses):
    return [(one.root, one.number, one.started_at, one.ended_at) for one in periods(doses)]


def test_a_period_goes_from_its_dose_to_the_next():
    assert period_rows(dose("a", 0), dose("b", 7)) == [("a", 1, day(0), day(7)), ("b", 2, day(7), None)]


def test_the_number_is_that_of_the_actual_start_not_of_the_plan():
    assert period_rows(dose("late", 10, planned=0), dose("early", 7, planned=8)) == [
        ("early", 1, day(7), day(10)), ("late", 2, day(10), None)
    ]  # fmt: skip


def test_a_dose_not_given_is_numbered_by_its_planned_time_and_ends_no_period():
    assert period_rows(dose("c", 14), dose("skipped", None, planned=7), dose("a", 0)) == [
        ("a", 1, day(0), day(14)), ("skipped", 2, None, None), ("c", 3, day(14), None)
    ]  # fmt: skip


def test_at_one_time_the_dose_that_was_given_comes_first():
    rows = period_rows(dose("0 skipped", None, planned=7), dose("given", 7))

    assert [row[0] for row in rows] == ["given", "0 skipped"]


def test_two_of_one_instant_have_one_order_however_they_come_in():
    one, other = dose("a", 0), dose("b", 0)

    assert period_rows(one, other) == period_rows(other, one) == [("a", 1, day(0), day(0)), ("b", 2, day(0), None)]


def test_no_dose_no_period():
    assert period_rows() == []

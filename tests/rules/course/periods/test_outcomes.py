"""What a dose period came to, one row per sentence of the export's specification."""

from datetime import timedelta
from decimal import Decimal

import pytest

from regimens.rules.elapsed import hours
from tests.rules.course.periods.period_rows import after, at, concluded, episode, period, picked, seen

CRS = ("crs_any", "crs_episodes", "crs_recurrent", "crs_max_grade")


def test_observed_and_free_is_no_crs_of_grade_0():
    row = concluded()

    assert picked(row, *CRS, "crs_carried") == (False, 0, False, 0, False)
    assert picked(row, "crs_onset_at", "crs_max_at", "crs_ongoing", "crs_duration_h", "crs_resolved_at") == (None,) * 5


def test_nobody_looked_is_not_no_crs():
    row = concluded(row=period())

    assert picked(row, *CRS, "crs_carried", "icans_any", "icans_max_grade", "icans_duration_h") == (None,) * 8


def test_sets_that_were_all_indeterminate_say_nothing_about_crs():
    row = concluded(row=after(seen(1), definite=False, at_most=2))

    assert picked(row, *CRS) == (None,) * 4
    assert row.crs_carried is False


def test_an_episode_is_crs_whatever_the_sets_of_the_period_say():
    assert picked(concluded(episode(2), row=period()), *CRS) == (True, 1, False, 1)


def test_a_carried_episode_is_not_counted_as_one_of_this_period():
    assert picked(concluded(carried=True), *CRS, "crs_carried") == (False, 0, False, 0, True)
    assert concluded(carried=True, row=period()).crs_carried is True


def test_a_provisional_episode_is_not_crs():
    assert picked(concluded(episode(2, provisional="possible_masked_fever", grade=3)), *CRS) == (False, 0, False, 0)


def test_icans_is_not_crs_nor_crs_icans():
    row = concluded(episode(2, 8, kind="icans", grade=2))
    assert picked(row, *CRS) == (False, 0, False, 0)
    assert picked(row, "icans_any", "icans_max_grade", "icans_onset_at", "icans_duration_h") == (True, 2, at(2), 6)
    assert concluded(episode(2)).icans_any is None


@pytest.mark.parametrize(("own", "before", "recurrent"), [([episode(2)], True, True), ([episode(2)], False, False),
                                                          ([], True, False)])  # fmt: skip
def test_crs_is_recurrent_where_there_was_crs_in_an_earlier_period(own, before, recurrent):
    assert concluded(*own, crs_before=before).crs_recurrent is recurrent


def test_two_episodes_are_one_row():
    """The worst grade with its own moment; onset of the first; durations of all and of the first."""
    row = concluded(episode(10, 20, grade=1), episode(60, 66, grade=3, max_at=63))

    assert picked(row, *CRS) == (True, 2, False, 3)
    assert picked(row, "crs_onset_at", "crs_max_at", "crs_resolved_at", "crs_ongoing") == (
        at(10),
        at(63),
        at(66),
        False,
    )
    assert picked(row, "crs_duration_h", "crs_first_duration_h") == (16, 10)


def test_of_two_of_one_grade_the_first_reached_it_first():
    assert concluded(episode(10, 20, grade=2), episode(60, 66, grade=2)).crs_max_at == at(10)


def test_while_one_is_open_there_is_no_end_and_no_whole_duration():
    row = concluded(episode(10, 20), episode(60))

    assert picked(row, "crs_resolved_at", "crs_ongoing", "crs_duration_h") == (None, True, None)
    assert row.crs_first_duration_h == 10


def test_what_an_episode_could_have_been_at_most_is_kept():
    assert concluded(episode(2, grade=1, at_most=4)).crs_at_most == 4
    assert concluded(episode(2, grade=1, at_most=2), row=after(seen(1), at_most=3)).crs_at_most == 3
    assert concluded(episode(2, at_most=2), episode(40, at_most=4), episode(80, at_most=1)).crs_at_most == 4


def test_icans_observed_and_free_is_none_of_grade_0():
    row = period()
    row.see_neuro(ice=10, capd=None, definite=True)

    assert picked(concluded(row=row), "icans_any", "icans_max_grade", "icans_onset_at") == (False, 0, None)


def test_examinations_that_were_all_indeterminate_say_nothing_about_icans():
    row = period()
    row.see_neuro(ice=None, capd=None, definite=False)

    assert picked(concluded(row=row), "icans_any", "icans_max_grade") == (None, None)


def test_the_hours_with_icans_are_those_of_all_its_episodes():
    row = concluded(episode(2, 8, kind="icans"), episode(40, 41.5, kind="icans", grade=3))
    assert picked(row, "icans_max_grade", "icans_onset_at", "icans_duration_h") == (3, at(2), Decimal("7.5"))
    assert concluded(episode(2, kind="icans")).icans_duration_h is None


@pytest.mark.parametrize(
    ("seconds", "text"), [(3600, "1.00"), (18, "0.01"), (17, "0.00"), (5418, "1.51"), (5382, "1.50"), (0, "0.00")]
)
def test_elapsed_hours_have_two_decimals_half_up(seconds, text):
    assert str(hours(timedelta(seconds=seconds))) == text

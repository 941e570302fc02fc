"""Which episodes bear on which period: its own, and CRS of an earlier dose that was not over at this one."""

from grading.course.dose_periods.final_outcomes import remember
from grading.course.memory import Memory
from grading.rules.course.episodes import CourseEpisode
from grading.rules.course.events import CRS, ICANS
from grading.rules.course.final_outcome import EpisodeAssessments
from grading.rules.course.periods.row import PeriodRow
from grading.rules.course.periods.settling import settle_rows
from grading.rules.grades.final import Word
from tests.builders import hour

WEEK = 168
NOBODY = EpisodeAssessments()


def period(number: int) -> PeriodRow:
    """From this dose until a week later, and looked at."""
    return PeriodRow(
        dose_number=number, started_at=hour((number - 1) * WEEK), ended_at=hour(number * WEEK), vitals_recorded=6,
        crs_definite=6, icans_definite=6, crs_max_grade=0, crs_peak=0,
    )  # fmt: skip


def episode(root: str, dose: int, begins: float, ends: float | None, *, grade: int = 2, kind: str = CRS):
    return CourseEpisode(
        kind=kind, root=root, started_at=hour(begins), ended_at=None if ends is None else hour(ends), max_grade=grade,
        at_most=grade, max_at=hour(begins), dose_root=f"dose {dose}",
    )  # fmt: skip


def overridden(root: str, to: int, *, of: int = 2) -> EpisodeAssessments:
    return EpisodeAssessments({(CRS, root): [Word(grade=to, about=of, about_at_most=of)]})


def settled(*episodes: CourseEpisode, words: EpisodeAssessments = NOBODY, doses: int = 3):
    """The periods of so many doses, a week apart, and what bears on the last."""
    periods = [period(number) for number in range(1, doses + 1)]
    bearing = settle_rows([(f"dose {one.dose_number}", one) for one in periods], episodes, words)
    return periods, bearing


def flags(periods: list[PeriodRow]) -> list[tuple[bool | None, bool | None, bool | None]]:
    return [(one.crs_final_any, one.crs_final_carried, one.crs_final_recurrent) for one in periods]


def test_an_episode_is_of_the_dose_it_came_after_and_carried_into_that_at_which_it_was_open():
    periods, _ = settled(episode("e", 1, 4, WEEK + 2))

    assert flags(periods) == [(True, False, False), (False, True, False), (False, False, False)]
    assert [one.crs_final_grade for one in periods] == [2, 0, 0]


def test_one_that_is_over_at_the_instant_of_the_dose_was_not_open_at_it():
    periods, bearing = settled(episode("e", 1, 4, WEEK), doses=2)

    assert flags(periods)[1] == (False, False, False)
    assert bearing is not None
    assert [one.episode.root for one in bearing.earlier] == ["e"]  # it touches the dose, for what was reached in it


def test_crs_after_crs_of_an_earlier_dose_is_recurrent_and_the_first_is_not():
    periods, _ = settled(episode("first", 1, 4, 30), episode("third", 3, 2 * WEEK + 4, None, grade=1))

    assert flags(periods) == [(True, False, False), (False, False, False), (True, False, True)]


def test_two_episodes_of_one_dose_make_neither_recurrent():
    periods, _ = settled(episode("one", 1, 4, 30), episode("two", 1, 60, 90, grade=1))

    assert flags(periods)[0] == (True, False, False)
    assert (periods[0].crs_final_episodes, periods[0].crs_final_grade) == (2, 2)


def test_what_was_finally_no_crs_is_neither_carried_nor_makes_another_recurrent():
    episodes = episode("none", 1, 4, WEEK + 2), episode("third", 3, 2 * WEEK + 4, None)

    periods, _ = settled(*episodes, words=overridden("none", 0))

    assert flags(periods) == [(False, False, False), (False, False, False), (True, False, False)]


def test_icans_is_of_its_period_alone_and_makes_no_crs_nor_that_of_a_later_dose_recurrent():
    icans, crs = episode("i", 1, 4, None, grade=3, kind=ICANS), episode("c", 2, WEEK + 4, None)
    periods, bearing = settled(icans, crs, doses=2)

    assert [one.icans_final_grade for one in periods] == [3, 0]
    assert flags(periods) == [(False, False, False), (True, False, False)]
    assert bearing is not None
    assert bearing.earlier == []


def test_without_a_dose_nothing_bears_on_anything_and_nothing_is_remembered():
    periods, bearing = settled(episode("e", 1, 4, None), doses=0)
    memory = Memory(earlier=[episode("old", 1, 4, None)], crs_before_final=True)

    remember(memory, NOBODY, bearing)

    assert (periods, bearing) == ([], None)
    assert (memory.earlier, memory.crs_before_final, memory.assessments) == ([], False, NOBODY)


def test_the_running_period_remembers_what_was_open_at_its_dose_and_whether_there_was_crs_before():
    carried, words = episode("carried", 1, 4, None), overridden("carried", 1)
    _, bearing = settled(carried, episode("own", 2, WEEK + 4, None), words=words, doses=2)
    memory = Memory()

    remember(memory, words, bearing)

    assert (memory.earlier, memory.crs_before_final, memory.assessments) == ([carried], True, words)

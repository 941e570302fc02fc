"""The final grades that the tables hold are those of `rules/grades/final.py`, whichever way they came there."""

from itertools import product

import pytest

from grading.models import DosePeriod, Episode, GradeAssessment
from grading.recording.rederiving import rederive_participant
from grading.rules.course.episodes import CourseEpisode
from grading.rules.course.final_outcome import EpisodeAssessments
from grading.rules.grades.final import DerivedGrade, Word, final_of
from tests.builders import HOUR_0, dose, draft, hour, kept, neuro, vitals

GRADES = (0, 1, 2, 4)
WORDS = [(None, 1, 1), (0, 1, 1), (4, 1, 2), (1, 4, 4), (0, 0, 2), (2, 0, None), (None, 0, 4)]
CASES = list(product(("", "flag"), GRADES, GRADES, [None, *WORDS], [None, *WORDS]))
SHOCK = {"hypotension": True, "vasopressors": ["norepinephrine"]}


def test_what_is_judged_of_a_provisional_episode_is_the_grade_of_its_axis():
    for flag, grade, most, *spoken in CASES:
        words = [Word(grade=g, about=a, about_at_most=m) for g, a, m in filter(None, spoken)]
        least, axis = (0, max(grade, most)) if flag else (grade, 0)
        episode = CourseEpisode(
            kind="crs", root="r", provisional=flag, started_at=HOUR_0, max_at=HOUR_0, max_grade=least, axis_grade=axis,
            at_most=max(grade, most),
        )  # fmt: skip
        known = EpisodeAssessments({("crs", "r"): words} if words else {})

        final = known.final_of(episode)

        now = DerivedGrade(at_least=least, at_most=max(grade, most), unsettled=bool(flag))
        assert (final.final, final.on_file) == (final_of(now, words), bool(words)), (flag, grade, most, spoken)


def judge(world, grade, h, *, kind="crs", **columns):
    root = Episode.objects.filter(kind=kind).order_by("started_at").first().root
    word = {"agrees": False, "grade": grade, "because": "sepsis"}
    return kept(draft(GradeAssessment, world, h, about="episode", about_root=root, kind=kind, ledger="investigator",
                      **word | columns), world, by=world.investigator).fact  # fmt: skip


def is_as_derived(world, h):
    """Whether a derivation from the first fact finds nothing to mend."""
    return rederive_participant(world.participant.pk, check=True, at=hour(h)).differences == ()


@pytest.mark.long
@pytest.mark.django_db
def test_a_judgement_a_set_after_it_and_a_derivation_leave_the_same_rows(world):
    kept(dose(world), world)
    kept(vitals(world, 4, **SHOCK), world)
    kept(vitals(world, 6, temperature_c=38.6), world)
    kept(neuro(world, 7, ice_writing=False), world)
    first = judge(world, 2, 8)
    assert is_as_derived(world, 8)

    kept(vitals(world, 9, temperature_c=38.6, **SHOCK), world)  # continued: worse than when it was judged
    assert is_as_derived(world, 9)
    judge(world, 3, 10, kind="icans")
    kept(dose(world, 12, step=1), world)  # with both carried into it
    kept(vitals(world, 13, temperature_c=38.6), world)
    assert is_as_derived(world, 13)

    judge(world, 2, 14, supersedes=first, withdrawn=True, reason="a mistake")
    assert is_as_derived(world, 14)
    judge(world, 0, 15)
    kept(vitals(world, 11, temperature_c=38.6, reason="late"), world, at=hour(16))  # from a checkpoint
    for h in (17, 29, 41, 42):
        kept(vitals(world, h), world)
    assert is_as_derived(world, 42)


@pytest.mark.django_db
def test_a_judgement_that_nobody_told_the_tables_is_found_by_a_check(world):
    kept(dose(world), world)
    kept(vitals(world, 4, temperature_c=38.6), world)
    judge(world, 0, 5)
    Episode.objects.update(final_grade=1)
    DosePeriod.objects.update(crs_final_grade=1)

    violations = rederive_participant(world.participant.pk, check=True, at=hour(6)).differences

    assert {(one.table, one.column, one.stored, one.derived) for one in violations} == {
        ("Episode", "final_grade", 1, 0),
        ("DosePeriod", "crs_final_grade", 1, 0),
    }

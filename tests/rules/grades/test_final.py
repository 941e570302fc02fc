"""A judgement holds while the derived grade is not above the one it was about (Rulings 2; cases J1, J2, J3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.grades.final import DerivedGrade, Final, Word, final_of


def episode(grade: int, most: int | None = None) -> DerivedGrade:
    return DerivedGrade(at_least=grade, at_most=grade if most is None else most)


def provisional(axis: int) -> DerivedGrade:
    return DerivedGrade(at_least=0, at_most=axis, unsettled=True)


def word(grade: int | None, *, about: int, most: int | None = None) -> Word:
    return Word(grade=grade, about=about, about_at_most=about if most is None else most)


def held(grade: int) -> Final:
    return Final(grade=grade, judged=True)


def again(grade: int) -> Final:
    return Final(grade=grade, again=True)


ROWS = [
    ("nobody judged", episode(2), [], Final(grade=2)),
    ("J1 a rise after an override down", episode(3), [word(0, about=1)], again(3)),
    ("J1 while it has not risen", episode(1), [word(0, about=1)], held(0)),
    ("J2 a rise after a confirmation", episode(4), [word(None, about=3)], again(4)),
    ("J2 while it has not risen", episode(3), [word(None, about=3)], held(3)),
    ("J3 a fall after an override up", episode(0), [word(2, about=1)], held(2)),
    ("J3 a rise after an override up to what was said", episode(2), [word(2, about=1)], again(2)),
    ("J3 a rise after an override up beyond it", episode(3), [word(2, about=1)], again(3)),
    ("a rise after an override up that stays below it lowers nothing", episode(2), [word(4, about=1)], again(4)),
    ("a correction down after a confirmation follows the derived grade", episode(2), [word(None, about=3)], held(2)),
    ("a correction down after an override down keeps what was said", episode(2), [word(1, about=3)], held(1)),
    ("judged again at the higher grade", episode(3), [word(3, about=3)], held(3)),
    ("central first", episode(3), [word(1, about=3), word(4, about=3)], held(1)),
    ("central holds no more, the investigator judged since", episode(3), [word(0, about=1), word(2, about=3)], held(2)),
    ("neither holds", episode(3), [word(0, about=1), word(2, about=2)], again(3)),
    ("provisional: its axis has not risen", provisional(2), [word(0, about=0, most=2)], held(0)),
    ("provisional: its axis has risen", provisional(4), [word(0, about=0, most=2)], again(0)),
    ("provisional: what was said to be CRS stays so", provisional(4), [word(2, about=0, most=2)], again(2)),
    ("provisional: agreed that it is none", provisional(2), [word(None, about=0, most=2)], held(0)),
    ("provisional: judged before its axis was kept", provisional(2), [Word(grade=0, about=0)], again(0)),
    ("provisional that a late fever makes CRS", episode(2), [word(0, about=0, most=2)], again(2)),
    ("CRS that a correction makes provisional", provisional(2), [word(3, about=2)], held(3)),
    ("a set that cannot be told, as it was judged", DerivedGrade(at_least=0, at_most=2, unsettled=True),
     [word(0, about=-1, most=2)], held(0)),
    ("the same, worse since", DerivedGrade(at_least=2, at_most=4, unsettled=True),
     [word(1, about=-1, most=2)], again(2)),
    ("the same, completed within what it could be", episode(2), [word(1, about=-1, most=2)], held(1)),
    ("the same, completed beyond it", episode(3), [word(1, about=-1, most=2)], again(3)),
]  # fmt: skip


@pytest.mark.parametrize(("now", "words", "final"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_judgement_holds_while_the_derived_grade_is_not_above_what_it_was_about(now, words, final):
    assert final_of(now, words) == final


GRADES = st.integers(0, 5)
WORDS = st.lists(st.builds(Word, grade=st.none() | GRADES, about=GRADES, about_at_most=st.none() | GRADES), max_size=2)


@given(GRADES, GRADES, WORDS)
def test_above_every_word_the_final_grade_is_never_below_the_derived_one(grade, more, words):
    now = episode(grade, min(5, grade + more))
    final = final_of(now, words)

    assert final.judged or final.grade >= grade
    assert final.judged == any(grade <= word.about for word in words)


@given(GRADES, WORDS)
def test_nobody_s_word_is_lost_without_asking_again(grade, words):
    final = final_of(episode(grade), words)

    assert (final.judged or final.again) == bool(words)

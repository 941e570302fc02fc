"""What a dose period says of "this grade or above": one row a sentence of the convention."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.evidence.hours import HoursSummary, summary_of
from grading.rules.evidence.outcomes import PeriodOutcome, PeriodSyndrome, counted, worst_of

EVENT, UNKNOWN, OPEN, CUT_SHORT, NO_EVENT = PeriodOutcome


def period(any_grade, grade, *, over=True, end=True, settled=True):
    return PeriodSyndrome(any_grade=any_grade, grade=grade, is_over=over, ran_to_end=end, is_settled=settled)


@pytest.mark.parametrize(
    ("sentence", "of", "from_grade", "outcome"),
    [
        ("an event counts at once, in an open period too", period(True, 2, over=False, end=False), 1, EVENT),
        ("an event is one also where its grade is not known", period(True, None), 1, EVENT),
        ("none, and run to its end, is none", period(False, 0), 1, NO_EVENT),
        ("an open period is never none", period(False, 0, over=False, end=False), 1, OPEN),
        ("nor is it once it would have run to its end", period(False, 0, over=False, end=True), 1, OPEN),
        ("one that ended early is no none", period(False, 0, end=False), 1, CUT_SHORT),
        ("nobody looked: not known", period(None, None), 1, UNKNOWN),
        ("not known, also in an open period", period(None, None, over=False), 1, UNKNOWN),
        ("a lower grade is none of the higher", period(True, 1), 2, NO_EVENT),
        ("the grade itself is one", period(True, 2), 2, EVENT),
        ("a lower grade of an episode that goes on may still rise", period(True, 1, settled=False), 2, OPEN),
        ("of an event without a grade a higher one is not known", period(True, None), 3, UNKNOWN),
        ("a lower grade in a period that ended early", period(True, 1, end=False), 3, CUT_SHORT),
    ],
)
def test_each_sentence(sentence, of, from_grade, outcome):
    assert of.outcome(from_grade) is outcome, sentence


@given(
    any_grade=st.sampled_from([True, False, None]), grade=st.sampled_from([None, 0, 1, 2, 3]),
    end=st.booleans(), settled=st.booleans(), from_grade=st.integers(1, 4),
)  # fmt: skip
def test_no_open_period_is_ever_without_an_event(any_grade, grade, end, settled, from_grade):
    open_period = period(any_grade, grade, over=False, end=end, settled=settled)

    assert open_period.outcome(from_grade) is not NO_EVENT


def test_a_participant_counts_once_by_the_worst_of_the_periods():
    assert worst_of([NO_EVENT, EVENT, OPEN]) is EVENT
    assert worst_of([NO_EVENT, OPEN]) is OPEN
    assert worst_of([OPEN, UNKNOWN, CUT_SHORT]) is UNKNOWN
    assert worst_of([CUT_SHORT, NO_EVENT]) is CUT_SHORT
    with pytest.raises(ValueError):
        worst_of([])


def test_what_is_not_known_is_in_no_proportion():
    counts = counted([EVENT, NO_EVENT, NO_EVENT, OPEN, UNKNOWN, CUT_SHORT])

    assert (counts.received, counts.known, counts.proportion.x, counts.proportion.n) == (6, 3, 1, 3)
    assert counted([OPEN, UNKNOWN]).proportion is None


def test_the_median_lies_in_the_middle_or_halfway_between_the_two():
    hours = [Decimal(one) for one in ("4", "-1.5", "2")]

    assert summary_of(hours) == HoursSummary(n=3, median=Decimal(2), least=Decimal("-1.5"), most=Decimal(4))
    assert summary_of([*hours, Decimal(3)]).median == Decimal("2.5")
    assert summary_of([]) is None

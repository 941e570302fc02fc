"""What a dose period counts as against a prediction: one row a sentence of the convention."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.evidence.dose_outcomes import DoseOutcome, dose_outcome
from grading.rules.evidence.outcomes import PeriodSyndrome

EVENT, CLEAR, OPEN, UNDETERMINABLE = DoseOutcome


def period(any_grade, grade, *, over=True, end=True, settled=True):
    return PeriodSyndrome(any_grade=any_grade, grade=grade, is_over=over, ran_to_end=end, is_settled=settled)


@pytest.mark.parametrize(
    ("sentence", "of", "from_grade", "carried", "goes_on", "outcome"),
    [
        ("an event counts at once", period(True, 2, over=False, end=False), 1, False, True, EVENT),
        ("an event is one whatever was carried in", period(True, 2), 2, True, True, EVENT),
        ("an event is one also where its grade is not known", period(True, None), 1, False, True, EVENT),
        ("none, to the next dose, is clear", period(False, 0), 1, False, True, CLEAR),
        ("none, through the window, with no next dose yet", period(False, 0, over=False), 1, False, True, CLEAR),
        ("what goes on is open", period(False, 0, over=False, end=False), 1, False, True, OPEN),
        ("also before anybody looked", period(None, None, over=False, end=False), 1, None, True, OPEN),
        ("nobody looked until its end", period(None, None), 1, None, True, UNDETERMINABLE),
        ("observation ended before the window did", period(False, 0, end=False), 1, False, False, UNDETERMINABLE),
        ("CRS was carried in: no new one could begin", period(False, 0), 1, True, True, UNDETERMINABLE),
        ("whether it was is not known", period(False, 0), 1, None, True, UNDETERMINABLE),
        ("a lower grade is clear of the higher", period(True, 1), 2, False, True, CLEAR),
        ("while it goes on it may rise", period(True, 1, settled=False), 2, False, True, OPEN),
        ("and never will be known once observation ended", period(True, 1, settled=False), 2, False, False,
         UNDETERMINABLE),
        ("of an event without a grade a higher one is not known", period(True, None), 2, False, True, UNDETERMINABLE),
    ],
)  # fmt: skip
def test_each_sentence(sentence, of, from_grade, carried, goes_on, outcome):
    assert dose_outcome(of, from_grade, carried=carried, observation_goes_on=goes_on) is outcome, sentence


@given(
    any_grade=st.sampled_from([True, False, None]), grade=st.sampled_from([None, 0, 1, 2, 3]), over=st.booleans(),
    end=st.booleans(), settled=st.booleans(), carried=st.sampled_from([True, False, None]), goes_on=st.booleans(),
    from_grade=st.integers(1, 4),
)  # fmt: skip
def test_clear_is_only_what_somebody_saw_to_its_end(any_grade, grade, over, end, settled, carried, goes_on, from_grade):
    of = period(any_grade, grade, over=over, end=end, settled=settled)

    if dose_outcome(of, from_grade, carried=carried, observation_goes_on=goes_on) is CLEAR:
        assert (end, settled, carried) == (True, True, False)
        assert grade in range(from_grade)
        assert any_grade is not None


def test_known_is_an_event_or_clear():
    assert [one for one in DoseOutcome if one.is_known] == [EVENT, CLEAR]

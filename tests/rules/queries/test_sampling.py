"""Which records are drawn: by grade, by count, by lot, each on its edge; and what counts as verified."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.queries.sampling import SamplingRule, SourceRecord, is_sampled, is_verified

ROOT = "00000000-0000-0000-0000-000000000001"


@pytest.mark.parametrize(
    ("rule", "record", "drawn"),
    [
        (SamplingRule(), SourceRecord(root=ROOT, place=0, at_most=4), False),
        (SamplingRule(grade_from=2), SourceRecord(root=ROOT, place=1, at_most=1), False),
        (SamplingRule(grade_from=2), SourceRecord(root=ROOT, place=1, at_most=2), True),
        (SamplingRule(grade_from=2), SourceRecord(root=ROOT, place=1), False),
        (SamplingRule(every_nth=3), SourceRecord(root=ROOT, place=0), True),
        (SamplingRule(every_nth=3), SourceRecord(root=ROOT, place=2), False),
        (SamplingRule(every_nth=3), SourceRecord(root=ROOT, place=3), True),
        (SamplingRule(percent=100, seed="a"), SourceRecord(root=ROOT, place=1), True),
        (SamplingRule(grade_from=2, every_nth=3), SourceRecord(root=ROOT, place=3, at_most=0), True),
    ],
)
def test_a_record_is_drawn_by_any_rule(rule, record, drawn):
    assert is_sampled(rule, record) is drawn


@given(st.uuids().map(str), st.integers(1, 99), st.text(min_size=1, max_size=10))
def test_a_lot_does_not_change_and_a_higher_percentage_draws_no_fewer(root, percent, seed):
    record = SourceRecord(root=root, place=1)
    drawn = is_sampled(SamplingRule(percent=percent, seed=seed), record)

    assert drawn is is_sampled(SamplingRule(percent=percent, seed=seed), SourceRecord(root=root, place=7))
    assert is_sampled(SamplingRule(percent=percent + 1, seed=seed), record) >= drawn


def test_a_quarter_of_many_is_about_a_quarter():
    rule = SamplingRule(percent=25, seed="visit 1")
    drawn = sum(is_sampled(rule, SourceRecord(root=str(uuid.UUID(int=n)), place=1)) for n in range(4000))

    assert 900 < drawn < 1100


@pytest.mark.parametrize(
    ("filled", "marks", "verified"),
    [
        ((), (), False), (("sbp",), (), False), (("sbp",), ("",), True), ((), ("",), True),
        (("sbp", "dbp"), ("sbp",), False), (("sbp", "dbp"), ("dbp", "sbp", "spo2"), True),
    ],
)  # fmt: skip
def test_the_whole_or_each_field_that_says_something(filled, marks, verified):
    assert is_verified(filled, marks) is verified

"""Tocilizumab by the guideline: "8 mg/kg, not above 800 mg", "every 8 h as needed; no more than 3 doses in 24 h; at
most 4 in total", "not within 8 h of the previous dose (including a prophylactic one)"."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.drugs.names import generic
from grading.rules.treatment.tocilizumab import (
    Excess,
    Limits,
    NoDose,
    Standing,
    TocilizumabDose,
    counts,
    dose_for,
    excesses,
    standing,
)

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
GUIDELINE = Limits(
    mg_per_kg=Decimal(8),
    cap_mg=Decimal(800),
    low_weight_below_kg=Decimal(30),
    low_weight_mg_per_kg=None,
    per_24_h=3,
    in_all=4,
    prophylaxis_counts=True,
    interval_h=Decimal(8),
)


def at(h, minutes=0):
    return START + timedelta(hours=h, minutes=minutes)


def dose(h, indication="crs", minutes=0):
    return TocilizumabDose(at=at(h, minutes), indication=indication)


@pytest.mark.parametrize(
    ("kg", "mg", "capped"),
    [
        ("70", "560", False),
        ("71.5", "572", False),
        ("99.9", "799.2", False),
        ("100", "800", False),  # 8 mg/kg reaches 800 mg at 100 kg
        ("100.1", "800", True),
        ("140", "800", True),
        ("30", "240", False),  # the low dose is for below 30 kg
    ],
)
def test_the_dose_is_8_mg_per_kg_and_800_mg_at_most(kg, mg, capped):
    dose = dose_for(Decimal(kg), GUIDELINE)

    assert (dose.mg, dose.capped, dose.why) == (Decimal(mg), capped, None)


def test_without_a_weight_there_is_no_dose():
    assert dose_for(None, GUIDELINE).why is NoDose.NO_WEIGHT


def test_below_30_kg_the_dose_is_not_known_until_a_study_sets_it():
    dose = dose_for(Decimal("29.9"), GUIDELINE)

    assert (dose.mg, dose.why) == (None, NoDose.LOW_WEIGHT)
    assert dose_for(Decimal("29.9"), replace(GUIDELINE, low_weight_mg_per_kg=Decimal(12))).mg == Decimal("358.8")


@pytest.mark.parametrize(
    ("h", "minutes", "expected"),
    [(7, 59, (Excess.TOO_EARLY,)), (8, 0, ()), (8, 1, ())],
    ids=["a minute too early", "8 h to the minute", "later"],
)
def test_the_next_dose_is_8_h_after_the_one_before(h, minutes, expected):
    assert excesses(dose(h, minutes=minutes), [dose(0)], GUIDELINE) == expected


def test_6_h_is_a_parameter():
    assert excesses(dose(6), [dose(0)], replace(GUIDELINE, interval_h=Decimal(6))) == ()


@pytest.mark.parametrize("indication", ["prophylaxis", "premedication"])
def test_the_interval_is_kept_after_a_prophylactic_dose_too(indication):
    assert excesses(dose(7), [dose(0, indication)], replace(GUIDELINE, prophylaxis_counts=False)) == (Excess.TOO_EARLY,)


def test_the_third_dose_in_24_h_is_allowed_and_the_fourth_is_not():
    often = replace(GUIDELINE, interval_h=Decimal(6), in_all=9)

    assert excesses(dose(12), [dose(0), dose(6)], often) == ()
    assert excesses(dose(18), [dose(0), dose(6), dose(12)], often) == (Excess.TOO_MANY_IN_24_H,)
    assert excesses(dose(23, minutes=59), [dose(0), dose(6), dose(12)], often) == (Excess.TOO_MANY_IN_24_H,)
    assert excesses(dose(24), [dose(0), dose(6), dose(12)], often) == ()


def test_the_fourth_dose_in_all_is_allowed_and_the_fifth_is_not():
    three = [dose(0), dose(30), dose(60)]

    assert excesses(dose(90), three, GUIDELINE) == ()
    assert excesses(dose(120), [*three, dose(90)], GUIDELINE) == (Excess.TOO_MANY_IN_ALL,)


def test_whether_a_prophylactic_dose_counts_is_a_parameter():
    four = [dose(0, "prophylaxis"), dose(30), dose(60), dose(90)]

    assert excesses(dose(120), four, GUIDELINE) == (Excess.TOO_MANY_IN_ALL,)
    assert excesses(dose(120), four, replace(GUIDELINE, prophylaxis_counts=False)) == ()
    assert not counts(four[0], replace(GUIDELINE, prophylaxis_counts=False))


def test_a_dose_entered_late_is_held_against_those_after_it():
    assert excesses(dose(0), [dose(7)], GUIDELINE) == (Excess.TOO_EARLY,)
    later = [dose(8), dose(16), dose(23, minutes=30)]
    assert excesses(dose(0), later, replace(GUIDELINE, in_all=9)) == (Excess.TOO_MANY_IN_24_H,)


def test_before_any_dose_nothing_stands_against_it():
    assert standing([], GUIDELINE, at=at(0)) == Standing(left_in_24_h=3, left_in_all=4, next_at=None)
    assert standing([], GUIDELINE, at=at(0)).is_eligible(at(0))


def test_after_one_dose_the_next_is_eligible_at_8_h():
    now = standing([dose(0)], GUIDELINE, at=at(1))

    assert now == Standing(left_in_24_h=2, left_in_all=3, next_at=at(8))
    assert [now.is_eligible(at(7, 59)), now.is_eligible(at(8))] == [False, True]


def test_after_three_in_24_h_the_next_waits_for_the_first_to_fall_out():
    three = [dose(0), dose(6), dose(12)]
    often = replace(GUIDELINE, interval_h=Decimal(6))

    assert standing(three, often, at=at(13)) == Standing(left_in_24_h=0, left_in_all=1, next_at=at(24))
    assert standing(three, often, at=at(23, 59)).left_in_24_h == 0
    assert standing(three, often, at=at(24)).left_in_24_h == 1


def test_the_later_of_interval_and_count_decides():
    assert standing([dose(0), dose(8), dose(20)], GUIDELINE, at=at(21)).next_at == at(28)


def test_after_four_in_all_there_is_no_next_dose():
    now = standing([dose(0), dose(30), dose(60), dose(90)], GUIDELINE, at=at(500))

    assert (now.is_reached, now.next_at, now.left_in_24_h, now.is_eligible(at(999))) == (True, None, 0, False)


def test_what_is_left_in_24_h_is_never_more_than_what_is_left_in_all():
    assert standing([dose(0), dose(30), dose(60)], GUIDELINE, at=at(500)).left_in_24_h == 1


def test_a_dose_yet_to_come_is_not_counted():
    assert standing([dose(0), dose(9)], GUIDELINE, at=at(1)).left_in_all == 3


@given(st.lists(st.integers(0, 100), max_size=5, unique=True), st.integers(0, 60))
def test_a_dose_at_its_time_exceeds_nothing(hours, wait):
    """The next eligible time and the excesses are one rule."""
    doses = [dose(h) for h in hours]
    now = standing(doses, GUIDELINE, at=at(101))
    if not now.is_reached:
        when = max(now.next_at or at(101), at(101)) + timedelta(minutes=wait)
        assert excesses(TocilizumabDose(at=when, indication="crs"), doses, GUIDELINE) == ()


@given(st.decimals("1", "200", places=1), st.decimals("0", "50", places=1))
def test_more_weight_never_means_less_drug(kg, more):
    free = replace(GUIDELINE, low_weight_below_kg=None)

    assert dose_for(kg, free).mg <= dose_for(kg + more, free).mg <= 800


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" Tocilizumab ", "tocilizumab"),
        ("tocilizumab-aazg", "tocilizumab"),
        ("RoActemra", "tocilizumab"),
        ("Actemra", "tocilizumab"),
        ("Dexamethasone", "dexamethasone"),
        ("tocilizumabum", "tocilizumabum"),
    ],
)
def test_one_drug_has_one_name(typed, name):
    assert generic(typed) == name

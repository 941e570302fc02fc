"""Milligrams of dexamethasone, the ladder, and what follows when tocilizumab did not help."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from grading.policies.library import read_policy
from grading.rules.treatment.refractory import RefractoryCode, RefractoryCourse, advised
from grading.rules.treatment.steroids import (
    DEXAMETHASONE_MG,
    Bucket,
    SteroidGiven,
    bucket,
    dexamethasone_mg,
    ladder_at,
    running,
    totals,
)

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RULES = read_policy().drugs


def given(h, dose, drug="dexamethasone", indication="crs", unit="mg"):
    amount = None if dose is None else Decimal(dose)
    return SteroidGiven(at=START + timedelta(hours=h), drug=drug, dose=amount, unit=unit, indication=indication)


# The factors of the export's specification, which are those of the published table.
FACTORS = {
    "dexamethasone": "1", "betamethasone": "1", "methylprednisolone": "0.1875", "triamcinolone": "0.1875",
    "prednisone": "0.15", "prednisolone": "0.15", "hydrocortisone": "0.0375",
}  # fmt: skip


def test_the_table_is_that_of_the_export():
    assert {drug: Decimal(factor) for drug, factor in FACTORS.items()} == DEXAMETHASONE_MG


@pytest.mark.parametrize(
    ("drug", "dose", "unit", "mg"),
    [
        ("hydrocortisone", "20", "mg", "0.75"),  # hydrocortisone 20 = prednisolone 5 = methylprednisolone 4
        ("prednisolone", "5", "mg", "0.75"),
        ("methylprednisolone", "4", "mg", "0.75"),
        ("dexamethasone", "0.75", "mg", "0.75"),
        ("methylprednisolone", "1", "g", "187.5"),
        ("methylprednisolone", "1", "mg/kg", None),
        ("dexamethasone", None, "mg", None),
        ("cortisone", "25", "mg", None),
    ],
)
def test_a_dose_in_milligrams_of_dexamethasone(drug, dose, unit, mg):
    milligrams = dexamethasone_mg(drug, None if dose is None else Decimal(dose), unit)

    assert milligrams == (None if mg is None else Decimal(mg))


@pytest.mark.parametrize(
    ("indication", "place"),
    [
        ("crs", "crs"),
        ("icans", "icans"),
        ("premedication", "premedication"),
        ("prophylaxis", "other"),
        ("other", "other"),
    ],
)
def test_totals_are_kept_apart_by_what_it_was_given_for(indication, place):
    assert bucket(indication) == place


def test_a_running_total_by_indication_in_order_of_time():
    lines = running(
        [
            given(12, "10"),
            given(0, "16", indication="premedication"),
            given(6, "10"),
            given(18, "4", indication="icans"),
        ]
    )

    assert [(line.bucket, line.mg, line.total_mg) for line in lines] == [
        (Bucket.PREMEDICATION, 16, 16), (Bucket.CRS, 10, 10), (Bucket.CRS, 10, 20), (Bucket.ICANS, 4, 4)]  # fmt: skip
    assert [(total.bucket, total.doses, total.mg) for total in totals(lines)] == [
        ("crs", 2, 20), ("icans", 1, 4), ("premedication", 1, 16)]  # fmt: skip


def test_a_dose_that_cannot_be_converted_is_told_beside_the_total():
    lines = running([given(0, "10"), given(6, None)])

    assert (lines[1].mg, lines[1].total_mg) == (None, 10)
    assert [(total.mg, total.not_known) for total in totals(lines)] == [(10, 1)]


def test_a_taper_is_a_dose_worth_less_than_the_one_before():
    lines = running([given(0, "10"), given(6, "10"), given(12, "8", "prednisone"), given(18, "4")])

    assert [line.is_less for line in lines] == [False, False, True, False]


def test_the_ladder_of_the_default_policy():
    crs_3 = ladder_at(RULES.ladder, kind="crs", grade=3)
    crs_4 = ladder_at(RULES.ladder, kind="crs", grade=4)

    assert [(s.drug, s.dose, s.every_h) for s in crs_3] == [("dexamethasone", 10, 6)]
    # "500 mg IV q12h x3 d, 250 mg q12h x2 d, 125 mg q12h x2 d, 60 mg q12h until G1"
    assert [(s.dose, s.every_h, s.days, s.until_grade) for s in crs_4] == [
        (500, 12, 3, None), (250, 12, 2, None), (125, 12, 2, None), (60, 12, None, 1)]  # fmt: skip
    assert [(s.dose, s.every_h, s.until_grade) for s in ladder_at(RULES.ladder, kind="icans", grade=2)] == [(10, 6, 1)]
    assert [(s.every_h, s.every_at_most_h) for s in ladder_at(RULES.ladder, kind="icans", grade=3)] == [(6, 12)]


@pytest.mark.parametrize(("kind", "grade"), [("crs", 1), ("crs", 2), ("icans", 1), ("icans", 4)])
def test_a_grade_for_which_nothing_was_found_has_no_step(kind, grade):
    assert ladder_at(RULES.ladder, kind=kind, grade=grade) == []


STEROID, NEXT = RefractoryCode.STEROID_AFTER_ANTI_IL6, RefractoryCode.MANAGE_AS_NEXT_GRADE


@pytest.mark.parametrize(
    ("doses", "then", "now", "h", "expected"),
    [
        (0, 2, 2, 30, []),
        (1, 2, 2, 1, [STEROID]),
        (1, 2, 1, 1, []),  # better
        (1, 2, 3, 1, [STEROID]),
        (1, 2, 0, 30, []),  # well
        (1, 2, 2, 23.99, [STEROID]),
        (1, 2, 2, 24, [STEROID, NEXT]),
        (1, 2, None, 1, []),  # nobody looked since: not known whether it helped
        (1, 2, None, 24, [NEXT]),  # and not known is not better
        (1, None, 2, 24, [STEROID, NEXT]),
        (1, 2, 1, 24, []),
    ],
)
def test_no_better_after_tocilizumab(doses, then, now, h, expected):
    course = RefractoryCourse(kind="crs", doses=doses, last_at=START if doses else None, grade_then=then, grade_now=now)

    assert [rule.code for rule in advised(RULES.refractory, course, at=START + timedelta(hours=h))] == expected


def test_a_steroid_that_was_given_is_not_advised_again():
    course = RefractoryCourse(kind="crs", doses=1, last_at=START, grade_then=2, grade_now=2, steroid_given=True)

    assert advised(RULES.refractory, course, at=START + timedelta(hours=1)) == []
    assert [rule.code for rule in advised(RULES.refractory, course, at=START + timedelta(hours=24))] == [NEXT]


def test_the_rules_of_one_kind_are_not_the_other_s():
    course = RefractoryCourse(kind="icans", doses=1, last_at=START, grade_then=2, grade_now=2)

    assert [rule.code for rule in advised(RULES.refractory, course, at=START + timedelta(hours=48))] == [STEROID]

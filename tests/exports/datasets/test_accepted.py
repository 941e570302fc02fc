"""RSACPTFL (SDTMIG 3.4, RS): where several evaluate, Y on the record that is accepted. Ours is the final grade."""

from uuid import uuid4

import pytest

from grading.exports.datasets.keys_of_rules import accepted_of
from grading.models import GradeAssessment, VitalSigns
from grading.review.selectors.assessments import Ledgers
from grading.rules.grades.final import DerivedGrade
from tests.builders import draft, hour, kept, vitals
from tests.exports.datasets.test_adam import of

pytestmark = pytest.mark.django_db
FEVER = "2026-03-03T20:00:00+08:00"  # the set of grade 2, 27 h after dose 1


def flags(trial, at=FEVER):
    """Of the grades of CRS that were made about that time or since: evaluator, grade, accepted."""
    return [
        (row["RSEVAL"], row["RSORRES"], row["RSACPTFL"])
        for row in of(trial, "rs")
        if row["RSTESTCD"] == "CRSGR" and (row["RSDTC"] == at or row["RSEVAL"] != "ALGORITHM")
    ]


def test_each_set_has_one_accepted_grade_and_a_score_has_none(trial):
    rows = of(trial, "rs")

    graded = [row["RSACPTFL"] for row in rows if row["RSEVAL"] == "ALGORITHM"]
    assert graded == ["Y"] * 10  # six sets of vital signs, four neuro assessments
    assert {row["RSACPTFL"] for row in rows if row["RSTESTCD"] in ("CONSC", "CAPDTOT")} == {""}
    assert flags(trial) == [("ALGORITHM", "2", "Y"), ("INVESTIGATOR", "2", "Y")]  # of the set, of the episode


def test_a_judgement_of_a_set_is_accepted_in_place_of_the_rules_until_the_set_is_worse(trial):
    root = next(row["RSSPID"] for row in of(trial, "rs") if row["RSDTC"] == FEVER)
    answers = {"about": "set", "about_root": root, "kind": "crs", "agrees": False, "because": "rigors of a transfusion"}
    kept(draft(GradeAssessment, trial, 30, ledger="nurse", grade=0, **answers), trial)
    kept(draft(GradeAssessment, trial, 31, ledger="investigator", grade=1, **answers), trial, by=trial.investigator)

    judged = [("INVESTIGATOR", "2", "Y"), ("NURSE", "0", ""), ("INVESTIGATOR", "1", "Y")]
    assert flags(trial) == [("ALGORITHM", "2", ""), *judged]

    # It was grade 3 (a vasopressor ran): above what was judged, of the set and of the episode.
    seen = VitalSigns.objects.get(root=root)
    worse = {"temperature_c": 38.6, "sbp": 85, "hypotension": True, "vasopressors": ["norepinephrine"]}
    kept(vitals(trial, 27, supersedes=seen, reason="left out", **worse), trial, at=hour(32))

    assert flags(trial) == [
        ("ALGORITHM", "3", "Y"), *((who, grade, "") for who, grade, _ in judged)]  # fmt: skip


def word(ledger, grade, *, about, about_at_most=None):
    return GradeAssessment(ledger=ledger, grade=grade, agrees=grade is None, derived_grade=about,
                           derived_at_most=about_at_most)  # fmt: skip


def ledgers(at_least, *words):
    now = DerivedGrade(at_least=at_least, at_most=at_least)
    return Ledgers(about="episode", root=uuid4(), kind="crs", derived=at_least, now=now,
                   **{one.ledger: one for one in words})  # fmt: skip


CENTRAL, INVESTIGATOR = word("central", 1, about=2), word("investigator", 3, about=2)


@pytest.mark.parametrize(
    ("why", "all_of", "expected"),
    [
        ("central review comes before the investigator", ledgers(2, INVESTIGATOR, CENTRAL), CENTRAL),
        ("the investigator's where nobody else judged", ledgers(2, INVESTIGATOR), INVESTIGATOR),
        ("a nurse's word decides nothing", ledgers(2, word("nurse", 4, about=2)), None),
        ("above what was judged the rules' is final", ledgers(4, INVESTIGATOR, CENTRAL), None),
        ("a higher grade that was said is not lowered by a course that got worse", ledgers(3, four := word(
            "investigator", 4, about=2)), four),
    ],
)  # fmt: skip
def test_whose_is_accepted(why, all_of, expected):
    assert accepted_of(all_of) is expected, why
    final = all_of.outcome.grade
    assert final == (all_of.derived if expected is None else expected.grade)

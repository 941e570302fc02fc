"""Outcomes of dose periods, counted by hand from the facts of tests/evidence/conftest.py."""

from datetime import timedelta

import pytest

from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput
from grading.evidence.outcomes import outcomes
from grading.rules.evidence.dose_outcomes import DoseOutcome
from grading.safety.scope import review_scope
from tests.builders import build_world, hour, kept, vitals
from tests.evidence.conftest import WEEK, WINDOW

pytestmark = pytest.mark.django_db
EVENT, CLEAR, OPEN, UNDETERMINABLE = DoseOutcome
SOON = hour(WEEK + WINDOW - 1)  # the windows of second doses are not over
LATER = hour(WEEK + WINDOW)  # they are
# number, place -> any grade, grade 2 and above, at LATER
EXPECTED = {
    (1, 1): (EVENT, EVENT), (1, 2): (CLEAR, CLEAR),
    (2, 1): (EVENT, CLEAR), (2, 2): (UNDETERMINABLE, UNDETERMINABLE),  # a dose after which nobody looked
    (3, 1): (UNDETERMINABLE, UNDETERMINABLE), (3, 2): (CLEAR, CLEAR),
    (4, 1): (CLEAR, CLEAR), (5, 1): (CLEAR, CLEAR),
    (6, 1): (UNDETERMINABLE, UNDETERMINABLE), (7, 1): (UNDETERMINABLE, UNDETERMINABLE),
    (8, 1): (CLEAR, CLEAR), (8, 2): (CLEAR, CLEAR), (8, 3): (CLEAR, CLEAR), (9, 1): (EVENT, CLEAR),
    (9, 2): (UNDETERMINABLE, UNDETERMINABLE),  # CRS of dose 1 was carried in
    (10, 1): (UNDETERMINABLE, UNDETERMINABLE),
}  # fmt: skip

STILL_OPEN = {(1, 2), (2, 2), (3, 2), (8, 3), (9, 2)}  # at SOON


def seen_by(user, *, cut=None, at=LATER):
    return outcomes(review_scope(user, "DEMO"), cut=cut, at=at)


def table_of(seen):
    return {(int(one.number[-3:]), one.place): (one.crs_any, one.crs_grade2) for one in seen.periods}


def test_each_case_counts_as_it_was_counted_by_hand(cases):
    seen = seen_by(cases.investigator)

    assert table_of(seen) == EXPECTED
    first = seen.periods[0]
    assert (first.grade, str(first.onset_h), str(first.observed_h)) == (2, "27.00", "68.00")
    assert (first.tocilizumab, first.steroid, first.step, first.site) == (True, False, "STEP-UP 1", "DEMO-TPE")
    places = [(one.place, one.step) for one in seen.periods if one.number == "DEMO-008"]
    assert places == [(1, "STEP-UP 1"), (2, "STEP-UP 1"), (3, "STEP-UP 2")]


def test_what_time_alone_changes_is_open_before_and_known_after(cases):
    soon = table_of(seen_by(cases.investigator, at=SOON))

    assert {key for key, value in soon.items() if value != EXPECTED[key]} == STILL_OPEN
    assert {soon[key] for key in STILL_OPEN} == {(OPEN, OPEN)}


@pytest.mark.long
def test_a_late_entry_and_its_correction_move_it_and_a_cut_tells_what_was_known_then(cases):
    """A fever of participant 4 at hour 30, entered at hour 241, taken back at hour 242."""
    before = seen_by(cases.investigator)
    fourth = cases.study.participants.get(number="DEMO-004")
    fever = vitals(cases, 30, temperature_c=38.9, participant=fourth, reason="from paper")
    late = kept(fever, cases, at=LATER + timedelta(hours=1)).fact
    after = seen_by(cases.investigator, at=LATER + timedelta(hours=1))
    then = seen_by(cases.investigator, cut=LATER, at=LATER + timedelta(hours=1))
    gone = vitals(cases, 30, temperature_c=38.9, participant=fourth, supersedes=late, reason="no", withdrawn=True)
    kept(gone, cases, at=LATER + timedelta(hours=2))
    again = seen_by(cases.investigator, at=LATER + timedelta(hours=2))

    assert table_of(after)[4, 1][0] is EVENT
    assert after.digest != before.digest
    assert (then.cut, then.digest, table_of(then)) == (LATER, before.digest, EXPECTED)
    assert (again.digest, table_of(again)) == (before.digest, EXPECTED)


def test_who_is_blinded_is_told_places_alone(cases):
    open_label = seen_by(cases.central)
    with acting(by="test", reason="blinded"):
        cases.study.blinded = True
        cases.study.save()
    blinded = seen_by(cases.central)

    assert {(one.step, one.site) for one in open_label.periods} == {("STEP-UP 1", ""), ("STEP-UP 2", "")}
    assert {(one.step, one.site, one.cohort, one.regimen, one.dose_mg) for one in blinded.periods} == {
        ("", "", "", None, None)
    }
    assert table_of(blinded) == EXPECTED


def test_a_study_without_doses_has_none_and_a_cut_ahead_is_refused(cases):
    other = build_world("OTHER")

    empty = outcomes(review_scope(other.investigator, "OTHER"), cut=None, at=LATER)
    assert empty.periods == ()
    with pytest.raises(InvalidInput):
        seen_by(cases.investigator, cut=LATER + timedelta(hours=1))

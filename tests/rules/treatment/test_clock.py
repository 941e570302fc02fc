"""The clock of a threshold, what runs, and premedication beside its dose."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from grading.rules.treatment.clock import Stage, StartedTreatment, clock
from grading.rules.treatment.premedication import Before, StudyDose, before_which
from grading.rules.treatment.running import TreatmentRun, hours_on_any

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def at(minutes):
    return START + timedelta(minutes=minutes)


def started(minutes, drug="tocilizumab", drug_class="anticytokine", indication="crs", ordered=None):
    order = None if ordered is None else at(ordered)
    return StartedTreatment(at=at(minutes), drug=drug, drug_class=drug_class, indication=indication, ordered_at=order)


def ticks(code="tocilizumab", *, sent=(), answered=None, treatments=(), until=None):
    tick_list = clock(
        code,
        crossed_at=at(0),
        entered_at=at(3),
        sent=[None if one is None else at(one) for one in sent],
        answered_at=None if answered is None else at(answered),
        treatments=treatments,
        until=None if until is None else at(until),
    )
    return {tick.stage: (tick.since_crossed, tick.since_before) for tick in tick_list}


def test_crossed_paged_answered_ordered_started():
    tick_list = ticks(sent=[5, None, 4], answered=9, treatments=[started(40, ordered=15)])

    assert tick_list == {
        Stage.CROSSED: (0, 0), Stage.ENTERED: (3, 3), Stage.PAGED: (4, 1), Stage.ANSWERED: (9, 5),
        Stage.ORDERED: (15, 6), Stage.STARTED: (40, 25),
    }  # fmt: skip


def test_a_stage_that_has_not_come_is_empty_and_the_next_counts_from_the_one_before():
    tick_list = ticks(sent=[None], treatments=[started(40)])

    assert tick_list[Stage.PAGED] == tick_list[Stage.ANSWERED] == tick_list[Stage.ORDERED] == (None, None)
    assert tick_list[Stage.STARTED] == (40, 37)


@pytest.mark.parametrize(
    "other",
    [
        started(-1),
        started(40, indication="prophylaxis"),
        started(40, "anakinra"),
        started(40, "dexamethasone", "corticosteroid"),
        started(60),  # at the end of the episode
    ],
    ids=["before", "prophylaxis", "another anticytokine", "a steroid", "after"],
)
def test_only_what_was_asked_for_starts_it(other):
    assert ticks(treatments=[other], until=60)[Stage.STARTED] == (None, None)


def test_the_first_one_starts_it():
    assert ticks(treatments=[started(50), started(0)])[Stage.STARTED] == (0, -3)


def test_any_corticosteroid_answers_its_threshold():
    one = started(30, "prednisolone", "corticosteroid", "icans")

    assert ticks("corticosteroid", treatments=[one])[Stage.STARTED] == (30, 27)


def test_minutes_are_whole_ones_that_have_passed():
    tick_list = ticks(treatments=[started(7.99)])

    assert tick_list[Stage.STARTED] == (7, 4)


def run(h, until=None, drug="norepinephrine"):
    return TreatmentRun(
        drug=drug, drug_class="vasopressor", started_at=START + timedelta(hours=h),
        ended_at=None if until is None else START + timedelta(hours=until),
    )  # fmt: skip


def test_hours_of_one_run_end_at_its_stop_or_now():
    assert run(0, 5).hours(START + timedelta(hours=9)) == Decimal("5.00")
    assert run(0, 5).hours(START + timedelta(hours=2)) == Decimal("2.00")
    assert run(0).hours(START + timedelta(hours=9)) == Decimal("9.00")
    assert run(4).hours(START) == Decimal("0.00")


def test_two_at_once_count_once():
    runs = [run(6, 8), run(0, 4), run(2, 5), run(3, 4), run(20)]

    assert hours_on_any(runs, at=START + timedelta(hours=10)) == Decimal("7.00")  # 0 to 5, 6 to 8


DOSES = [StudyDose(at=START, label="STEP-UP 1"), StudyDose(at=START + timedelta(days=7), label="STEP-UP 2")]


@pytest.mark.parametrize(
    ("h", "expected"),
    [
        (-1, Before(dose=DOSES[0], minutes=60)),
        (0, Before(dose=DOSES[0], minutes=0)),
        (-24, Before(dose=DOSES[0], minutes=1440)),
        (-24.1, Before(dose=None, minutes=None)),
        (0.1, Before(dose=None, minutes=None)),
        (167, Before(dose=DOSES[1], minutes=60)),
    ],
)
def test_premedication_is_before_the_next_dose_within_24_h(h, expected):
    assert before_which(START + timedelta(hours=h), DOSES) == expected

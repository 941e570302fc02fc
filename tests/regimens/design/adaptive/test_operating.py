"""Simulated trials: where the truth leaves nothing to chance, and that all designs meet the same people."""

import numpy as np
import pytest

from regimens.design.adaptive.comparators import Boin
from regimens.design.adaptive.operating import (
    BoinDesign,
    SimulatedTrial,
    Tally,
    ThreePlusThree,
    TrialCounts,
    TrialEnd,
    Truth,
    simulated,
    tallies,
)

NEVER, ALWAYS = 0.0, 1.0


def truth(*by_rung, grade3=0.0):
    """One dose period a rung, or several."""
    return Truth(p=[np.atleast_1d(np.array(p, float)) for p in by_rung], grade3_share=grade3)


def course(of, trial=0, most=30):
    return SimulatedTrial(of, seed=1, trial=trial, most=most)


def run(design, of, start=0, most=30):
    trial = course(of, most=most)
    return simulated(design, trial, start, most).selected, trial.n


BOIN = BoinDesign(boin=Boin.of(0.25), cohort=3)
THREES = ThreePlusThree()


@pytest.mark.parametrize(("words", "design", "of", "start", "most", "selected", "n"), [
    ("3+3 without an event: six at the top", THREES, (NEVER,) * 3, 0, 30, 2, [3, 3, 6]),
    ("3+3: all events at the second: six at the first", THREES, (NEVER, ALWAYS), 0, 30, 0, [6, 3]),
    ("3+3: all events at the lowest: none", THREES, (ALWAYS, ALWAYS), 0, 30, None, [3, 0]),
    ("3+3 from above: down to a dose nobody has had", THREES, (NEVER, ALWAYS), 1, 30, 0, [6, 3]),
    ("3+3 ends early at what it knows", THREES, (NEVER,) * 3, 0, 5, 0, [3, 0, 0]),
    ("BOIN without an event: up, then all at the top", BOIN, (NEVER,) * 3, 0, 12, 2, [3, 3, 6]),
    ("BOIN: all events at the second, which is eliminated", BOIN, (NEVER, ALWAYS), 0, 12, 0, [9, 3]),
    ("BOIN: all events at the lowest: none", BOIN, (ALWAYS, ALWAYS), 0, 12, None, [3, 0]),
    ("BOIN: a last cohort of fewer", BOIN, (NEVER,), 0, 7, 0, [7]),
])  # fmt: skip
def test_a_trial_without_chance(words, design, of, start, most, selected, n):
    assert run(design, truth(*of), start, most) == (selected, n)


def test_a_participant_counts_once_and_each_of_her_events_too():
    trial = course(truth((ALWAYS, NEVER, ALWAYS), grade3=1.0))

    trial.treat(0, 3)

    assert trial.by_participant == [(3, 3)]
    assert trial.events == [[3, 0, 3]]
    assert (trial.all_events, trial.grade3, trial.participants) == (6, 6, 3)


def test_the_same_people_meet_every_design_and_rung():
    of = truth((0.3, 0.5), (0.3, 0.5))
    one, other = course(of), course(of)

    one.treat(0, 10)
    other.treat(1, 4)
    other.treat(1, 6)

    assert one.events[0] == other.events[1]
    assert one.with_event[0] == other.with_event[1]


def test_a_riskier_rung_spares_nobody_who_had_an_event():
    some, more = course(truth(0.2)), course(truth(0.4))
    for trial in (some, more):
        trial.treat(0, 30)

    assert some.events[0][0] <= more.events[0][0]


def test_trials_differ_and_are_the_same_again():
    def events(trial, seed=1):
        one = SimulatedTrial(truth((0.5,) * 20), seed, trial, 30)
        one.treat(0, 30)
        return one.events[0]

    assert events(0) == events(0)
    assert events(0) != events(1)
    assert events(0) != events(0, seed=2)


def test_events_come_as_often_as_the_truth_says():
    """6,000 people: 600 and 1,200 events in the two dose periods, with standard deviations of 23 and 31."""
    trials = [course(truth((0.1, 0.2), grade3=0.5), trial) for trial in range(200)]
    for trial in trials:
        trial.treat(0, 30)

    assert sum(trial.events[0][0] for trial in trials) == pytest.approx(600, abs=4 * 23)
    assert sum(trial.events[0][1] for trial in trials) == pytest.approx(1200, abs=4 * 31)
    assert sum(trial.with_event[0] for trial in trials) == pytest.approx(6000 * 0.28, abs=4 * 35)
    assert sum(trial.grade3 for trial in trials) == pytest.approx(900, abs=4 * 31)


def test_tallies_add_up_over_trials():
    (tally,) = tallies([THREES], truth(NEVER, ALWAYS), [False, True], seed=1, trials=4, start=0, most=30)

    assert (tally.trials, tally.participants, tally.events, tally.over) == (4, 4 * 9, 4 * 3, 4 * 3)
    assert tally.selected == [4, 0]


@pytest.mark.parametrize(("design", "of", "most", "end"), [
    (THREES, (NEVER, ALWAYS), 30, TrialEnd.MTD),
    (THREES, (ALWAYS,), 30, TrialEnd.LOWEST),
    (THREES, (NEVER,) * 3, 5, TrialEnd.USED),
    (BOIN, (ALWAYS,), 12, TrialEnd.LOWEST),
    (BOIN, (NEVER,), 12, TrialEnd.USED),
])  # fmt: skip
def test_why_a_trial_ended_is_told(design, of, most, end):
    assert simulated(design, course(truth(*of), most=most), 0, most).end is end


def test_quantiles_are_values_that_so_many_trials_do_not_exceed():
    """Of 1 to 10: one trial has at most 1, five at most 5, nine at most 9. Of one trial all three are its own."""
    counts = [TrialCounts(participants=n, events=0, grade3=0, over=0) for n in range(10, 0, -1)]

    assert Tally(1, counts).quantiles("participants") == [1, 5, 9]
    assert Tally(1, counts[:1]).quantiles("participants") == [10, 10, 10]


def test_progress_is_told_and_may_end_it():
    told_of = []

    def stop(done, of):
        told_of.append((done, of))
        if done == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        tallies([THREES], truth(0.1), [False], seed=1, trials=9, start=0, most=6, progress=stop)

    assert told_of == [(1, 9), (2, 9), (3, 9)]

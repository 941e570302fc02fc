"""The course as conditions see it, from what is stored."""

import pytest
from django.db import transaction

from crsmonitor.accounts.roles import Act
from grading.course.memory import Memory, folded_in
from grading.course.now import course_now
from grading.models import CurrentState
from grading.recording.holding import hold
from grading.rules.alerting.policy.thresholds import CONDITIONS_IN_POLICIES
from tests.builders import dose, hour, kept, vitals


@pytest.mark.django_db
def test_of_sets_that_say_the_same_the_first_and_the_newest_are_read(world):
    kept(dose(world), world)
    low_flow = {"oxygen_device": "nasal_cannula", "oxygen_flow_l_min": 2, "spo2": 93}
    for h, more in ((1, {}), (2, {}), (3, {}), (4, low_flow), (5, low_flow), (6, {}), (7, {}), (8, {})):
        kept(vitals(world, h, temperature_c=38.6, **more), world)

    with transaction.atomic():
        state = hold(world.participant.pk, by=world.nurse, act=Act.RECORD, at=hour(9)).state
    [episode] = course_now(state, state.period, codes=CONDITIONS_IN_POLICIES).episodes
    seen = [(one.at, one.at_least, one.at_most) for one in episode.sets]
    assert seen == [(hour(1), 1, 1), (hour(4), 2, 2), (hour(6), 1, 1), (hour(8), 1, 1)]


def test_a_fold_that_replaces_another_is_read_anew():
    """As a whole derivation writes it, beside what was read of the row before."""
    before, after = Memory().write(), Memory().write()
    after["state"]["died"] = True
    state = CurrentState(fold=before)
    assert not folded_in(state).died

    state.fold = after

    assert folded_in(state).died

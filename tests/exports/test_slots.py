"""OBSEXPN to ICERECN, counted by hand from exports.md; none of them depends on when it is asked but by the cut."""

import pytest

from crsmonitor.audit.acting import acting
from regimens.models import Disposition, MissedObservationReason, Participant, Step
from tests.builders import dose, draft, hour, kept, neuro, vitals
from tests.exports.reading import picked, rows

pytestmark = pytest.mark.django_db
OBS = ("OBSEXPN", "OBSRECN", "OBSLATEN", "OBSMISN", "OBSPCT")
NONE = ("", "", "", "", "")


def counted(world, cut, *names):
    return picked(rows(world, hour(cut))[0], *(names or OBS))


def test_a_window_of_six_slots_of_which_three_were_looked_at(world):
    """4 h on time, 8 h late, 12 h excused, 16 h missed, 20 h on time, 24 h missed."""
    for fact in (dose(world), vitals(world, 4), vitals(world, 9)):
        kept(fact, world)
    kept(
        draft(MissedObservationReason, world, 13, observation_kind="vitals", due_at=hour(12), because="off_ward"), world
    )
    kept(vitals(world, 20), world)

    assert counted(world, 100) == ("6", "2", "1", "2", "50.00")


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        (0, ("0", "0", "0", "0", "")),  # no slot is over, so there is no share
        (7.49, ("0", "0", "0", "0", "")),
        (7.5, ("1", "0", "0", "1", "0.00")),  # the slot of 4 h is over when the next one opens
        (13, ("2", "0", "0", "2", "0.00")),
        (27.49, ("5", "0", "0", "5", "0.00")),
        (27.5, ("6", "0", "0", "6", "0.00")),
        (1000, ("6", "0", "0", "6", "0.00")),  # after the window nothing is expected
    ],
)
def test_nobody_looked_up_to_the_cut(world, cut, expected):
    kept(dose(world), world)

    assert counted(world, cut) == expected


def test_the_next_dose_ends_what_is_expected(world):
    kept(dose(world), world)
    kept(vitals(world, 4), world)
    kept(dose(world, 9, step=1), world)

    assert counted(world, 100) == ("2", "1", "0", "1", "50.00")


def test_so_does_the_end_of_observation(world):
    kept(dose(world), world)
    kept(draft(Disposition, world, 9, kind="discontinued"), world)

    assert counted(world, 100) == ("2", "0", "0", "2", "0.00")


def test_a_look_besides_the_slots_is_not_counted(world):
    for fact in (dose(world), vitals(world, 1), vitals(world, 4), vitals(world, 4.2), vitals(world, 40)):
        kept(fact, world)

    assert counted(world, 100) == ("6", "1", "0", "5", "16.67")


def test_where_nothing_is_planned_the_sets_are_counted_and_nothing_is_missed_or_not(world):
    with acting(by="test", reason="no plan"):
        Step.objects.filter(regimen=world.regimen).update(vitals_every_h=None)
    kept(dose(world), world)
    kept(vitals(world, 4), world)

    assert counted(world, 100) == ("", "1", "", "", "")


def test_a_dose_not_given_expects_nothing(world):
    kept(dose(world, status="NOT GIVEN", amount=None, not_given_because="fever"), world)

    assert counted(world, 100) == NONE


def test_ice_assessments_expected_and_recorded(world):
    """Every 8 h for 24 h are three slots; an ICE between them is recorded, one without all items is not."""
    for fact in (dose(world), neuro(world, 8), neuro(world, 10), neuro(world, 16, ice_naming=None)):
        kept(fact, world)

    assert counted(world, 100, "ICEEXPN", "ICERECN") == ("3", "2")


def test_under_capd_no_ice_is_expected(world):
    with acting(by="test", reason="a child"):
        Participant.objects.filter(pk=world.participant.pk).update(neuro_instrument="capd")
    kept(dose(world), world)

    assert counted(world, 100, "ICEEXPN", "ICERECN") == ("", "")

"""How an observation window ends: complete, or incomplete because; signed; and what forbids it."""

import pytest
from django.db import IntegrityError

from crsmonitor.error_words import fields_of
from crsmonitor.errors import Forbidden, InvalidInput, Message, SignatureNeeded
from grading.recording.record import record
from regimens.models import WindowCompletion
from tests.builders import dose, draft, hour, kept, neuro, vitals
from tests.dosing.test_windows import missed, plan

pytestmark = pytest.mark.django_db


def closing(world, h, **columns):
    given = world.participant.dose_facts.standing().latest("observed_at")
    return draft(WindowCompletion, world, h, **{"dose": given, "complete": True, "signed": True} | columns)


def look_at_all(world, *, but=()):
    kept(dose(world), world)
    for h in range(4, 25, 4):
        if h not in but:
            kept(vitals(world, h), world)
            if h % 8 == 0:
                kept(neuro(world, h), world)


def test_a_window_without_a_missed_slot_is_complete(world):
    look_at_all(world)

    assert (
        kept(closing(world, 25), world, by=world.investigator).fact.missed,
        WindowCompletion.objects.get().complete,
    ) == (0, True)


def test_without_intervals_nothing_is_missed_and_nobody_having_looked_is_not_complete(world):
    plan(world, vitals_every_h=None, neuro_every_h=None)
    kept(dose(world), world)
    for look, missing in ((vitals, "no_vitals_in_window"), (neuro, "no_neuro_in_window")):
        with pytest.raises(InvalidInput) as refused:
            kept(closing(world, 25), world, by=world.investigator)
        assert list(refused.value.fields) == ["complete"]
        assert refused.value.fields["complete"] == [Message(missing)]
        kept(look(world, 30), world)  # after the window
        with pytest.raises(InvalidInput, match=missing):
            kept(closing(world, 31), world, by=world.investigator)
        kept(look(world, 8, reason="forgotten"), world, at=hour(31))

    assert kept(closing(world, 32), world, by=world.investigator).fact.complete


@pytest.mark.req("R23")
def test_a_missed_slot_forbids_complete_and_is_named(world):
    look_at_all(world, but=[12])

    with pytest.raises(InvalidInput) as refused:
        kept(closing(world, 25), world, by=world.investigator)
    assert fields_of(refused.value) == {"complete": ["vital signs: 2026-03-03 05:00"]}  # 12 h after 17:00 in Taipei


def test_an_excused_slot_does_not(world):
    look_at_all(world, but=[12])
    kept(missed(world, 12, at=25), world)

    assert kept(closing(world, 25), world, by=world.investigator).fact.complete


def test_a_window_that_runs_is_not_complete(world):
    look_at_all(world, but=[24])

    with pytest.raises(InvalidInput) as refused:
        kept(closing(world, 23.9), world, by=world.investigator)
    assert list(refused.value.fields) == ["complete"]


def test_a_window_without_a_length_is_not_complete(world):
    plan(world, inpatient_h=None)
    kept(dose(world), world)

    with pytest.raises(InvalidInput) as refused:
        kept(closing(world, 25), world, by=world.investigator)
    assert list(refused.value.fields) == ["complete"]


def test_incomplete_says_why_and_how_many_were_open(world):
    look_at_all(world, but=[8, 12])

    with pytest.raises(InvalidInput) as refused:
        kept(closing(world, 25, complete=False, because=" "), world, by=world.investigator)
    assert list(refused.value.fields) == ["because"]
    completion = kept(
        closing(world, 25, complete=False, because="Night shift without a monitor."), world, by=world.investigator
    ).fact
    assert completion.missed == 3  # two of vital signs and the neuro check of 8 h


def test_a_window_is_closed_once_and_corrected_with_a_reason(world):
    look_at_all(world, but=[12])
    first = kept(closing(world, 25, complete=False, because="12 h missed"), world, by=world.investigator).fact

    with pytest.raises(InvalidInput):
        kept(closing(world, 26, complete=False, because="again"), world, by=world.investigator)
    kept(vitals(world, 12, reason="on paper"), world, at=hour(26))
    kept(closing(world, 25, supersedes=first, reason="found on paper"), world, by=world.investigator, at=hour(27))
    assert WindowCompletion.objects.standing().get().complete


def test_closing_is_the_investigators_and_is_signed(world):
    """Rulings 2: closing a window is signed; decisions, Roles: who signs is an investigator."""
    look_at_all(world)

    with pytest.raises(Forbidden):
        kept(closing(world, 25), world)
    with pytest.raises(SignatureNeeded):
        record(closing(world, 25), by=world.investigator, at=hour(25))
    with pytest.raises(InvalidInput) as refused:
        kept(closing(world, 25, signed=False), world, by=world.investigator)
    assert list(refused.value.fields) == ["signed"]
    assert kept(closing(world, 25), world, by=world.investigator).fact.signed


def test_a_dose_not_given_has_no_window(world):
    kept(dose(world, status="NOT GIVEN", amount=None, not_given_because="fever"), world)

    with pytest.raises(InvalidInput) as refused:
        kept(closing(world, 25, complete=False, because="not given"), world, by=world.investigator)
    assert list(refused.value.fields) == ["dose"]


@pytest.mark.parametrize(
    ("bad", "constraint"),
    [
        ({"complete": True, "missed": 1}, "window_complete_or_says_why"),
        ({"complete": False, "missed": 1}, "window_complete_or_says_why"),
    ],
)
def test_the_database_refuses_a_closing_that_contradicts_itself(world, bad, constraint):
    given = kept(dose(world), world).fact
    one = draft(WindowCompletion, world, 25, dose=given, recorded_at=hour(25), recorded_by=world.nurse, **bad)

    with pytest.raises(IntegrityError, match=constraint):
        one.save()


@pytest.mark.parametrize(
    ("bad", "constraint"),
    [
        ({"observation_kind": "weight"}, "missed_observation_kind_known"),
        ({"because": "busy"}, "missed_observation_because_known"),
        ({"observation_kind": "neuro", "because": "asleep"}, "missed_observation_not_asleep_for_neuro"),
    ],
)
def test_the_database_refuses_an_unknown_reason(world, bad, constraint):
    one = missed(world, 4, recorded_at=hour(5), recorded_by=world.nurse, **bad)

    with pytest.raises(IntegrityError, match=constraint):
        one.save()

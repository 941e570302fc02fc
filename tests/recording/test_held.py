"""Whoever records holds the participant against others who record, and against nobody else."""

import pytest
from django.db import transaction

from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from grading.alerting.services.conditions import watch_of
from grading.models import AlertPolicy
from grading.policies.library import read_policy
from grading.policies.selectors import policy_in_force
from grading.policies.services import load_policy
from grading.recording.holding import Held, hold
from tests.builders import THRESHOLDS, World, dose, hour, kept, vitals


def held(world: World, h: float = 1) -> Held:
    with transaction.atomic():
        return hold(world.participant.pk, by=world.nurse, act=Act.RECORD, at=hour(h))


@pytest.mark.django_db(transaction=True)
def test_a_row_that_points_to_a_held_participant_is_not_waited_for(transactional_world, superuser):
    """Else a worker that notes what became of an alert, and whoever records and waits for that alert, wait for each
    other for ever."""
    world = transactional_world

    with transaction.atomic():
        hold(world.participant.pk, by=world.nurse, act=Act.RECORD, at=hour(1))
        superuser.execute("SET lock_timeout = '5s'")
        superuser.execute(
            "INSERT INTO grading_periodchange (participant_id, xact, at) VALUES (%s, 3, now())", [world.participant.pk]
        )
        superuser.execute("RESET lock_timeout")


# --- What is read with her is what is asked for by itself --------------------------------------------------------


@pytest.mark.django_db
def test_the_policy_she_is_held_with_is_the_one_in_force_then(world):
    with acting(by="test", reason="versions"):
        for version, when in ((2, hour(5)), (3, None), (4, hour(5)), (5, hour(50))):
            AlertPolicy.objects.create(
                study=world.study, version=version, title=f"v{version}", thresholds=THRESHOLDS, in_force_from=when
            )

    for h, version in ((-1001, None), (1, 1), (5, 4), (49, 4), (50, 5)):
        watch = held(world, h).watch
        assert watch.policy == policy_in_force(world.study, at=hour(h))
        assert (watch.policy and watch.policy.version) == version


@pytest.mark.django_db
def test_her_check_and_whether_she_has_alerts_are_what_the_tables_say(world):
    load_policy(read_policy(), study=world.study, by="test", reason="conditions", at=hour(-10))
    assert held(world).watch == watch_of(world.participant, at=hour(1))

    kept(dose(world), world)
    kept(vitals(world, 1), world)
    well = held(world, 2).watch
    assert well == watch_of(world.participant, at=hour(2))
    assert well.check is not None
    assert not well.has_alerts

    kept(vitals(world, 2, temperature_c=38.5), world)
    assert held(world, 3).watch.has_alerts


# --- What is kept of a policy is void when its row is another ----------------------------------------------------


@pytest.mark.django_db
def test_a_policy_approved_meanwhile_tells_of_the_next_set(world):
    kept(dose(world), world)
    kept(vitals(world, 1), world)  # its rules are read, and kept
    with acting(by="test", reason="from grade 2"):
        from_2 = [one | {"from_grade": 2} for one in THRESHOLDS]
        AlertPolicy.objects.create(study=world.study, version=2, title="v2", thresholds=from_2, in_force_from=hour(2))

    assert kept(vitals(world, 3, temperature_c=38.5), world).alerts == ()


@pytest.mark.django_db
def test_a_policy_whose_row_was_changed_is_read_again(world):
    before = held(world).watch.policy
    with acting(by="test", reason="an operator's correction"):
        AlertPolicy.objects.filter(pk=before.pk).update(thresholds=THRESHOLDS[:1])

    after = held(world).watch.policy
    assert len(before.rules.thresholds) == len(THRESHOLDS)
    assert len(after.rules.thresholds) == 1


@pytest.mark.django_db
def test_each_who_holds_has_a_policy_of_her_own_and_its_rules_are_read_once(world):
    one, other = held(world).watch.policy, held(world).watch.policy

    assert one is not other
    assert one.rules is other.rules

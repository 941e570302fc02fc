"""The hot read finds what the scope of every other read finds: the same rule, written twice, held together here."""

import itertools

import pytest
from django.db import transaction

from crsmonitor.accounts.roles import Act, Role
from crsmonitor.audit.acting import acting
from crsmonitor.errors import DomainError
from grading.recording.holding import hold
from regimens.models import Membership
from regimens.selectors import participants_for
from tests.builders import build_world, dose, hour, kept, person, stay

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("role", "where"), list(itertools.product(Role, ("here", "elsewhere", "everywhere"))))
def test_both_scopes_agree(world, role, where):
    site = {"here": world.site, "elsewhere": world.other_site, "everywhere": None}[where]
    with acting(by="test", reason="test"):
        user = person("somebody", world.study, role, site)

    for act in Act:
        allowed = participants_for(user, act).filter(pk=world.participant.pk).exists()
        assert holds(world, user, act) == allowed


@pytest.mark.parametrize("change", ["ended", "inactive", "another study"])
def test_nobody_holds_what_is_not_theirs(world, change):
    user = world.nurse
    with acting(by="test", reason="test"):
        if change == "ended":
            Membership.objects.filter(user=user).update(ended_at=hour(0))
        elif change == "inactive":
            user.is_active = False
        else:
            user = build_world("OTHER").nurse

    assert not holds(world, user, Act.RECORD)


def holds(world, user, act) -> bool:
    try:
        with transaction.atomic():
            return hold(world.participant.pk, by=user, act=act, at=hour(1)).participant == world.participant
    except DomainError:
        return False


def test_it_brings_everything_that_a_fact_needs(world, django_assert_num_queries):
    kept(stay(world), world)
    kept(dose(world), world)

    with transaction.atomic():
        state = hold(world.participant.pk, by=world.nurse, act=Act.RECORD, at=hour(1)).state
    with django_assert_num_queries(0):
        assert (state.participant.study, state.participant.site) == (world.study, world.site)
        assert (state.participant.regimen, state.step.label) == (world.regimen, "STEP-UP 1")
        assert (state.period.dose_number, state.bed, state.fold["carried"]) == (1, "12", [False, None])

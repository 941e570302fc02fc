"""Who sees which participants, said once more as the matrix of roles says it: a question by index finds just these."""

import itertools

import pytest

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import MAY, Act, Role
from crsmonitor.audit.acting import acting
from regimens.models import Membership, Participant
from regimens.selectors import participants_for, sites_for, studies_for
from tests.builders import build_world, hour

pytestmark = pytest.mark.django_db

WHOLE_STUDY = {Role.INVESTIGATOR, Role.SPONSOR}


@pytest.fixture
def two_studies(world):
    """Both have somebody at the first site, and one of them somebody at the second."""
    other = build_world("OTHER")
    with acting(by="test", reason="test"):
        Participant.objects.create(study=world.study, site=world.other_site, number="THERE", regimen=world.regimen)
        Participant.objects.create(study=other.study, site=world.site, number="OTHERS", regimen=other.regimen)
    return world, other


def member(name, *memberships, **more) -> User:
    user = User.objects.create(username=name, **more)
    for study, site, role, ended_at in memberships:
        Membership.objects.create(user=user, study=study, site=site, role=role.value, ended_at=ended_at)
    return user


def numbers(user, act) -> set[str]:
    return set(participants_for(user, act).values_list("number", flat=True))


@pytest.mark.long
def test_everybody_sees_what_the_matrix_says(two_studies):
    world, other = two_studies
    here, there = {"DEMO-001"}, {"THERE"}
    with acting(by="test", reason="test"):
        for role, site in itertools.product(Role, (world.site, world.other_site, None)):
            user = member(f"{role}-{site}", (world.study, site, role, None))
            everywhere = site is None or role in WHOLE_STUDY
            seen = here | there if everywhere else here if site == world.site else there
            at = {"DEMO-TPE", "DEMO-PAR"} if everywhere else {site.code}
            for act in (Act.SEE_WARD, Act.ADJUDICATE):  # of each role one or none; the others are the same question
                assert numbers(user, act) == (seen if act in MAY[role] else set()), (role, site, act)
            if Act.SEE_WARD in MAY[role]:
                places = sites_for(user, world.study, Act.SEE_WARD).values_list("code", flat=True)
                assert set(places) == at, (role, site)
                assert set(studies_for(user, Act.SEE_WARD)) == {world.study}
                assert not sites_for(user, other.study, Act.SEE_WARD).exists()


def test_two_memberships_are_two_scopes_and_not_their_product(two_studies):
    """A nurse of one study's first site and of another's second sees nobody of the other study at the first."""
    world, other = two_studies
    with acting(by="test", reason="test"):
        user = member(
            "both", (world.study, world.site, Role.NURSE, None), (other.study, other.site, Role.NURSE, None),
            (world.study, None, Role.SPONSOR, None),
        )  # fmt: skip

    assert numbers(user, Act.SEE_WARD) == {"DEMO-001", "OTHER-001"}
    assert numbers(user, Act.SEE_STUDY) == {"DEMO-001", "THERE", "OTHER-001"}
    assert numbers(user, Act.EXPORT) == {"DEMO-001", "THERE"}


def test_who_is_nobody_any_more_finds_nothing(two_studies):
    world, _ = two_studies
    with acting(by="test", reason="test"):
        ended = member("ended", (world.study, None, Role.INVESTIGATOR, hour(0)))
        inactive = member("inactive", (world.study, None, Role.INVESTIGATOR, None), is_active=False)

    for user in (ended, inactive):
        assert numbers(user, Act.SEE_STUDY) == set()
        assert not studies_for(user).exists()
        assert not sites_for(user, world.study).exists()

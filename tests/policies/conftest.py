"""A data manager at the pages of threshold policies, a version that she drafted, and one that runs silently."""

import pytest

from grading.policies.library import parse_policy
from grading.policies.services import draft_policy
from grading.policies.silent.services import begin_run
from tests.builders import dose, hour, kept, stay
from tests.policies.pages import TEXT
from tests.stages import stage


@pytest.fixture
def at_desk(client, world):
    client.force_login(world.data_manager)
    return client


@stage(lasts_s=600)
def draft(world):
    return draft_policy(parse_policy(TEXT), study=world.study, by=world.data_manager, reason="amendment 2", at=hour(0))


@stage(lasts_s=600)
def running(world, draft):
    """Beside the policy that tells from grade 1, one that tells of CRS from grade 2; a participant is dosed."""
    kept(stay(world), world)
    kept(dose(world), world)
    return begin_run(draft.pk, because="amendment 2", by=world.investigator, at=hour(1))

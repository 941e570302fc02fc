"""A data manager at the pages of threshold policies, and a version that she drafted."""

import pytest

from grading.policies.library import parse_policy
from grading.policies.services import draft_policy
from tests.builders import hour
from tests.policies.pages import TEXT
from tests.stages import stage


@pytest.fixture
def at_desk(client, world):
    client.force_login(world.data_manager)
    return client


@stage(lasts_s=600)
def draft(world):
    return draft_policy(parse_policy(TEXT), study=world.study, by=world.data_manager, reason="amendment 2", at=hour(0))

"""A participant on the ward, and the nurse at her tablet."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.builders import World, dose, kept, stay
from tests.stages import stage


@stage
def dosed(world: World) -> World:
    """A participant in bed 12, dosed two hours ago."""
    now = timezone.now()
    for fact in (stay(world, observed_at=now - timedelta(hours=3)), dose(world, observed_at=now - timedelta(hours=2))):
        kept(fact, world)
    return world


@pytest.fixture
def nurse(client, dosed):
    client.force_login(dosed.nurse)
    return client

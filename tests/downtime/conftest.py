"""Somebody in bed since yesterday who was dosed six hours ago: nothing was written down for hours."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.builders import dose, kept, stay
from tests.stages import stage


@stage
def dosed(world):
    now = timezone.now()
    for fact in (stay(world, observed_at=now - timedelta(hours=24)), dose(world, observed_at=now - timedelta(hours=6))):
        kept(fact, world)
    return world


@pytest.fixture
def nurse(client, dosed):
    client.force_login(dosed.nurse)
    return client

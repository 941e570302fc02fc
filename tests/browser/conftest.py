"""A ward and a tablet, for tests that need nothing else of them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page

from tests.browser.tablets import held
from tests.builders import World, build_world, dose, kept, neuro, stay, vitals


@pytest.fixture
def ward(server: str) -> World:
    """Dosed 6 h ago; looked at 3 h ago, without a sign of anything."""
    world, now = build_world(), timezone.now()
    kept(stay(world, observed_at=now - timedelta(hours=7)), world)
    kept(dose(world, observed_at=now - timedelta(hours=6)), world)
    kept(vitals(world, 0, observed_at=now - timedelta(hours=3), temperature_c=37.1), world)
    kept(neuro(world, 0, observed_at=now - timedelta(hours=3)), world)
    return world


@pytest.fixture
def tablet(browser: Browser, server: str) -> Iterator[Page]:
    with held(browser, server) as page:
        yield page

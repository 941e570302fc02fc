"""The morning after a night without a network: a nurse's tablet sends what it kept."""

import pytest
import time_machine

from tests.tablet.server.entries import MORNING


@pytest.fixture
def at_eight():
    """08:00 in Taipei; the clock stands."""
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def nurse(client, ward, at_eight):
    """Signed in on a browser that is no enrolled tablet; her participant is in bed and was dosed at hour 0."""
    client.force_login(ward.nurse)
    return client

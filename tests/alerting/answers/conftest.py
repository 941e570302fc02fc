"""Who answers is on a ward with a rota."""

import pytest

from tests.builders import World


@pytest.fixture
def ward(staffed_ward: World) -> World:
    return staffed_ward

"""What every test may ask for."""

import pytest

from tests.builders import World, build_world

pytest_plugins = ["tests.engines"]


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def transactional_world(transactional_db: None) -> World:
    """The same, committed: for threads, other processes and the database's own roles."""
    return build_world()

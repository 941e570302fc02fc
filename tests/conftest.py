"""What every test may ask for."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.builders import World, build_world, dose, kept, stay
from tests.stages import stage

pytest_plugins = [
    "tests.engines",
    "tests.faults.rig.table",
    "tests.browser.figures",
    "tests.proof.matrix",
    "tests.accounts.sign_ins",
]


@stage(lasts_s=600)  # all of it at times of its own, whatever the clock says
def world() -> World:
    return build_world()


@stage(lasts_s=600)
def ward(world: World) -> World:
    """A participant in bed who had the first dose at hour 0."""
    kept(stay(world), world)
    kept(dose(world), world)
    return world


@pytest.fixture
def transactional_world(transactional_db: None) -> World:
    """The same, committed: for threads, other processes and the database's own roles."""
    return build_world()


@pytest.fixture(autouse=True)
def no_language_left() -> Iterator[None]:
    """A page that a test asked for in another language leaves that language to the thread."""
    yield
    translation.deactivate()

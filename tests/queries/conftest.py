"""A fever to ask about."""

from tests.builders import World, dose, kept, stay, vitals
from tests.stages import stage


@stage
def seen(world: World) -> World:
    """A dose at hour 0, and a set at hour 4."""
    kept(stay(world), world)
    kept(dose(world), world)
    kept(vitals(world, 4, temperature_c=38.6), world)
    return world

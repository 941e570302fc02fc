"""A fever to judge, and the reviewer outside the ward."""

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from tests.builders import World, dose, kept, person, stay, vitals
from tests.stages import stage


@stage(lasts_s=600)
def seen(world: World) -> World:
    """A fever in bed 12, grade 1."""
    kept(stay(world), world)
    kept(dose(world), world)
    kept(vitals(world, 4, temperature_c=38.6), world)
    return world


@stage(lasts_s=600)
def central(seen: World):
    with acting(by="test", reason="a reviewer"):
        return person("demo.central", seen.study, Role.CENTRAL)

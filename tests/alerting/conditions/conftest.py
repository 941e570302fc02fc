"""Wards under one condition each: recorded once, the participant in bed and dosed at hour 0."""

from tests.alerting.conditions import watched
from tests.builders import World
from tests.stages import stage


@stage(lasts_s=600)
def observation_overdue(world: World) -> World:
    return watched.ward(world, "observation_overdue")


@stage(lasts_s=600)
def seizure_or_posturing(world: World) -> World:
    return watched.ward(world, "seizure_or_posturing")


@stage(lasts_s=600)
def fever_persisting(world: World) -> World:
    return watched.ward(world, "fever_persisting")


@stage(lasts_s=600)
def tocilizumab_eligible(world: World) -> World:
    return watched.ward(world, "tocilizumab_eligible")

"""A ward whose calls somebody takes, and its alerts of hour 4: recorded once for whoever answers them."""

from grading.models import Alert
from tests.alerting.staffed import raised, staffed
from tests.builders import World
from tests.stages import stage


@stage(lasts_s=600)
def staffed_ward(world: World) -> World:
    return staffed(world)


@stage(lasts_s=600)
def alert_1(staffed_ward: World) -> Alert:
    return raised(staffed_ward, 1)


@stage(lasts_s=600)
def alert_2(staffed_ward: World) -> Alert:
    return raised(staffed_ward, 2)


@stage(lasts_s=600)
def alert_3(staffed_ward: World) -> Alert:
    return raised(staffed_ward, 3)

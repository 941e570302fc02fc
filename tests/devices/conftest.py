"""Two people on one tablet of the ward."""

from tests.devices.stages import OTHER_PIN, PIN, a_tablet, sign_in, with_pin
from tests.stages import stage


@stage
def here(world):
    """A nurse and a charge nurse, both with a PIN, signed in fully on one tablet; the nurse is at it."""
    on = a_tablet(world)
    for user, pin in ((world.charge_nurse, OTHER_PIN), (world.nurse, PIN)):
        sign_in(on.client, with_pin(user, pin))
    return world, on

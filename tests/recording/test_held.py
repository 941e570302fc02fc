"""Whoever records holds the participant against others who record, and against nobody else."""

import pytest
from django.db import transaction

from crsmonitor.accounts.roles import Act
from grading.recording.holding import hold


@pytest.mark.django_db(transaction=True)
def test_a_row_that_points_to_a_held_participant_is_not_waited_for(transactional_world, superuser):
    """Else a worker that notes what became of an alert, and whoever records and waits for that alert, wait for each
    other for ever."""
    world = transactional_world

    with transaction.atomic():
        hold(world.participant.pk, by=world.nurse, act=Act.RECORD)
        superuser.execute("SET lock_timeout = '5s'")
        superuser.execute(
            "INSERT INTO grading_periodchange (participant_id, xact, at) VALUES (%s, 3, now())", [world.participant.pk]
        )
        superuser.execute("RESET lock_timeout")

"""Rows of before there were slots: the board goes on by the old rule, and the next fact derives all again."""

import importlib

import pytest
from django.db import connection

from grading.models import Checkpoint, CurrentState, DosePeriod
from tests.builders import dose, hour, kept, neuro, vitals

pytestmark = pytest.mark.django_db
MIGRATION = importlib.import_module("grading.migrations.0006_slots")


def test_a_database_of_before_goes_on(world):
    for fact in (dose(world), vitals(world, 4), neuro(world, 8)):
        kept(fact, world)
    DosePeriod.objects.update(slot_sets={}, vitals_on_time=None, vitals_unfilled=None)
    CurrentState.objects.update(vitals_due_at=None, neuro_due_at=None)

    with connection.cursor() as cursor:
        cursor.execute(MIGRATION.FROM_BEFORE)

    state = CurrentState.objects.get()
    assert (state.vitals_due_at, state.neuro_due_at, Checkpoint.objects.count()) == (hour(8), hour(16), 0)
    kept(vitals(world, 9), world)  # an ordinary next set
    period = DosePeriod.objects.get()
    assert (period.vitals_on_time, period.vitals_late, period.neuro_on_time) == (1, 1, 1)

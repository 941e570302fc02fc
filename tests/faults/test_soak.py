"""A random soak: sets come at a steady rate while one process after the other is killed, and every alert arrives.

What is expected is what the API answered, not what the outbox holds. CRS_TEST_SOAK_SECONDS of load; the same seed
draws the same sets and the same deaths, and CRS_TEST_SOAK_SEED is another one.
"""

import io
import os
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection

from grading.models import VitalSigns
from tests.faults.rig.clusters import a_database_of_its_own
from tests.faults.rig.soak import Reaper, beds, compared, courses, post
from tests.faults.rig.stack import all_arrived, unsent, until, ward
from tests.faults.rig.tablets import Tablet

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

SECONDS = float(os.environ.get("CRS_TEST_SOAK_SECONDS", "25"))
SEED = int(os.environ.get("CRS_TEST_SOAK_SEED", "880431"))


def test_whatever_is_killed_under_load_every_alert_arrives_once(stack, hook, record_property):
    sets, deaths = random.Random(SEED), random.Random(SEED + 1)
    print(f"CRS_TEST_SOAK_SEED={SEED} CRS_TEST_SOAK_SECONDS={SECONDS:.0f}")
    record_property("told", f"seed {SEED}, {SECONDS:.0f} s: not whole")
    with a_database_of_its_own(stack, stack.folder) as postgres, ThreadPoolExecutor(1) as thread:
        world = ward(hook)
        drawn = courses(beds(world, SECONDS), sets)
        server = stack.server()
        reaper, tablet = Reaper(stack, postgres, server, deaths), Tablet(server, world)
        stack.until_ready(2)

        load = thread.submit(post, tablet, drawn, SECONDS)
        reaper.reap(SECONDS)
        posted = load.result()
        connection.close()  # it was to a backend that may be dead
        until(lambda: unsent() == 0, 60, "all that is left has left")

        twice = all_arrived(stack, hook)
        arrived = compared(posted, hook)
        figures = (
            f"seed {SEED}, {SECONDS:.0f} s: {len(posted.sets)} sets ({posted.statuses[200]} answered when sent again), "
            f"{len(posted.alerts)} alerts; {len(arrived.missing)} missing, {len(arrived.surplus)} surplus, "
            f"{arrived.twins} twins, {arrived.called_again} called again; "
            f"slowest {stack.figures['slowest']:.1f} s; killed: "
            + ", ".join(f"{part} {times}" for part, times in sorted(reaper.killed.items()))
        )
        record_property("told", figures)
        print(figures)
        assert (arrived.missing, arrived.surplus) == (set(), set())
        assert twice.total() >= len(posted.alerts) > 0
        assert set(reaper.killed) == set(reaper.parts)
        assert sorted(map(str, VitalSigns.objects.values_list("pk", flat=True))) == sorted(posted.sets)
        out = io.StringIO()
        call_command("rederive", "--check", jobs=1, stdout=out)
        assert out.getvalue().endswith(f"{len(posted.sets)} sets: 0 values differ\n")
        call_command("verify_audit", stdout=out)
        assert "every chain holds" in out.getvalue()

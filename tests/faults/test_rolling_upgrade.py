"""F15: a table is changed under load, old and new processes side by side; nothing is refused, lost or told twice."""

import io
import os
import signal
import threading
import time
from collections import Counter

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections

from grading.models import VitalSigns
from tests.faults.rig.stack import Stack, all_arrived, unsent, until, ward
from tests.faults.rig.tablets import LOW, Tablet, a_set

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

SECONDS = 30  # that a tablet waits for an answer
EVERY_S = 0.25
# First what the running program does not know and does not miss; what it needs goes once nobody runs it any more.
# Who saves stands behind a change that waits, and is refused after 3 s in all: it gives way much sooner.
EXPAND = "SET lock_timeout = '300ms'; ALTER TABLE grading_vitalsigns ADD COLUMN of_the_next_version text"
CONTRACT = "SET lock_timeout = '300ms'; ALTER TABLE grading_vitalsigns DROP COLUMN IF EXISTS of_the_next_version"


class Load:
    """A tablet that posts a set every EVERY_S to whichever server answers, until it is told to stop."""

    def __init__(self, tablets: list[Tablet]) -> None:
        self.tablets, self.over = tablets, threading.Event()
        self.bodies: list[dict] = []
        self.statuses: Counter[int] = Counter()
        self.silence = 0.0
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        last = time.monotonic()
        while not self.over.is_set():
            self.bodies.append(a_set(**LOW) if len(self.bodies) % 8 == 0 else a_set())
            while not self.is_taken(self.bodies[-1]):
                time.sleep(0.1)
            self.silence, last = max(self.silence, time.monotonic() - last), time.monotonic()
            self.over.wait(EVERY_S)

    def is_taken(self, body: dict) -> bool:
        for tablet in list(self.tablets):
            status = tablet.send(body, seconds=SECONDS)
            self.statuses[status] += 1
            if status in (200, 201):
                return True
        return False

    def until_more(self, sets: int) -> None:
        wanted = len(self.bodies) + sets
        until(lambda: len(self.bodies) >= wanted, 60, f"{sets} more sets are taken")


def changed(statement: str) -> None:
    """Who saves holds the table for a moment: asked again until it is free, so that nobody waits long behind this."""
    url = os.environ["CRS_TEST_OWNER_URL"].replace("/crs?", f"/{settings.DATABASES['default']['NAME']}?")

    def is_done() -> bool:
        try:
            owner.execute(statement)
        except psycopg.errors.LockNotAvailable:
            return False
        return True

    with psycopg.connect(url, autocommit=True) as owner:
        until(is_done, 60, "the table is changed")


def replaced(stack: Stack, old: int) -> None:
    """The process ends as a rolling restart ends it: it finishes what it has begun."""
    os.kill(stack.processes[old].pid, signal.SIGTERM)
    stack.processes[old].wait(120)


def test_f15_a_table_changes_while_old_and_new_processes_run(stack, hook, record_property):
    world = ward(hook)
    old_web = Tablet(stack.server(), world)
    stack.worker()
    stack.beat()
    stack.until_ready(1)
    load = Load([old_web])
    load.thread.start()
    try:
        load.until_more(4)
        changed(EXPAND)
        load.until_more(8)  # the old program writes to the changed table
        load.tablets.insert(0, Tablet(stack.server(), world))
        stack.worker()
        stack.until_ready(2)
        load.tablets.remove(old_web)
        for old in (0, 1):
            replaced(stack, old)
        load.until_more(4)
        changed(CONTRACT)
        load.until_more(8)
    finally:
        load.over.set()
        load.thread.join()
        changed(CONTRACT)
        close_old_connections()

    until(lambda: unsent() == 0, 60, "all that is left has left")
    record_property("told", f"{len(load.bodies)} sets, longest silence {load.silence:.1f} s, {dict(load.statuses)}")
    assert not [status for status in load.statuses if status >= 500]
    assert sorted(map(str, VitalSigns.objects.values_list("pk", flat=True))) == sorted(one["id"] for one in load.bodies)
    assert all_arrived(stack, hook).total() > 0
    out = io.StringIO()
    call_command("rederive", "--check", jobs=1, stdout=out)
    assert out.getvalue().endswith(f"{len(load.bodies)} sets: 0 values differ\n")
    call_command("verify_audit", stdout=out)
    assert "every chain holds" in out.getvalue()

"""Four processes let 200 guesses go at once: five are looked at (H3). Of 60 at the other doors five as well."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from crsmonitor.audit.models import AuditEvent
from crsmonitor.devices import cookie
from tests.devices.stages import a_tablet, sign_in, with_pin

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[3]
PROCESSES = 4
OF_THIS_PROCESS = ("PYTEST", "COV", "CRS_TEST")
# Forked once everything is imported, and a page of each door was drawn.
WORK = """
import json, multiprocessing, sys, threading
import django
django.setup()
from django.db import connections
from django.test import Client, override_settings
plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # nothing is collected for tests
override_settings(STORAGES={"staticfiles": plain}).enable()
processes, doors = json.loads(sys.argv[1])
fork = multiprocessing.get_context("fork")
started = fork.Barrier(processes)

def stranger_with(cookies):
    stranger = Client(REMOTE_ADDR="198.51.100.9")
    stranger.cookies.load(cookies)
    return stranger

def guess(off, door, typed, cookies):
    off.wait(300)
    stranger = stranger_with(cookies)
    door = stranger.get(door).headers.get("Location", door)
    stranger.post(door, typed)
    connections.close_all()

def work():
    started.wait(300)
    for guesses, door, typed, cookies in doors:
        off = threading.Barrier(guesses)
        threads = [threading.Thread(target=guess, args=[off, door, typed, cookies]) for _ in range(guesses)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]

for _guesses, door, _typed, cookies in doors:
    stranger_with(cookies).get(door, follow=True)
connections.close_all()
connections["default"].close_pool()
assert threading.active_count() == 1, threading.enumerate()  # a fork takes no thread along
workers = [fork.Process(target=work) for _ in range(processes)]
[one.start() for one in workers]
[one.join() for one in workers]
sys.exit(any(one.exitcode for one in workers))
"""


def test_two_hundred_at_once(transactional_world):
    world = transactional_world
    url = os.environ["CRS_TEST_DATABASE_URL"].replace("/crs?", f"/{settings.DATABASES['default']['NAME']}?")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OF_THIS_PROCESS)}
    env = inherited | {
        "DJANGO_SETTINGS_MODULE": "crsmonitor.settings", "CRS_MODE": "demo", "DATABASE_URL": url, "DB_POOL": "12",
        "REDIS_URL": "redis://127.0.0.1:1/0", "LOG_LEVEL": "ERROR", "ALLOWED_HOSTS": "testserver",
    }  # fmt: skip
    on, colleague = a_tablet(world), with_pin(world.charge_nurse)
    sign_in(on.client, colleague)
    doors = [
        (50, "/accounts/login/", {"username": world.nurse.username, "password": "guess"}, {}),
        (15, "/admin/login/", {"username": "charge", "password": "guess"}, {}),
        (15, "/lock/open/", {"person": colleague.pk, "pin": "111111"}, {cookie.COOKIE: on.key}),
    ]
    command = [sys.executable, "-c", WORK, json.dumps([PROCESSES, doors])]
    ran = subprocess.run(command, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True, timeout=600, check=False)
    assert ran.returncode == 0, ran.stderr

    looked_at = AuditEvent.objects.filter(table_name="sign_in_failed").values_list("subject", flat=True)
    people = sorted([f"user:{world.nurse.pk}", f"user:{colleague.pk}"] * 5)
    assert sorted(looked_at) == ["sign_in:unknown"] * 5 + people
    colleague = {"username": world.investigator.username, "password": f"{world.investigator.username}-password"}
    assert Client().post("/accounts/login/", colleague, REMOTE_ADDR="198.51.100.9").status_code == 302

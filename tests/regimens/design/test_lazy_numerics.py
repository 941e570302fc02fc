"""numpy and scipy are loaded where a design is computed, and nowhere else: each process is asked what it has loaded."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from tests.bodies import DOSE, FEVER, NEURO, PARACETAMOL

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[3]
OF_THIS_PROCESS = ("PYTEST", "COV", "CRS_TEST")
LOADED = 'print(json.dumps(sorted({"numpy", "scipy"} & set(sys.modules))), file=sys.stderr)'
COMMAND = f"""
import atexit, json, runpy, sys
atexit.register(lambda: {LOADED})
sys.argv = ["manage.py", sys.argv[1]]
runpy.run_path("manage.py", run_name="__main__")
"""
WORKER = f"""
import json, sys
from crsmonitor.celery import app
app.loader.import_default_modules()  # as a worker does when it starts
app.finalize()
assert {{"grading.alerting.tasks.sweep", "grading.alerting.tasks.deliver"}} <= set(app.tasks), sorted(app.tasks)
{LOADED}
"""
WEB = f"""
import json, sys
import crsmonitor.asgi
{LOADED}
from django.contrib.auth import get_user_model
from django.test import Client, override_settings
plain = {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # nothing is collected for tests
override_settings(STORAGES={{"staticfiles": plain}}).enable()
for requests in json.loads(sys.stdin.read()):
    for user, method, address, body, expected in requests:
        client = Client()
        client.force_login(get_user_model().objects.get(pk=user))
        more = {{}} if body is None else {{"data": body, "content_type": "application/json"}}
        answer = getattr(client, method)(address, **more)
        assert answer.status_code == expected, (address, answer.status_code, answer.content[:2000])
    {LOADED}
"""
TRIMER = {
    "kd_target_pm": 30, "kd_cd3_pm": 41_500, "target_cells_per_ml": 1e5, "receptors_per_target": 12_590,
    "t_cells_per_ml": 1e5, "cd3_per_t_cell": 60_000, "free_pm": 1,
}  # fmt: skip
SURPRISE = {"periods": [{"label": "dose 1", "n": 20, "events": 5, "p": [0.01]}]}


def run(code, *arguments, given="", **environment):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OF_THIS_PROCESS)}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], input=given, capture_output=True, text=True, cwd=ROOT, timeout=600,
        env=inherited | environment,
    )  # fmt: skip


def loaded(done):
    """What each look found, in order."""
    return [json.loads(line) for line in done.stderr.splitlines() if line.startswith("[")]


@pytest.mark.parametrize(("name", "line"), [
    ("grade", '{"id": "a", "kind": "crs", "inputs": {"temperature_c": 38.6, "sbp": 85, "hypotension": true}}'),
    ("gate", '{"id": "a", "regimen": "teclistamab", "doses": [], "now_h": 0}'),
    ("design", json.dumps({"id": "a", "kind": "trimer"} | TRIMER)),
], ids=["grade", "gate", "design"])  # fmt: skip
def test_a_command_that_needs_no_numerics_loads_none(name, line):
    done = run(COMMAND, name, given=line)

    assert "error" not in json.loads(done.stdout), done.stderr
    assert loaded(done) == [[]]


def test_the_guard_sees_what_a_command_loads():
    done = run(COMMAND, "design", given=json.dumps({"id": "a", "kind": "surprise"} | SURPRISE))

    assert loaded(done) == [["numpy", "scipy"]]


def site_environment():
    url = os.environ["CRS_TEST_DATABASE_URL"].replace("/crs?", f"/{settings.DATABASES['default']['NAME']}?")
    return {
        "DJANGO_SETTINGS_MODULE": "crsmonitor.settings", "CRS_MODE": "demo", "DATABASE_URL": url, "DB_POOL": "2",
        "REDIS_URL": "redis://127.0.0.1:1/0", "LOG_LEVEL": "ERROR", "ALLOWED_HOSTS": "testserver",
    }  # fmt: skip


@pytest.mark.django_db
def test_a_worker_that_sends_alerts_loads_none():
    done = run(WORKER, **site_environment())

    assert (done.returncode, loaded(done)) == (0, [[]]), done.stderr


@pytest.mark.django_db(transaction=True)
def test_the_web_process_loads_them_when_a_design_is_computed(transactional_world):
    world = transactional_world
    here, page = f"/api/v1/participants/{world.participant.pk}", f"/participants/{world.participant.pk}"

    def fact(noun, body):
        sent = {"id": str(uuid.uuid4()), "observed_at": timezone.now().isoformat()} | body
        return [world.nurse.pk, "post", f"{here}/{noun}/", sent, 201]

    bedside = [
        fact("stays", {"ward": "7B", "bed": "14", "kind": "icu"}),
        fact("doses", DOSE | {"step": 1, "amount": 5}),
        fact("vital-signs", FEVER),
        fact("neuro-assessments", NEURO),
        fact("treatments", PARACETAMOL),
        *([world.nurse.pk, "get", address, None, 200] for address in ("/", f"{page}/", f"{page}/vitals/")),
        *([world.investigator.pk, "get", address, None, 200] for address in (f"{page}/gate/", f"{here}/gate/")),
    ]
    small = [[world.sponsor.pk, "post", "/api/v1/design/trimer/", TRIMER, 200]]
    numeric = [[world.sponsor.pk, "post", "/api/v1/design/surprise/", SURPRISE, 200]]

    done = run(WEB, given=json.dumps([bedside, small, numeric]), **site_environment())

    assert done.returncode == 0, done.stderr
    assert loaded(done) == [[], [], [], ["numpy", "scipy"]]

"""Production mode, by the settings and commands of docker-compose.yml, on a database that holds nothing yet."""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from crsmonitor import __version__, embedded
from tests import migrated
from tests.faults.rig.stack import START, until
from tests.project.operating.test_settings import KEY, SAFE

pytestmark = pytest.mark.fault
ROOT = Path(__file__).resolve().parents[2]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
HOST, PASSWORD = "crs.example.org", "a long way to the ward 7"
# Two workers of pytest-xdist may share this file's tests, and each then has everything of its own.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
DATABASE = f"test_production_{WORKER}"
FILLED_IN = {
    "SECRET_KEY": KEY, "CRS_SEALING_KEYS": SAFE["CRS_SEALING_KEYS"], "ALLOWED_HOSTS": HOST,
    "EMAIL_URL": "smtp://127.0.0.1:9", "OPERATOR_EMAIL": "operator@example.org", "CRS_APP_PASSWORD": "x",
    "CRS_OWNER_PASSWORD": "x", "VALKEY_PASSWORD": "x", "POSTGRES_PASSWORD": "x",
}  # fmt: skip


def filled(text: str) -> str:
    """As `docker compose` fills in ${NAME}, ${NAME:-default} and ${NAME:?word}, from an .env with FILLED_IN."""
    return re.sub(r"\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}", lambda m: FILLED_IN.get(m[1], m[2] or ""), text)


def environment_of(service: str, state: Path) -> dict[str, str]:
    """With the engines of the tests in the place of the containers'."""
    settings = {name: filled(str(value)) for name, value in SERVICES[service]["environment"].items()}
    here = {
        "DATABASE_URL": os.environ["CRS_TEST_DATABASE_URL"], "DATABASE_OWNER_URL": os.environ["CRS_TEST_OWNER_URL"],
    }  # fmt: skip
    engines = {name: url.replace("/crs?", f"/{DATABASE}?") for name, url in here.items() if name in settings}
    engines["REDIS_URL"] = os.environ["CRS_TEST_REDIS_URL"].removesuffix("0") + str(15 - WORKER % 8)
    shared = {"PATH": os.environ["PATH"], "CRS_STATE_DIR": str(state), "PYTHONUNBUFFERED": "1"}
    return settings | engines | shared


def command_of(service: str) -> list[str]:
    """What the image runs, by this Python."""
    words = SERVICES[service]["command"]
    return [sys.executable, *(words[1:] if words[0] == "python" else ["-m", *words])]


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="crs-test-production-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def running(django_db_setup, state) -> Iterator[int]:
    """Everything but the engines; the port of `web`."""
    migrated.copy_as(DATABASE)
    once = environment_of("migrate", state)
    subprocess.run([sys.executable, "manage.py", "upgrade"], cwd=ROOT, env=once, check=True, capture_output=True)
    operator = once | {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
    words = ["createsuperuser", "--no-input", "--username=operator", "--email=operator@example.org"]
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=operator, check=True, capture_output=True)
    port = embedded.free_port()
    # By another name than the site's, as in compose; a name that leads nowhere would be tried, and logged, for ever.
    beacon = {"CRS_BEACON_URL": f"http://127.0.0.1:{port}"}
    commands = {
        "web": [sys.executable, "-m", "crsmonitor.web", "--port", str(port)],
        "worker": command_of("worker"),
        "beat": [word.replace("/tmp/beat", str(state / "beat")) for word in command_of("beat")],
    }
    processes = []
    for name, command in commands.items():
        with (state / f"{name}.log").open("wb") as log:
            environment = environment_of(name, state) | beacon
            processes.append(
                subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
            )
    try:
        until(lambda: embedded.port_is_taken(port), START, "the web process listens")
        until(lambda: get(port, "/readyz")[0] == 200, START, "a sweep has run")
        yield port
    finally:
        for process in processes:
            embedded.stop_process(process, 15, 10)


def get(port: int, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    """As the proxy passes it on."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=START)) as connection:
        connection.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"} | headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), {name.title(): value for name, value in answer.getheaders()}


def test_the_sign_in_page_answers_and_everything_else_leads_there(running):
    status, page, headers = get(running, "/accounts/login/")
    assert status == 200
    assert 'type="password"' in page
    assert "max-age=31536000" in headers["Strict-Transport-Security"]
    stylesheet = re.search(r'href="(/static/[^"]+app\.[0-9a-f]+\.css)"', page)[1]
    assert get(running, stylesheet)[0] == 200
    status, _, headers = get(running, "/")
    assert (status, headers["Location"]) == (302, "/accounts/login/?next=/")


def lines_of(state: Path, name: str) -> list[dict[str, Any]]:
    """What this process has logged so far, without the line that it is writing."""
    return [json.loads(line) for line in (state / f"{name}.log").read_text().split("\n")[:-1]]


def test_an_idle_worker_and_beat_are_quiet_and_begin_with_what_they_are(running, state):
    """Both wrote 390,000 lines a day: 4 to 5 a second. A warning is another thing: a busy machine may be worth one."""
    before = {name: len(lines_of(state, name)) for name in ("worker", "beat")}
    time.sleep(5)  # two sweeps and more
    for name, number in before.items():
        since = lines_of(state, name)[number:]
        assert [line for line in since if line["level"] in ("DEBUG", "INFO")] == []
        assert len(since) < 5, since

    for name in ("web", "worker", "beat"):
        starts = [line for line in lines_of(state, name) if line.get("process") == name]
        assert len(starts) == (2 if name == "web" else 1)  # CRS_WEB_PROCESSES
        assert {start["version"] for start in starts} == {__version__}
        assert all(start["commit"] for start in starts)
        assert {start["database"] for start in starts} == {"is migrated"}


def test_the_health_check_of_worker_and_beat_asks_the_sweep(running, state):
    command = [sys.executable, "docker/healthcheck.py", "loop"]

    assert subprocess.run(command, cwd=ROOT, env=environment_of("worker", state)).returncode == 0

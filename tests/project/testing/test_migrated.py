"""The cluster that runs of the tests copy: made of the present migrations, by one process, and few of them kept."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tests import migrated
from tests.kept import Kept
from tests.migrated import MIGRATED, made_of

ROOT = Path(__file__).resolve().parents[3]
SHOWN = [
    "crsmonitor/audit/grants.py",
    "crsmonitor/embedded/postgres.py",
    "crsmonitor/settings.py",
    "grading/migrations/0001_initial.py",
    "grading/models/seen.py",
    "regimens/facts.py",
    "tests/migrated.py",
]


@pytest.fixture
def checkout(tmp_path):
    for name in [*SHOWN, "grading/views.py"]:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("one = 1\n")
    return tmp_path


@pytest.mark.parametrize("name", SHOWN)
def test_a_change_of_what_shows_in_a_database_is_another_cluster(checkout, name):
    before = made_of(checkout, ["18"])

    (checkout / name).write_text("one = 2\n")

    assert made_of(checkout, ["18"]) != before


def test_a_migration_more_less_or_renamed_is_another_cluster(checkout):
    folder = checkout / "grading/migrations"
    hashes = [made_of(checkout, ["18"])]
    (folder / "0002_more.py").write_text("")
    hashes.append(made_of(checkout, ["18"]))
    (folder / "0002_more.py").rename(folder / "0002_renamed.py")
    hashes.append(made_of(checkout, ["18"]))
    (folder / "0002_renamed.py").unlink()

    assert len(set(hashes)) == 3
    assert made_of(checkout, ["18"]) == hashes[0]


def test_another_engine_is_another_cluster(checkout):
    assert made_of(checkout, ["PostgreSQL 18.6"]) != made_of(checkout, ["PostgreSQL 18.7"])


def test_a_view_does_not_show_in_a_database(checkout):
    before = made_of(checkout, ["18"])

    (checkout / "grading/views.py").write_text("one = 2\n")

    assert made_of(checkout, ["18"]) == before


def test_every_migration_and_model_of_ours_is_looked_at():
    from django.apps import apps

    ours = [model for model in apps.get_models() if model.__module__.startswith(migrated.OURS)]
    models = {Path(sys.modules[model.__module__].__file__) for model in ours}
    migrations = {
        path for package in migrated.OURS for path in (ROOT / package).rglob("*.py") if path.parent.name == "migrations"
    }

    assert models
    assert migrations
    assert models | migrations <= set(migrated.sources(ROOT))


@pytest.mark.long
def test_this_run_has_copied_one(superuser):
    """Otherwise all still passes, and every worker migrates."""
    databases = superuser.execute("SELECT datname FROM pg_database WHERE datname ^@ 'test_crs'").fetchall()

    assert {MIGRATED, settings.DATABASES["owner"]["NAME"]} <= {name for (name,) in databases}


def test_where_there_is_none_to_copy_none_is_copied(monkeypatch):
    """A migration that fails says so in each worker."""
    monkeypatch.setattr(migrated, "MIGRATED", "test_crs_never_made")

    migrated.copy_as("test_crs_a_copy")

    with psycopg.connect(os.environ["CRS_TEST_OWNER_URL"]) as connection:
        assert not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'test_crs_a_copy'").fetchall()


# --- What is kept -------------------------------------------------------------------------------

COPY = """
import sys, time
from pathlib import Path
from tests.kept import Kept

at, into = map(Path, sys.argv[1:])

def make():
    with (at / "made").open("a") as log:
        log.write("once\\n")
    print("making", flush=True)
    (into / "data").mkdir()
    time.sleep(0.3)
    (into / "data/file").write_text("whole")
    return [into / "data"]

Kept(at, most=2).copy("name", into, make)
"""


def copier(at: Path, into: Path) -> subprocess.Popen:
    into.mkdir()
    return subprocess.Popen([sys.executable, "-c", COPY, at, into], cwd=ROOT, stdout=subprocess.PIPE)


@pytest.fixture
def at(tmp_path):
    (tmp_path / "kept").mkdir()
    return tmp_path / "kept"


@pytest.mark.long
def test_of_processes_at_once_one_makes_and_all_have_it_whole(at, tmp_path):
    folders = [tmp_path / name for name in "abc"]
    copiers = [copier(at, into) for into in folders]

    assert [one.communicate() and one.returncode for one in copiers] == [0, 0, 0]

    assert (at / "made").read_text() == "once\n"
    assert [(into / "data/file").read_text() for into in folders] == ["whole"] * 3


@pytest.mark.long
def test_what_a_killed_process_was_making_is_made_anew(at, tmp_path):
    killed = copier(at, tmp_path / "a")
    assert killed.stdout.readline() == b"making\n"
    (at / "unfinished-of-a-killed-one").mkdir()
    killed.kill()
    killed.communicate()
    assert not (at / "name").exists()

    copier(at, tmp_path / "b").communicate()

    assert (tmp_path / "b/data/file").read_text() == "whole"
    assert not list(at.glob("unfinished-*"))


def fill(kept: Kept, name: str, folder: Path) -> None:
    """Have `name` kept; what it holds is its name."""
    folder.mkdir()

    def make() -> list[Path]:
        (folder / "file").write_text(name)
        return [folder / "file"]

    kept.copy(name, folder, make)
    time.sleep(0.01)  # so that the times of use differ


def test_what_was_not_used_for_longest_goes(at, tmp_path):
    kept = Kept(at, most=2)
    for turn, name in enumerate(["first", "second", "first", "third"]):
        fill(kept, name, tmp_path / f"{turn}")

    assert {one.name for one in at.iterdir() if one.is_dir()} == {"first", "third"}
    assert (tmp_path / "2/file").read_text() == "first"


def test_what_could_not_be_made_is_not_kept(at, tmp_path):
    def cannot() -> list[Path]:
        raise LookupError

    with pytest.raises(LookupError):
        Kept(at, most=2).copy("name", tmp_path, cannot)

    assert not (at / "name").exists()


def test_a_copy_changes_nothing_in_what_is_kept(at, tmp_path):
    kept = Kept(at, most=2)
    fill(kept, "name", tmp_path / "a")
    (tmp_path / "a/file").write_text("changed by a run")

    fill(kept, "name", tmp_path / "b")

    assert (tmp_path / "b/file").read_text() == "name"

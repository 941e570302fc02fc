"""A backup of the whole database, restored beside it on the engines of the tests."""

import json
import os
import threading
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from crsmonitor import embedded
from crsmonitor.backup import dump, manifest, restoring
from crsmonitor.backup.programs import BackupFailed
from grading.models import Delivery
from tests.builders import dose, hour, kept, stay, vitals
from tests.engines import SEED

pytestmark = pytest.mark.long  # each takes a backup of a database of its own
FEVER = {"temperature_c": 38.6, "sbp": 85, "hypotension": True}


def owner() -> dict:
    return connections["owner"].settings_dict


@pytest.fixture
def readable(wipe, superuser):
    """What the tests keep beside the tables of ours is dumped too, so that the owner has to read it."""
    superuser.execute(f"GRANT USAGE ON SCHEMA {SEED} TO {embedded.OWNER}")
    superuser.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {SEED} TO {embedded.OWNER}")


@pytest.fixture
def backup(transactional_world, readable, tmp_path):
    """Of a participant with CRS grade 2, whose alerts nobody has sent."""
    world = transactional_world
    kept(stay(world), world)
    kept(dose(world), world)
    kept(vitals(world, 4, **FEVER), world)
    assert Delivery.objects.exists()
    return dump.take(tmp_path / "backups", source=owner(), at=hour(5))


def rewritten(backup, change) -> None:
    manifest = json.loads((backup / dump.MANIFEST).read_text())
    change(manifest)
    (backup / dump.MANIFEST).write_text(json.dumps(manifest))


def tried(*words: str) -> str:
    output = StringIO()
    call_command("restore_drill", *words, stdout=output)
    return output.getvalue()


def scratch_databases() -> list[str]:
    """Of this database: other processes of the run have drills of their own in this cluster."""
    with dump.connected(owner()) as connection:
        names = [name for (name,) in connection.execute("SELECT datname FROM pg_database")]
        return [name for name in names if name.startswith(f"{connection.info.dbname}_drill_")]


def test_a_backup_is_its_owners_only_and_says_what_is_in_it(backup):
    assert backup.name == "crs-20260302T140000Z"
    assert {path.name: oct(path.stat().st_mode)[-3:] for path in backup.iterdir()} == {
        dump.DUMP: "600", dump.MANIFEST: "600",
    }  # fmt: skip
    assert oct(backup.stat().st_mode)[-3:] == "700"
    kept = manifest.Manifest.read(backup / dump.MANIFEST)
    assert kept.tables["grading_vitalsigns"] == 1
    assert kept.tables["grading_delivery"] == Delivery.objects.count()


@pytest.mark.req("R21")
def test_the_drill_restores_all_and_holds_what_was_unsent(backup):
    waiting = Delivery.objects.count()

    output = tried(str(backup))

    assert "verify_audit: ok" in output
    assert "rederive --check: ok" in output
    assert "0 values differ" in output
    assert f"{waiting} messages held; a drill's alert was queued, sent and has arrived" in output
    assert "everything is there" in output
    assert scratch_databases() == []
    assert Delivery.objects.filter(state="queued").count() == waiting  # nothing happened to the database itself


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda kept: kept["tables"].update(grading_vitalsigns=2),
            "grading_vitalsigns: 2 rows in the backup, 1 rows here",
        ),
        (lambda kept: kept["tables"].update(grading_lost=1), "grading_lost: 1 rows in the backup, no such table here"),
        (lambda kept: kept.update(heads="0" * 64), "the chains of the audit trail do not end where they ended"),
    ],
)
def test_a_database_that_is_not_the_one_that_was_backed_up_is_told(backup, change, words):
    rewritten(backup, change)
    taken = restoring.opened(backup)

    with dump.connected(owner()) as connection:
        assert words in "\n".join(manifest.differences(taken, connection))


@pytest.mark.req("R21")
def test_the_drill_exits_1_where_a_row_was_altered_in_the_database_itself(backup, superuser, tmp_path):
    """A projection that says something else than the facts is backed up as it is, and found."""
    superuser.execute("UPDATE grading_grade SET grade = 1 WHERE grade = 2")

    with pytest.raises(CommandError, match="rederive --check"):
        tried(str(dump.take(tmp_path, source=owner(), at=timezone.now())))

    assert scratch_databases() == []


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda backup: (backup / dump.DUMP).write_bytes(b"x"), "is not the file that was taken"),
        (lambda backup: (backup / dump.DUMP).unlink(), "is no backup"),
        (lambda backup: (backup / dump.MANIFEST).write_text("{}"), "is no backup"),
        (lambda backup: rewritten(backup, lambda expected: expected.update(schema="grading 9999")), "which is newer"),
    ],
)
def test_what_is_no_whole_backup_is_not_restored(backup, spoil, words):
    spoil(backup)

    with pytest.raises(CommandError, match=words):
        tried(str(backup))


def test_a_backup_is_never_restored_over_anything(backup):
    with pytest.raises(BackupFailed, match="has tables"):
        restoring.restore(backup, into=owner())


def test_no_password_stands_on_a_command_line(monkeypatch, tmp_path, transactional_world):
    """Of the real program: what it was started with."""
    started = tmp_path / "started"
    program = tmp_path / "bin" / "pg_dump"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" > {started}\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("CRS_PG_BIN", str(program.parent))

    with pytest.raises(BackupFailed, match="pg_dump failed"):
        dump.take(tmp_path / "backups", source=owner(), at=hour(0))

    assert owner()["PASSWORD"]
    assert owner()["PASSWORD"] not in started.read_text()
    assert os.environ.get("PGPASSWORD") is None


def test_a_session_that_the_owner_may_not_end_is_waited_for(django_db_setup):
    """As an autovacuum that looks through what was restored: the database went only when none did."""
    name = f"{owner()['NAME']}_drill_looked"
    with restoring.scratch(owner(), name=name, user=embedded.APP):
        looks_through = psycopg.connect(os.environ["CRS_TEST_SUPERUSER_URL"].replace("/crs?", f"/{name}?"))
        ends = threading.Timer(0.3, looks_through.close)
        ends.start()
    ends.join()

    with dump.connected(owner()) as connection:
        assert connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None


def test_what_was_restored_is_known_to_the_planner_at_once(backup):
    """Nobody waits for its autovacuum: an export may be the first that is asked."""
    never_analyzed = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^grading_' AND reltuples < 0"

    with restoring.scratch(owner(), name=f"{owner()['NAME']}_drill_known", user=embedded.APP) as into:
        assert restoring.restore(backup, into=into) == []

        with dump.connected(into) as connection:
            assert connection.execute(never_analyzed).fetchall() == []

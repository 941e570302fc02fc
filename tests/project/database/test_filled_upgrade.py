"""A database that was filled before grading 0008 made columns of dose periods texts is upgraded, and loses nothing."""

import io
import os
from importlib import import_module

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.test import TransactionTestCase

from crsmonitor.database.in_place import added_in_place
from grading.models import DosePeriod, Episode, GradeAssessment
from grading.recording.record import record
from regimens.facts import Source
from tests.builders import World, dose, draft, hour, kept, neuro, stay, treatment, vitals
from tests.exports.reading import Row, rows
from tests.project.database.before import another_database, fill, shape_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

CUT = hour(400)
FEVER = {"temperature_c": 38.65}
LOW = FEVER | {"sbp": 85, "hypotension": True, "fluid_bolus": True}
PERIOD = "grading_doseperiod"
CHANGES = import_module("grading.migrations.0008_rows_as_exported")
CONVERTED = [*CHANGES.FLAGS, *CHANGES.NUMBERS, *CHANGES.LOCAL, "release_deviation"]
NAMED = [*import_module("grading.migrations.0011_rows_with_names").FIELDS]  # all that the migration fills in
# As they stood at grading 0007: a truth value, a number with its decimals, a word of the rules, empty where not known.
BEFORE = {
    **{(PERIOD, name): f"{name} = 'Y'" for name in CHANGES.FLAGS},
    **{(PERIOD, name): f"{name}::numeric(10, 3)" for name in CHANGES.NUMBERS},
    (PERIOD, "release_deviation"): "coalesce(lower(replace(release_deviation, ' ', '_')), '')",
    (PERIOD, "is_restart"): "false",
}


def two_periods(world: World) -> None:
    """CRS to grade 3 with drugs, ICANS, a judgement; and a second dose that is open at the cut and that nobody saw."""
    kept(stay(world), world)
    kept(treatment(world, -1, "dexamethasone", "corticosteroid", "premedication", dose=16, unit="mg"), world)
    kept(dose(world), world)
    kept(vitals(world, 4, **FEVER), world)
    kept(vitals(world, 6, oxygen_device="nasal_cannula", oxygen_flow_l_min=2.5, spo2=89, **LOW), world)
    kept(vitals(world, 8, vasopressors=["norepinephrine", "vasopressin"], **LOW), world)
    kept(treatment(world, 8.5, "tocilizumab", "anticytokine", "crs", dose=480, unit="mg"), world)
    kept(treatment(world, 9, "methylprednisolone", "corticosteroid", "crs", dose=80, unit="mg"), world)
    kept(neuro(world, 10, ice_writing=False), world)
    for h in (12, 24, 36, 48):
        kept(vitals(world, h), world)
        kept(neuro(world, h + 1), world)
    root = Episode.objects.filter(kind="crs").order_by("started_at")[0].root
    word = {"agrees": False, "grade": 2, "because": "sepsis"}
    judged = draft(
        GradeAssessment, world, 60, about="episode", about_root=root, kind="crs", ledger="investigator",
        source=Source.SIMULATION, **word,
    )  # fmt: skip
    record(judged, by=world.investigator, at=judged.observed_at)  # no row of a signature was kept then
    kept(dose(world, 168, step=1), world)


@pytest.fixture
def owner(transactional_db, monkeypatch):
    """The owner's connection. A test that names its database has it flushed afterwards, which our tables refuse."""
    for name, _ in TransactionTestCase._disallowed_connection_methods:
        guarded = getattr(connections["owner"], name)
        monkeypatch.setattr(connections["owner"], name, getattr(guarded, "wrapped", guarded))
    with psycopg.connect(os.environ["CRS_TEST_OWNER_URL"], autocommit=True) as session:
        yield session
    connections["owner"].close()


def exported(world: World) -> list[Row]:
    """Without the time of the last change: to be derived again is one."""
    return [row | {"LSTMODTM": ""} for row in rows(world, CUT)]


def run(command: str, *words: str, **options: object) -> str:
    out = io.StringIO()
    call_command(command, *words, stdout=out, **options)
    return out.getvalue()


def migrate_one_by_one(to: tuple[str, str]) -> None:
    """By the migrations that a new database goes past, see 0001_squashed_0022."""
    executor = MigrationExecutor(connections["owner"])
    executor.loader.replace_migrations = False
    executor.loader.build_graph()
    with added_in_place():  # as our command does
        executor.migrate([to])


def test_a_database_filled_at_grading_0007_is_upgraded_as_if_filled_now(transactional_world, owner, superuser):
    world = transactional_world
    two_periods(world)
    expected, periods = exported(world), list(DosePeriod.objects.order_by("pk").values(*CONVERTED, *NAMED))
    held = {name: {period[name] for period in periods} for name in CONVERTED}
    assert {True, False, None} <= set().union(*held.values())  # something of each kind is converted
    name = f"{settings.DATABASES['default']['NAME']}_before"

    with another_database(name, owner):
        migrate_one_by_one(("grading", "0007_holds_and_clocks"))
        there = os.environ["CRS_TEST_SUPERUSER_URL"].replace("/crs?", f"/{name}?")
        with psycopg.connect(there, autocommit=True) as then:
            fill(then, superuser, BEFORE)
        run("migrate", database="owner", verbosity=0)
        with psycopg.connect(there) as upgraded:
            assert shape_of(upgraded) == shape_of(superuser)  # which was made by the squashed ones
        assert list(DosePeriod.objects.order_by("pk").values(*CONVERTED, *NAMED)) == periods

        report = run("upgrade", "--no-static")

        assert "1 participants" in report
        assert run("rederive", "--check", jobs=1).endswith(": 0 values differ\n")
        assert "every chain holds" in run("verify_audit")
        assert exported(world) == expected

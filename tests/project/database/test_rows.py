"""Rows made and read without Django's own steps are what Django would have made and read."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from psycopg import DataError

from crsmonitor.database.instants import UtcLoader
from crsmonitor.database.rows import add, fetch, fetch_each, unsaved
from grading.course.derive import SHARED
from grading.course.memory import Memory, folded_in
from grading.models import CurrentState, DosePeriod, Grade, Lane, VitalSigns
from regimens.models import Participant

KEY = UUID("0e5ffe6c-7a30-4d58-a6a4-5b3d1a3b8c11")
SAID = {"id": KEY, "participant_id": 3, "sbp": 121, "vasopressors": [], "withdrawn": True}


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.parametrize(("model", "values"), [(VitalSigns, SAID), (Grade, {"fact_id": KEY, "flags": ["a"]})])
def test_what_nobody_says_of_a_new_row_is_what_the_model_says(model, values):
    ours = unsaved(model, **values)

    assert columns(ours) == columns(model(**values))
    assert ours._state.adding


def test_defaults_that_are_lists_are_each_rows_own():
    assert unsaved(VitalSigns).unconfirmed is not unsaved(VitalSigns).unconfirmed


def test_a_relation_is_said_by_its_object():
    participant = Participant(pk=7)
    row = unsaved(Grade, participant=participant)

    assert row.participant is participant
    assert row.participant_id == 7


def test_a_column_that_is_none_is_refused():
    with pytest.raises(TypeError, match="pulse"):
        unsaved(VitalSigns, pulse=80)


def test_what_a_set_copies_back_into_its_period_are_columns():
    assert set(SHARED) <= {field.attname for field in DosePeriod._meta.concrete_fields}


@pytest.mark.parametrize(
    "text",
    ["2026-11-30 17:49:16.641469+00", "2026-11-30 17:49:16.6+00", "2026-02-28 00:00:00+00", "0001-01-01 00:00:00+00"],
)
def test_an_instant_is_read_as_django_reads_it(text):
    theirs = type("Theirs", (BaseTzLoader,), {"timezone": UTC})(0).load(text.encode())

    assert UtcLoader(0).load(text.encode()) == theirs
    assert UtcLoader(0).load(memoryview(text.encode())).tzinfo is theirs.tzinfo is UTC


def test_an_instant_of_another_zone_is_the_same_instant():
    assert UtcLoader(0).load(b"2026-11-30 09:00:00+08") == datetime.fromisoformat("2026-11-30 01:00:00+00:00")


@pytest.mark.parametrize("text", ["infinity", "0044-03-15 00:00:00+00 BC", "10000-01-01 00:00:00+00"])
def test_what_is_no_instant_of_the_calendar_is_refused(text):
    with pytest.raises(DataError):
        UtcLoader(0).load(text.encode())


@pytest.mark.django_db
def test_every_connection_reads_instants_so():
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        assert issubclass(cursor.adapters.get_loader(1184, 0), UtcLoader)
        assert cursor.fetchone()[0].tzinfo is UTC


def test_a_fold_is_read_again_only_where_the_row_has_another():
    row = CurrentState(fold=Memory().write())
    first = folded_in(row)
    assert folded_in(row) is first

    row.fold = Memory().write() | {"state": Memory().write()["state"] | {"died": True}}
    assert folded_in(row).died


# --- Several statements, sent together -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_statement_finds_its_own_row_in_order():
    one, none, three = fetch_each(
        ("SELECT $1::int, 2", [1]), ("SELECT 1 WHERE $1::text = 'b'", ["a"]), ("SELECT $1::text", ["c"])
    )

    assert (next(one), next(one), none, next(three)) == (1, 2, None, "c")


@pytest.mark.django_db
def test_of_rows_that_are_added_those_are_told_of_which_nothing_was_there():
    at = datetime(2026, 2, 3, tzinfo=UTC)
    lanes = [Lane(name=name, waits=number, open_at=at) for number, name in enumerate("aba")]

    keys = add(lanes)

    assert keys == set(Lane.objects.values_list("pk", flat=True))
    assert list(Lane.objects.order_by("name").values_list("name", "waits")) == [("a", 0), ("b", 1)]
    assert add(lanes) == set()


@pytest.mark.django_db
def test_what_one_of_them_is_refused_undoes_all_and_is_told_as_it_is():
    with pytest.raises(IntegrityError, match="django_session_pkey"), transaction.atomic():
        insert = "INSERT INTO django_session VALUES ($1, 'x', now()) RETURNING 1"
        fetch_each((insert, ["a"]), (insert, ["a"]), ("SELECT 1", []))

    assert next(fetch("SELECT count(*) FROM django_session", [])) == 0


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_waits_is_given_up_as_alone(superuser):
    with transaction.atomic():
        superuser.execute("BEGIN")
        superuser.execute("LOCK TABLE django_session")
        next(fetch("SELECT set_config('lock_timeout', '50ms', true)", []))
        with pytest.raises(OperationalError, match="lock timeout"):
            fetch_each(("SELECT count(*) FROM django_session", []), ("SELECT 1", []))
        superuser.execute("ROLLBACK")
        transaction.set_rollback(True)

    assert next(fetch("SELECT 1", [])) == 1

"""Downloads and counts come from a standby that follows the database, and never lack what was saved before."""

import contextlib
from datetime import timedelta

import pytest
from django.db import connection, connections, router, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crsmonitor import embedded, health
from crsmonitor.database import replica
from crsmonitor.settings import replica_settings
from grading.alerting.selectors.burden import burden_for
from grading.evidence.page import EvidenceFilters, evidence_page
from grading.exports.rows import rows_of, scope_for
from grading.exports.writers import Download
from grading.safety.scope import review_scope
from regimens.models import Participant
from tests.builders import kept, vitals
from tests.faults.hosts.standby import Standby
from tests.faults.rig.clusters import a_database_of_its_own, kill
from tests.faults.rig.stack import fever, ward

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

PATIENT = 60  # seconds that nothing here takes


@contextlib.contextmanager
def reading_from(standby, monkeypatch):
    """As with DATABASE_REPLICA_URL."""
    there = connection.settings_dict | {"PORT": str(standby.port)}
    connections.settings[replica.REPLICA] = replica_settings(there)
    connections.settings[replica.REPLICA]["OPTIONS"]["connect_timeout"] = PATIENT  # on a machine that is busy
    monkeypatch.setattr(router, "routers", [replica.ReplicaRouter()])
    wrapper = connections[replica.REPLICA]

    def ensure_connection() -> None:
        """Without what Django's tests ask of it: that they were told of this one before they began."""
        if wrapper.connection is None:
            with wrapper.wrap_database_errors:
                wrapper.connect()

    monkeypatch.setattr(wrapper, "ensure_connection", ensure_connection)
    try:
        yield
    finally:
        wrapper.close()
        del connections[replica.REPLICA], connections.settings[replica.REPLICA]


def downloaded(world):
    """The port of the server that the rows came from, and the rows."""
    at = timezone.now()
    with contextlib.closing(Download(rows_of(scope_for(world.investigator, "DEMO"), at), user_id=1)) as download:
        port = download._connection.info.port
        return port, b"".join(download)


def answers_as(world, server):
    """Whether the server answered, with what the database has, asked by itself."""
    port, rows = downloaded(world)
    with transaction.atomic():  # then nobody else is asked
        own, all_rows = downloaded(world)
    assert own == int(connection.settings_dict["PORT"])
    assert rows.count(b"\n") == all_rows.count(b"\n") > 1
    return port == server.port


def counted(world, at):
    day = at.date()
    return burden_for(world.investigator, first=day - timedelta(days=3), last=day, at=at)


def outcomes_seen(world, at):
    page = evidence_page(world.investigator, review_scope(world.investigator, "DEMO"), EvidenceFilters(), at=at)
    return page.digest, page.rows, page.people


def test_a_standby_answers_where_it_has_everything_and_else_the_database(stack, monkeypatch):
    monkeypatch.setattr(replica, "_away_until", 0.0)
    monkeypatch.setattr(replica, "WAIT_SECONDS", PATIENT)
    with a_database_of_its_own(stack, stack.folder) as postgres:
        world = ward()
        standby = Standby(postgres).start()
        try:
            with reading_from(standby, monkeypatch):
                assert answers_as(world, standby)
                fever(world)
                assert answers_as(world, standby)  # what was saved just now is waited for
                health.check_replica()

                for count, table in ((counted, "grading_alert"), (outcomes_seen, "grading_doseperiod")):
                    at = timezone.now()
                    with transaction.atomic():
                        own = count(world, at)
                    with CaptureQueriesContext(connections[replica.REPLICA]) as there:
                        assert count(world, at) == own
                    assert any(table in query["sql"] for query in there)
                one = replica.read(lambda: Participant.objects.get(number="DEMO-001"))
                assert one._state.db == replica.REPLICA
                assert one.site._state.db == replica.PRIMARY  # read on afterwards, from the database

                with standby.connect(dbname=embedded.DATABASE) as superuser:
                    superuser.execute("SELECT pg_wal_replay_pause()")
                    kept(vitals(world, 1), world)
                    monkeypatch.setattr(replica, "WAIT_SECONDS", 0.1)
                    assert answers_as(world, postgres)  # it is behind, and not waited for longer
                    assert replica.replica_state().bytes_behind > 0
                    superuser.execute("SELECT pg_wal_replay_resume()")
                    monkeypatch.setattr(replica, "WAIT_SECONDS", PATIENT)
                    assert answers_as(world, standby)  # it has caught up

                    superuser.execute("SELECT pg_promote()")
                assert answers_as(world, postgres)  # it goes ways of its own
                kill(standby)
                assert answers_as(world, postgres)
                with pytest.raises(health.Doubtful):
                    health.check_replica()
        finally:
            standby.stop()

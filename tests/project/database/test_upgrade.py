"""An update of the database while people save, and run twice."""

import threading
import time
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import close_old_connections, connections
from django.test import TransactionTestCase
from django.utils import timezone
from rest_framework.test import APIClient

from crsmonitor.audit.acting import acting
from crsmonitor.audit.grants import grant
from crsmonitor.audit.models import AuditEvent
from crsmonitor.database import upgrading
from grading.models import AlertPolicy, VitalSigns
from tests.builders import dose, kept, stay, vitals
from tests.faults.rig.tablets import a_set

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def owner(transactional_db, monkeypatch):
    """The owner's connection. A test that names its database has it flushed afterwards, which our tables refuse."""
    connection = connections["owner"]
    for name, _ in TransactionTestCase._disallowed_connection_methods:
        guarded = getattr(connection, name)
        monkeypatch.setattr(connection, name, getattr(guarded, "wrapped", guarded))
    connection.connect()
    yield connection
    connection.close()


def upgraded(*words: str) -> str:
    lines = StringIO()
    call_command("upgrade", "--no-static", *words, stdout=lines)
    return lines.getvalue()


@pytest.fixture
def ward(transactional_world):
    kept(stay(transactional_world), transactional_world)
    kept(dose(transactional_world), transactional_world)
    kept(vitals(transactional_world, 1), transactional_world)
    return transactional_world


@pytest.mark.long
def test_an_upgrade_derives_again_under_other_rules_and_only_once(ward):
    first, second = upgraded(), upgraded()

    assert "rules: they have changed, deriving again" in first
    assert "1 participants, 1 sets: 0 values differed" in first
    assert "rules: as at the last upgrade, nothing to derive" in second
    assert "migrations: none was missing" in second
    event = AuditEvent.objects.filter(table_name="upgraded").latest("id")
    assert event.after["rules"] == upgrading.rules_digest()


@pytest.mark.long
def test_where_derivation_is_put_off_the_next_upgrade_still_asks_for_it(ward):
    assert "Run `manage.py rederive`" in upgraded("--no-rederive")
    assert "deriving again" in upgraded()


def test_an_empty_database_is_upgraded_too(transactional_db):
    assert "there is no participant" in upgraded()


def test_a_policy_that_cannot_be_read_any_more_needs_a_person(ward):
    with acting(by="test", reason="of an older version"):
        thresholds = [{"code": "of_before", "kind": "crs", "from_grade": 1, "source": "x"}]
        AlertPolicy.objects.create(
            study=ward.study, version=2, title="Of before", thresholds=thresholds, in_force_from=timezone.now()
        )

    with pytest.raises(CommandError, match="cannot be read"):
        upgraded()


@pytest.mark.fault
def test_people_save_while_rights_are_given(ward, owner):
    """Of 600 sets three were answered with 500: rights were taken away and given apart."""
    statuses: Counter[int] = Counter()
    over = threading.Event()

    def save() -> None:
        client = APIClient(raise_request_exception=False)
        client.force_authenticate(ward.nurse)
        while not over.is_set():
            answer = client.post(f"/api/v1/participants/{ward.participant.pk}/vital-signs/", a_set())
            statuses[answer.status_code] += 1
            close_old_connections()
        connections.close_all()

    writers = [threading.Thread(target=save) for _ in range(3)]
    for writer in writers:
        writer.start()
    try:
        began = time.monotonic()
        while time.monotonic() < began + 5 or (statuses[201] <= 20 and time.monotonic() < began + 300):
            grant(owner, role=connections["default"].settings_dict["USER"])
        upgraded("--no-rederive")
    finally:
        over.set()
        for writer in writers:
            writer.join()

    assert set(statuses) == {201}
    assert statuses[201] > 20
    assert VitalSigns.objects.count() == 1 + statuses[201]

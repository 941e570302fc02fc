"""Acts that change no row are links of the same chains, and nobody can pass one off as a change."""

import pytest
from django.db import DatabaseError, connection, transaction

from crsmonitor.audit.events import record_event
from crsmonitor.audit.models import AuditEvent
from crsmonitor.audit.selectors import broken_links

pytestmark = pytest.mark.django_db


def test_an_event_joins_the_chain_of_the_account_that_acts(world):
    record_event("export", by=world.sponsor, profile="blinded", sha256="ab" * 32, rows=7)

    link = AuditEvent.objects.filter(subject=f"user:{world.sponsor.pk}").order_by("seq").last()
    assert (link.action, link.table_name, link.actor) == (
        "EVENT", "export", f"user:{world.sponsor.pk}:{world.sponsor.username}",
    )  # fmt: skip
    assert link.before is None
    assert link.after == {"profile": "blinded", "sha256": "ab" * 32, "rows": 7}
    assert broken_links() == []


def test_an_event_may_join_the_chain_of_what_it_is_about(world):
    record_event("unblinded_view", by=world.investigator, subject=f"study:{world.study.pk}", page="cohorts")

    assert AuditEvent.objects.get(table_name="unblinded_view").subject == f"study:{world.study.pk}"


def test_a_command_has_a_chain_of_its_own(db):
    record_event("restore_drill", by="restore_drill")

    assert AuditEvent.objects.get().subject == "command:restore_drill"


@pytest.mark.parametrize("kind", ["", "Export", "INSERT", "a b", "x;y"])
def test_a_kind_is_a_word(world, kind):
    with pytest.raises(DatabaseError, match="an event has"), transaction.atomic():
        record_event(kind, by=world.nurse)


def test_the_role_that_runs_still_writes_no_link_of_its_own(world):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (subject, seq, at, actor, reason, request_id, action, table_name, row_id,"
            " previous_hash, hash) VALUES ('x', 1, now(), 'x', '', '', 'UPDATE', 'x', '', '', '')"
        )

"""The audit trail: the database writes it, and nobody rewrites facts or trail. Raw SQL, as the app's role."""

import re

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent, AuditHead
from crsmonitor.audit.selectors import broken_links
from regimens.facts import Fact
from regimens.models import Membership, Participant
from tests.builders import dose, kept, stay, treatment, vitals

pytestmark = pytest.mark.django_db


def run(sql: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.req("R07")
def test_a_change_says_who_when_what_and_why(world):
    with acting(by=world.data_manager, reason="moved to another cohort"):
        Participant.objects.filter(pk=world.participant.pk).update(cohort="B")

    event = AuditEvent.objects.filter(table_name="regimens_participant").last()
    assert (event.action, event.before["cohort"], event.after["cohort"]) == ("UPDATE", "", "B")
    assert event.actor == f"user:{world.data_manager.pk}:demo.data"
    assert event.reason == "moved to another cohort"
    assert event.subject == f"participant:{world.participant.pk}"


def test_a_change_by_nobody_is_refused(world):
    with pytest.raises(IntegrityError, match="nobody said who"):
        run("SELECT set_config('app.actor', '', true); UPDATE regimens_participant SET cohort = 'B'")


@pytest.mark.req("R07")
def test_a_change_for_no_reason_is_refused(world):
    with pytest.raises(IntegrityError, match="nobody said why"), acting(by=world.nurse, reason=""):
        Participant.objects.update(cohort="B")


def test_the_actor_is_the_outer_one_again_after_an_inner_act(world):
    with acting(by=world.nurse, reason="outer"):
        with acting(by=world.investigator, reason="inner"):
            Membership.objects.filter(user=world.sponsor).update(role="nurse")
        Participant.objects.update(cohort="B")

    assert AuditEvent.objects.filter(table_name="regimens_participant").last().actor.endswith("demo.nurse")


def test_a_password_is_never_copied(world):
    with acting(by=world.nurse, reason="new password"):
        world.nurse.set_password("another long one")
        world.nurse.save()

    event = AuditEvent.objects.filter(table_name="accounts_user").last()
    assert event.after["password"] == "changed"
    assert "another" not in str(event.before) + str(event.after)
    assert world.nurse.password not in str(event.before) + str(event.after)


def test_the_chains_hold(world):
    kept(stay(world), world)
    kept(dose(world), world)
    kept(vitals(world, 4, temperature_c=39), world)

    assert AuditEvent.objects.filter(table_name="grading_alert").exists()
    assert broken_links() == []


@pytest.mark.req("R09")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_event SET reason = 'other' WHERE id = (SELECT max(id) FROM audit_event)",
        "UPDATE audit_event SET after = jsonb_set(after, '{code}', '\"X\"') WHERE table_name = 'regimens_study'",
        "DELETE FROM audit_event WHERE id = (SELECT max(id) FROM audit_event)",
        "DELETE FROM audit_event WHERE subject = (SELECT subject FROM audit_event LIMIT 1)",
        "UPDATE audit_event SET seq = seq + 1 WHERE id = (SELECT max(id) FROM audit_event)",
    ],
)
def test_what_a_superuser_alters_is_found(transactional_world, superuser, tampering):
    assert broken_links() == []
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute(tampering)

    assert broken_links() != []
    with pytest.raises(CommandError, match="broken"):
        call_command("verify_audit")


SET_LOWERED = "UPDATE grading_vitalsigns SET temperature_c = 37.0, hypotension = false"


@pytest.mark.long
@pytest.mark.req("R09")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("tampering", "problem"),
    [
        (SET_LOWERED, "grading_vitalsigns .*: it says something else than the trail in hypotension, temperature_c"),
        ("DELETE FROM grading_vitalsigns", "it is gone, and the trail says it stands"),
        ("TRUNCATE audit_event, audit_head", "the trail does not know it"),
        ("UPDATE grading_grade SET grade = 1, at_least = 1 WHERE kind = 'crs'", "not what the facts say"),
        ("UPDATE audit_event SET after = '{}' WHERE table_name = 'grading_vitalsigns'", "does not match its hash"),
        ("UPDATE regimens_membership SET role = 'investigator'", "regimens_membership .* trail in role"),
        ("UPDATE accounts_user SET is_superuser = true", "accounts_user .* trail in is_superuser"),
    ],
)
def test_whatever_is_altered_past_the_triggers_is_found(transactional_world, superuser, tampering, problem, capsys):
    """Case H4: a lowered set, and the grades derived again of it, was found by nobody."""
    low = vitals(transactional_world, 4, temperature_c=39, hypotension=True, sbp=85)
    for fact in (stay(transactional_world), dose(transactional_world), low):
        kept(fact, transactional_world)
    call_command("verify_audit")
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute(tampering)
    if tampering == SET_LOWERED:
        call_command("rederive", jobs=1)

    with pytest.raises(CommandError, match="broken"):
        call_command("verify_audit")
    assert re.search(problem, capsys.readouterr().err)


@pytest.mark.req("R07")
def test_a_fact_stands_in_the_chain_of_its_participant(world):
    fact = kept(vitals(world, 4, temperature_c=39), world).fact

    link = AuditEvent.objects.get(table_name="grading_vitalsigns", row_id=str(fact.pk))
    assert (link.subject, link.actor) == (f"participant:{world.participant.pk}", f"user:{world.nurse.pk}:demo.nurse")
    assert link.after["temperature_c"] == 39


def test_the_role_that_runs_writes_no_link_by_itself(world):
    with pytest.raises(ProgrammingError, match="permission denied"):
        run("SELECT audit_link(e) FROM audit_event e LIMIT 1")


FORBIDDEN = [
    "UPDATE audit_event SET reason = 'other'",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event",
    "INSERT INTO audit_event (subject, seq) VALUES ('x', 1)",
    "UPDATE audit_head SET hash = ''",
    "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    "DROP TRIGGER audited ON regimens_participant",
    "SET session_replication_role = replica",
    "DELETE FROM regimens_participant",
    "TRUNCATE regimens_participant CASCADE",
    "SET ROLE crs_owner",
    "CREATE TABLE mine (id int)",
]


@pytest.mark.req("R13")
@pytest.mark.req("R09")
@pytest.mark.parametrize("attempt", FORBIDDEN)
def test_the_role_that_runs_may_not(world, attempt):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        run(attempt)


FACTS = sorted((model for model in Fact.__subclasses__()), key=lambda m: m.__name__)


@pytest.mark.parametrize("attempt", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_facts_are_never_rewritten_by_the_app(world, attempt):
    assert FACTS
    for model in FACTS:
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(attempt.format(model._meta.db_table))


@pytest.mark.req("R08")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_facts_are_never_rewritten_by_anybody(transactional_world, superuser, attempt):
    for fact in (stay(transactional_world), dose(transactional_world), vitals(transactional_world, 1)):
        kept(fact, transactional_world)
        with pytest.raises(psycopg.errors.RestrictViolation, match="written once"):
            superuser.execute(attempt.format(type(fact)._meta.db_table))


def test_every_fact_table_is_sealed(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal")
        triggers = set(cursor.fetchall())

    guards = ("written_once", "never_truncated", "registered_once", "chained")
    sealed = {(model._meta.db_table, name) for model in FACTS for name in guards}
    assert sealed - triggers == set()


def test_the_orm_refuses_to_rewrite_a_fact(world):
    fact = kept(treatment(world, 1, "paracetamol", "antipyretic", "crs"), world).fact

    for attempt in (
        fact.save,
        fact.delete,
        type(fact).objects.all().delete,
        lambda: type(fact).objects.update(drug="x"),
    ):
        with pytest.raises(TypeError, match="Treatment"):
            attempt()


def test_the_heads_are_what_an_operator_keeps_elsewhere(world, capsys):
    call_command("verify_audit", heads=True)

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == AuditHead.objects.count()
    assert all(len(line.split("\t")) == 3 for line in lines)

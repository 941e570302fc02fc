"""What a bedside, an alert and a sweep ask, as it is planned where the tables are large: by index, never all of one.

The planner is told that every table of participants and facts has a million rows to a page. What a page asks is
explained in the transaction in which it is asked.
"""

import re
from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils import timezone

from grading.alerting.delivery import outbox
from grading.alerting.selectors.alerts import is_any_waiting
from grading.alerting.services import conditions, escalation
from grading.downtime import making
from regimens.models import DoseEnd
from tests.builders import dose, draft, hour, kept, neuro, stay, vitals

pytestmark = pytest.mark.django_db

ROWS = 1_000_000
# Of participants, of their facts and of alerts.
LARGE = """
SELECT c.relname, c.relpages, c.reltuples FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
   AND (c.relname = 'regimens_participant' OR EXISTS (
        SELECT FROM pg_constraint f WHERE f.conrelid = c.oid AND f.contype = 'f'
           AND f.confrelid IN ('regimens_participant'::regclass, 'grading_alert'::regclass)))
"""
PAGES = {
    "nurse": (
        "/", "/alerts/", "/alerts/list/", "/alarms/", "/handover/", "/tablet/ward/", "/downtime/",
        "/participants/{pk}/", "/participants/{pk}/vitals/", "/api/v1/ward/", "/api/v1/alerts/",
        "/api/v1/participants/{pk}/",
    ),
    "investigator": ("/", "/alerts/list/", "/api/v1/ward/", "/participants/{pk}/gate/"),
}  # fmt: skip


@pytest.fixture
def large(world, superuser):
    """A ward with an alert that waits, in tables that the planner believes to be large.

    Those without a row it believes to be empty, whatever pages the tests before have left in them.
    """
    given = kept(dose(world), world).fact
    ended = draft(DoseEnd, world, 1, dose=given)
    for fact in (stay(world), ended, neuro(world, 3), vitals(world, 4, temperature_c=38.6, sbp=85)):
        kept(fact, world)
    before = superuser.execute(LARGE).fetchall()
    filled = frozenset(name for name, *_ in before if has_rows(name))
    believe(superuser, [(name, 1, ROWS if name in filled else 0) for name, *_ in before])
    yield filled
    believe(superuser, before)


def has_rows(table) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
        return cursor.fetchone()[0]


def believe(superuser, sizes) -> None:
    for name, pages, rows in sizes:
        superuser.execute("UPDATE pg_class SET relpages = %s, reltuples = %s WHERE relname = %s", [pages, rows, name])


@contextmanager
def explained():
    """The questions that are asked meanwhile, each with its plan."""
    plans: list[tuple[str, str]] = []

    def explain(execute, sql, params, many, context):
        if re.match(r"\s*(SELECT|WITH)\b", sql):
            with connection.connection.cursor() as cursor:
                lines = cursor.execute(f"EXPLAIN {sql}", params).fetchall()
            plans.append((sql, "\n".join(line for (line,) in lines)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield plans


def scans(plans, large) -> list[str]:
    """What looks at every row of a large table."""
    return [
        f"{table}: {' '.join(sql.split())[:2000]}\n{plan}"
        for sql, plan in plans
        for table in re.findall(r"Seq Scan on (\w+)", plan)
        if table in large
    ]


@pytest.mark.long
def test_no_page_looks_at_every_row(world, client, large):
    with explained() as plans:
        for role, addresses in PAGES.items():
            client.force_login(getattr(world, role))
            for address in addresses:
                assert client.get(address.format(pk=world.participant.pk)).status_code == 200, address
            assert is_any_waiting(getattr(world, role))

    assert len(plans) > 100
    assert scans(plans, large) == []


def test_no_sweep_looks_at_every_row(large):
    at = timezone.now()
    with explained() as plans:
        escalation.due(at=at)
        conditions.due(at=at)
        outbox.due(at=at)
        list(making.due(at=hour(5)))

    assert len(plans) >= 6
    assert scans(plans, large) == []


def test_a_question_without_an_index_is_noticed(large):
    with explained() as plans, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM grading_alert WHERE grade = 3")

    assert scans(plans, large) != []

"""The shape of the code, held by tests; each guard is itself tried on a bad example."""

import ast
import re

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model

from crsmonitor.audit.grants import rights
from grading.models import Outgoing
from grading.models.projection_fields import PROJECTION
from regimens.facts import Fact
from tests.project.shape import sources
from tests.project.shape.sources import MIGRATIONS, PACKAGES, ROOT, SOURCES, dotted, named, nodes, offenders

EDGE = re.compile(r"(^|/)(views|api|tasks|forms|health)(\.py|/)")
BELOW = re.compile(r"(^|/)(rules|selectors|services|models|course|exports|facts|outbox|recording)(\.py|/)")
LONGEST = 350  # lines
SENDERS = ("grading/alerting/delivery/hints.py", "grading/alerting/tasks.py", "regimens/runs/hints.py")
OURS = [model for model in apps.get_models() if model.__module__.startswith(PACKAGES)]
# the trail's own head, and when it was verified; guesses at a door; signs of life; the way to a browser, whose contact
# is audited; how far a packet is, whose cut is audited; how far a file is, whose batches are audited;
# how far a run of the workbench is, whose input is audited and whose result is written once
OPERATIONAL = {
    "AuditHead", "ChannelOutage", "DesignProgress", "EntryEffort", "GuessCount", "Heartbeat", "IntakeFile", "Lane",
    "Packet", "PushSubscription", "Verification",
}  # fmt: skip


def managers_used(source: str) -> list[str]:
    """Lines that reach for a manager: reads start from the user, so the edge asks a selector."""
    return [
        line.strip() for line in source.splitlines() if re.search(r"\.(objects|_default_manager|_base_manager)\b", line)
    ]


def clocks_read(source: str) -> list[str]:
    """Clocks, called or handed on (`default=timezone.now`): time is an argument below the edge.

    Left out: the database's own now() in SQL, and a field of that name (`fever.now`).
    """
    if not SAYS_CLOCK.search(source):
        return []
    names = [dotted(node.func) for node in nodes(source) if isinstance(node, ast.Call)]
    names += [dotted(node) for node in nodes(source) if isinstance(node, ast.Attribute) and _owner(node) in CLOCKS]
    modules = [name for name in imports_of(source) if name == "time"]
    return [*dict.fromkeys(name for name in names if re.search(CLOCK, name)), *modules]


CLOCKS = {"datetime", "date", "timezone", "dt"}
CLOCK = r"(^|\.)(now|utcnow|today|localtime|localdate|Now)$"
# Stands in the text of every module that reads one: the others need not be parsed.
SAYS_CLOCK = re.compile(r"\b(now|utcnow|today|localtime|localdate|Now)\b|\b(import|from)\b.*\btime\b")


def _owner(node: ast.Attribute) -> str:
    return dotted(node.value).rpartition(".")[2]


def imports_of(source: str) -> list[str]:
    imported = []
    for node in nodes(source):
        if isinstance(node, ast.Import):
            imported += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.append(node.module)
    return imported


def own_imports(source: str) -> list[str]:
    return [name for name in imports_of(source) if name.split(".")[0] in ("crsmonitor", "regimens", "grading")]


def lines_too_many(source: str) -> list[str]:
    """Whether the file is to be split by noun."""
    lines = len(source.splitlines())
    return [f"{lines} lines"] if lines > LONGEST else []


def sends_of_celery(source: str) -> list[str]:
    """Calls that hand a task to Celery, which may lose it: only the outbox and its tasks, which have a row behind."""
    return re.findall(r"\.(?:delay|apply_async|send_task)\(", source)


def test_the_edge_asks_selectors():
    assert offenders([p for p in SOURCES if EDGE.search(named(p))], managers_used) == {}


def test_no_clock_below_the_edge():
    below = [p for p in SOURCES if BELOW.search(named(p)) and not EDGE.search(named(p))]

    assert offenders(below, clocks_read) == {}


def test_migrations_import_nothing_of_ours():
    assert offenders(MIGRATIONS, own_imports) == {}


def test_no_file_is_too_long():
    assert offenders(SOURCES, lines_too_many) == {}


def test_only_the_outbox_hurries_celery():
    assert offenders([p for p in SOURCES if named(p) not in SENDERS], sends_of_celery) == {}


def test_every_table_is_written_once_or_audited_or_derived(db):
    """Nothing clinical may change without a trace: a new table has to choose."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname IN ('written_once', 'audited')")
        guarded = {table for (table,) in cursor.fetchall()}

    assert [model.__name__ for model in OURS if model._meta.db_table not in guarded and not may_change(model)] == []


def may_change(model: type[Model]) -> bool:
    """Whether it is derived anew, how messages left, or a sign of life."""
    derived = getattr(model, "app_may", "") == PROJECTION
    return derived or issubclass(model, Outgoing) or model.__name__ in OPERATIONAL


def test_what_changes_without_a_trace_is_there_and_is_nothing_else():
    freely = {model.__name__ for model in OURS if may_change(model)}

    assert freely >= OPERATIONAL
    assert freely.isdisjoint({"User", "Participant", "VitalSigns", "Alert"})


def test_who_may_hurry_celery_is_there():
    assert [name for name in SENDERS if not (ROOT / name).is_file()] == []


def test_facts_may_only_be_added():
    allowed = rights()

    assert {allowed[model._meta.db_table] for model in Fact.__subclasses__()} == {"SELECT, INSERT"}


@pytest.mark.parametrize(
    ("guard", "bad"),
    [
        (managers_used, "alert = Alert.objects.get(pk=1)"),
        (clocks_read, "at = timezone.now()"),
        (clocks_read, "day = date.today()"),
        (clocks_read, "at = Field(default=timezone.now)"),
        (clocks_read, "at = Now()"),
        (clocks_read, "from time import monotonic"),
        (managers_used, "alert = Alert._default_manager.first()"),
        (own_imports, "import regimens.models.trial"),
        (own_imports, "from grading.rules.alerts import AlertState"),
        (lines_too_many, "one = 1\n" * (LONGEST + 1)),
        (sends_of_celery, "deliver.delay(delivery.pk)"),
        (sends_of_celery, "deliver.apply_async([delivery.pk])"),
    ],
)
def test_each_guard_catches_a_bad_example(guard, bad):
    assert guard(bad) != []


def test_every_offender_is_listed_with_what_it_does(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    files = {"good.py": "one = 1", "bad.py": "at = now()", "worse.py": "at = now()\nday = date.today()"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    assert offenders(tmp_path.iterdir(), clocks_read) == {"bad.py": ["now"], "worse.py": ["now", "date.today"]}


def test_a_guard_that_looks_at_no_file_fails():
    with pytest.raises(AssertionError, match="guards nothing"):
        offenders([], clocks_read)

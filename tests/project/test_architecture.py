"""The shape of the code, held by tests; each guard is itself tried on a bad example."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

from crsmonitor.audit.grants import rights
from grading.models import Outgoing
from grading.models.derived import PROJECTION
from regimens.facts import Fact

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    path
    for folder in ("crsmonitor", "regimens", "grading")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
MIGRATIONS = [
    path for folder in ("crsmonitor", "regimens", "grading") for path in (ROOT / folder).rglob("migrations/0*.py")
]
EDGE = re.compile(r"(^|/)(views|api|tasks|forms)(\.py|/)")
BELOW = re.compile(r"(^|/)(rules|selectors|services|models|course|exports|facts|outbox|readings)(\.py|/)")
LONGEST = 350  # lines


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def managers_used(source: str) -> list[str]:
    """Lines that reach for `.objects`: reads start from the user, so the edge asks a selector."""
    return [line.strip() for line in source.splitlines() if re.search(r"\.objects\b", line)]


def clocks_read(source: str) -> list[str]:
    """Calls of a clock: time is an argument below the edge."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    names = [ast.unparse(node.func) for node in calls]
    return [name for name in names if re.search(r"(^|\.)(now|utcnow|today|localtime|localdate)$", name)]


def imports_of(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
    return found


def own_imports(source: str) -> list[str]:
    return [name for name in imports_of(source) if name.split(".")[0] in ("crsmonitor", "regimens", "grading")]


@pytest.mark.parametrize("path", [p for p in SOURCES if EDGE.search(named(p))], ids=named)
def test_the_edge_asks_selectors(path):
    assert managers_used(path.read_text()) == []


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if BELOW.search(named(p)) and not EDGE.search(named(p))], ids=named
)
def test_no_clock_below_the_edge(path):
    assert clocks_read(path.read_text()) == []


@pytest.mark.parametrize("path", MIGRATIONS, ids=named)
def test_migrations_import_nothing_of_ours(path):
    assert own_imports(path.read_text()) == []


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_no_file_is_too_long(path):
    assert len(path.read_text().splitlines()) <= LONGEST, "split it by noun"


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_only_the_outbox_hurries_celery(path):
    sends = re.findall(r"\.(?:delay|apply_async|send_task)\(", path.read_text())
    assert not sends or named(path) in ("grading/hints.py", "grading/tasks.py")


OURS = [m for m in apps.get_models() if m.__module__.startswith(("crsmonitor", "regimens", "grading"))]


@pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
def test_every_table_is_written_once_or_audited_or_derived(model, db):
    """Nothing clinical may change without a trace: a new table has to choose."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass", [model._meta.db_table])
        triggers = {name for (name,) in cursor.fetchall()}
    operational = {"AuditHead", "ChannelTrouble", "Heartbeat", "Lane"}  # the trail's own head; signs of life
    derived = getattr(model, "app_may", "") == PROJECTION
    how_it_left = issubclass(model, Outgoing)
    named = how_it_left or model.__name__ in operational
    assert "written_once" in triggers or "audited" in triggers or derived or named


def test_facts_may_only_be_added():
    allowed = rights()

    assert {allowed[model._meta.db_table] for model in Fact.__subclasses__()} == {"SELECT, INSERT"}


@pytest.mark.parametrize(
    ("guard", "bad"),
    [
        (managers_used, "alert = Alert.objects.get(pk=1)"),
        (clocks_read, "at = timezone.now()"),
        (clocks_read, "day = date.today()"),
        (own_imports, "import regimens.models.trial"),
        (own_imports, "from grading.rules.alerts import AlertState"),
    ],
)
def test_each_guard_catches_a_bad_example(guard, bad):
    assert guard(bad) != []

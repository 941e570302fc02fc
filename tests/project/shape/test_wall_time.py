"""Wall time becomes an instant in one module only: local datetimes are read and shown, never added to."""

import ast
import re
from functools import partial

import pytest

from tests.project.shape.sources import ROOT, SOURCES, dotted, named, nodes, offenders

HELPER = "regimens/rules/wall_time.py"
# What may read a typed time, naive, for the helper.
READERS = {HELPER, "grading/recording/forms/wall_time.py"}
LOCAL_CALLS = {"make_aware", "make_naive", "localtime", "localdate", "now_local"}
# Stands in the text of every module that does any of it: the others need not be parsed.
SAID = re.compile("|".join(["tzinfo", "replace", "combine", "strptime", "astimezone", "on_wall", *sorted(LOCAL_CALLS)]))


def _is_utc(node: ast.expr) -> bool:
    return dotted(node) in ("UTC", "timezone.utc", "datetime.UTC")


def _is_local(node: ast.expr, names: set[str]) -> bool:
    """Whether this is an aware datetime of a site's clock: shown by `astimezone(zone)` or `on_wall`."""
    if isinstance(node, ast.Name | ast.Attribute):
        return dotted(node) in names
    if not isinstance(node, ast.Call):
        return False
    name = dotted(node.func).rpartition(".")[2]
    if name == "astimezone":
        return not node.args or not _is_utc(node.args[0])
    return name == "on_wall"


def _assigned(every: tuple[ast.AST, ...]) -> set[str]:
    targets: set[str] = set()
    for node in every:
        if isinstance(node, ast.Assign) and _is_local(node.value, targets):
            targets |= {dotted(target) for target in node.targets}
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value and _is_local(node.value, targets):
            targets.add(dotted(node.target))
        elif isinstance(node, ast.FunctionDef) and any(
            isinstance(one, ast.Return) and one.value is not None and _is_local(one.value, set())
            for one in ast.walk(node)
        ):
            targets |= {f"self.{node.name}"}  # a property that gives a local datetime
    return targets


def local_arithmetic(source: str, *, reads: bool = False) -> list[str]:
    """What a module does with wall times that the helper is for. `reads`: it may parse naive ones."""
    if not SAID.search(source):
        return []
    every, wrong = nodes(source), []
    names = _assigned(every)
    for node in every:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            if _is_local(node.left, names) or _is_local(node.right, names):
                wrong.append(ast.unparse(node))
        elif isinstance(node, ast.AugAssign) and dotted(node.target) in names:
            wrong.append(ast.unparse(node))
        elif isinstance(node, ast.Call):
            name = dotted(node.func).rpartition(".")[2]
            zones = [k.value for k in node.keywords if k.arg == "tzinfo"]
            if (
                any(not (isinstance(z, ast.Constant) and z.value is None) and not _is_utc(z) for z in zones)
                or (name == "replace" and any(_is_utc(z) for z in zones))
                or (name == "combine" and len(node.args) > 2)
                or (name == "strptime" and not reads)
                or name in LOCAL_CALLS
            ):
                wrong.append(ast.unparse(node))
    return wrong


def test_no_module_but_the_helper_makes_instants_of_wall_times():
    others = [path for path in SOURCES if named(path) not in READERS]
    readers = [ROOT / name for name in READERS - {HELPER}]

    assert offenders(others, local_arithmetic) == {}
    assert offenders(readers, partial(local_arithmetic, reads=True)) == {}


@pytest.mark.parametrize(
    "bad",
    [
        "x = local.replace(tzinfo=zone)",
        "x = local.replace(tzinfo=UTC)",
        "x = datetime(2026, 10, 25, 2, 10, tzinfo=zone)",
        "x = datetime.combine(day, time(), zone)",
        "x = datetime.strptime(text, '%H:%M')",
        "x = timezone.make_aware(local, zone)",
        "x = timezone.localtime(at)",
        "x = at.astimezone(zone) - timedelta(minutes=5)",
        "x = on_wall(at, zone) + timedelta(hours=1)",
        "opened = at.astimezone(zone)\nx = opened - timedelta(minutes=5)",
        "self.opened = at.astimezone(zone)\ndef f(self):\n    return [self.opened - minutes for minutes in SOME]",
        "class F:\n  def opened(self):\n    return at.astimezone(zone)\n  def g(self):\n    return self.opened - HOUR",
        "opened = at.astimezone(zone)\nopened += timedelta(minutes=5)",
    ],
)
def test_the_guard_sees_a_bad_example(bad):
    assert local_arithmetic(bad)


@pytest.mark.parametrize(
    "good",
    [
        "x = at.astimezone(UTC) - timedelta(minutes=5)",
        "x = f'{at.astimezone(zone):%H:%M}'",
        "x = at.astimezone(zone).date() - timedelta(days=1)",
        "x = local.replace(tzinfo=None)",
        "x = datetime(2026, 1, 1, tzinfo=UTC)",
        "x = shifted(at, -timedelta(minutes=5))",
    ],
)
def test_the_guard_lets_the_right_way_pass(good):
    assert local_arithmetic(good) == []


def test_the_helper_is_where_it_is_said_to_be():
    assert all((ROOT / name).is_file() for name in READERS)

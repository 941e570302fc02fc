"""The sources that guards of the project's shape walk: one test holds a rule for all and lists every offender."""

import ast
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("crsmonitor", "regimens", "grading")
WRITTEN = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
MIGRATIONS = [path for path in WRITTEN if path.match("migrations/0*.py")]
SOURCES = [path for path in WRITTEN if "migrations" not in path.parts]
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(source: str) -> ast.Module:
    """Read once for all guards. Guards only look."""
    return ast.parse(source)


@cache
def nodes(source: str) -> tuple[ast.AST, ...]:
    """Every node, walked once for all guards: walking takes as long as reading."""
    return tuple(ast.walk(parsed(source)))


def dotted(node: ast.expr) -> str:
    """What `ast.unparse` says of a name, in a fraction of its time."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{dotted(value)}.{name}"
    return ast.unparse(node)


def offenders(paths: Iterable[Path], guard: Callable[[str], list[str]]) -> dict[str, list[str]]:
    """What `guard` finds in each file that has something. Fails where there is no file to look at."""
    by_file = {named(path): guard(path.read_text()) for path in paths}
    assert by_file, "a guard that looks at nothing guards nothing"
    return {name: wrong for name, wrong in by_file.items() if wrong}

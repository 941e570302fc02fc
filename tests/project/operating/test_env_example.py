"""`.env.example` and the variables that are read somewhere are the same list.

Left out: what one process of ours writes for another, the system's own (NOT_FOR_PEOPLE), and tests but for the engines.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from crsmonitor import env
from tests.project.shape.sources import dotted

ROOT = Path(__file__).resolve().parents[3]
READERS = {name for name in vars(env) if name.startswith("env_")}
# Written by one process of ours for another, or the system's own.
NOT_FOR_PEOPLE = re.compile(
    r"CRS_TEST_\w+|PYTEST_\w+|PATH|HOME|DJANGO_\w+|POSTGRES_USER|POSTGRES_INITDB_ARGS|PYTHON\w+|CRS_FAIL_AT"
)
READS = re.compile(r"environ|getenv|env_")  # stands in the text of whatever reads one


def constant(node: ast.AST) -> list[str]:
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def read_by_python(source: str) -> Iterator[str]:
    """Names read by env_str("NAME") and its kin, and from os.environ in each way that does not set one."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args:
            called = dotted(node.func).removeprefix("os.")
            if called.split(".")[-1] in READERS or called in ("environ.get", "environ.pop", "getenv"):
                yield from constant(node.args[0])
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and _is_environ(node.value):
            yield from constant(node.slice)
        if isinstance(node, ast.Compare) and _is_environ(node.comparators[0]):
            yield from constant(node.left)


def _is_environ(node: ast.expr) -> bool:
    return dotted(node) in ("os.environ", "environ")


def sources() -> Iterator[Path]:
    for folder in ("crsmonitor", "grading", "regimens", "docker", "bench"):
        yield from (ROOT / folder).rglob("*.py")
    yield from (ROOT / "dev.py", ROOT / "manage.py")
    yield from (ROOT / "tests/engines.py", ROOT / "tests/browser/pages/icons.py")


@cache
def read_somewhere() -> set[str]:
    texts = (path.read_text() for path in sources())
    names = {name for text in texts if READS.search(text) for name in read_by_python(text)}
    names |= set(re.findall(r"\$\{(\w+)[:?}]", (ROOT / "docker-compose.yml").read_text()))
    return {name for name in names if not NOT_FOR_PEOPLE.fullmatch(name)}


def in_example() -> list[str]:
    return re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)


def test_every_variable_that_is_read_is_listed():
    assert read_somewhere() - set(in_example()) == set()


def test_every_variable_that_is_listed_is_read():
    assert set(in_example()) - read_somewhere() == set()


def test_no_variable_is_listed_twice():
    assert len(in_example()) == len(set(in_example()))


@pytest.mark.parametrize(
    "source",
    [
        'env_bool("A", default=True)',
        'env.env_gateways("A")',
        'os.environ["A"]',
        'environ["A"]',
        'os.environ.get("A")',
        'os.environ.pop("A", None)',
        'os.getenv("A")',
        'getenv("A")',
        '"A" in os.environ',
    ],
)
def test_the_search_finds_each_way_of_reading(source):
    assert READS.search(source)
    assert list(read_by_python(source)) == ["A"]


def test_what_is_only_set_is_not_read():
    assert list(read_by_python('os.environ["A"] = "1"; env_str(name)')) == []

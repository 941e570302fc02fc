"""Each requirement of OWASP ASVS 5.0.0, levels 1 and 2, is answered once, and what is said to show it is there."""

import ast
import csv
import re
from collections import Counter
from functools import cache

import pytest

from crsmonitor import settings
from tests.project.shape.sources import ROOT, parsed

TABLE, PAGE = ROOT / "docs/asvs.csv", ROOT / "docs/security.md"
COLUMNS = ["id", "level", "answer", "shown_by", "note"]
ANSWERS = ("met", "part", "unmet", "not_applicable")
# Requirements of levels 1 and 2 in each chapter, counted in the standard's own file (5.0/docs_en/…_5.0.0_en.csv). Of V9
# (self-contained tokens) and V10 (OAuth) what is asked of a client of single sign-on; V17 (WebRTC) is not used.
CHAPTERS = {
    1: 27,
    2: 11,
    3: 19,
    4: 10,
    5: 9,
    6: 35,
    7: 18,
    8: 7,
    9: 7,
    10: 9,
    11: 14,
    12: 9,
    13: 13,
    14: 9,
    15: 13,
    16: 16,
}
LEVELS = {"1": 65, "2": 161}
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def table() -> list[dict[str, str]]:
    with TABLE.open(newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


ROWS = table()


def numbers(requirement: str) -> tuple[int, ...]:
    """V14.2.1 -> (14, 2, 1). Raises AttributeError where it is none."""
    return tuple(map(int, re.fullmatch(r"V(\d+)\.(\d+)\.(\d+)", requirement).groups()))


@cache
def names_in(path: str) -> frozenset[str]:
    """The names of the tests in a file."""
    tree = parsed((ROOT / path).read_text())
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds) and node.name.startswith("test_"))


def is_there(shown: str) -> bool:
    """A test `tests/PATH::test_name`, a heading `docs/PATH#Heading`, a setting `setting:NAME`, or a file."""
    if shown.startswith("setting:"):
        return hasattr(settings, shown.removeprefix("setting:"))
    path, test, name = shown.partition("::")
    path, heading, words = path.partition("#")
    if not (ROOT / path).is_file():
        return False
    if path.startswith("tests/"):
        return bool(test) and name in names_in(path)
    return not heading or words in HEADING.findall((ROOT / path).read_text())


def places(row: dict[str, str]) -> list[str]:
    return [shown for shown in row["shown_by"].split("; ") if shown]


def counts(rows: list[dict[str, str]]) -> str:
    """The sentence of the page."""
    n = Counter(row["answer"] for row in rows)
    tested = sum(row["answer"] == "met" and "::" in row["shown_by"] for row in rows)
    return (
        f"Of {len(rows)} requirements {n['met']} are met ({tested} of them shown by a test), {n['part']} in part,"
        f" {n['unmet']} are not, and {n['not_applicable']} ask for what is not here."
    )


def test_each_requirement_is_answered_once_and_in_order():
    ids = [numbers(row["id"]) for row in ROWS]

    assert list(ROWS[0]) == COLUMNS
    assert ids == sorted(set(ids))
    assert Counter(chapter for chapter, *_ in ids) == CHAPTERS
    assert Counter(row["level"] for row in ROWS) == LEVELS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_what_shows_it_is_there(row):
    assert row["answer"] in ANSWERS
    assert [shown for shown in places(row) if not is_there(shown)] == []
    assert places(row) or row["answer"] == "not_applicable"
    if row["answer"] != "met":
        assert re.search(r"\w+ \w+.*\.$", row["note"])


def test_the_page_says_how_many_are_met():
    assert counts(ROWS) in PAGE.read_text().replace("\n", " ")


def test_the_page_names_each_that_is_not_met():
    deviations = PAGE.read_text().split("## Deviations that matter")[1].split("\n## ")[0]

    assert [row["id"] for row in ROWS if row["answer"] == "unmet" and row["id"] not in deviations] == []


@pytest.mark.parametrize(
    "lost",
    [
        "tests/project/docs/test_asvs.py::test_that_is_gone", "tests/project/test_gone.py::test_x",
        "tests/project/docs/test_asvs.py",
        "docs/security.md#No such heading", "docs/gone.md", "setting:NO_SUCH_SETTING",
    ],
)  # fmt: skip
def test_the_guard_sees_what_is_lost(lost):
    assert not is_there(lost)


def test_the_guard_takes_what_is_there():
    there = [
        "tests/project/docs/test_asvs.py::test_the_guard_takes_what_is_there",
        "docs/operating.md#Logs",
        "setting:DEBUG",
    ]

    assert all(map(is_there, [*there, "crsmonitor/security/sealing.py"]))

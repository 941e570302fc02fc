"""Every row of the rules' tests, as a question: what those tests ask the rules is written down while they run.

Nothing is replaced: each function answers as it does, and notes its arguments first; a row that has asked enough goes
no further. Left out: tests of drawn examples and those that need a fixture, of which there are none that grade.
"""

import functools
import importlib
import inspect
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice, product
from pathlib import Path

import pytest

from grading.rules.course import timeline
from grading.rules.course.events import Parameters
from grading.rules.grades import crs, icans
from grading.rules.grades.entry import checks
from tests.tablet import facts

ROOT = Path(__file__).resolve().parents[2]
OF_ONE_ROW = 20  # questions of one row: a loop inside a test goes through what cases.py goes through too
FOLDERS = ("tests/rules/grades", "tests/rules/course", "tests/rules/treatment")


class Enough(BaseException):
    """Of this row: no test takes it for what it waits for."""


def questions() -> list[dict]:
    """In the order in which the tests ask them, each once."""
    every: dict[str, None] = {}
    asked_by_row: dict[str, None] = {}

    def keep(*of) -> None:
        if len(asked_by_row) >= OF_ONE_ROW:
            raise Enough
        for question in of:
            asked_by_row[json.dumps(question, ensure_ascii=False)] = None

    def course(events, parameters=None) -> None:
        keep(*facts.course_questions(list(events), parameters or Parameters()))

    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for folder in FOLDERS
        for path in sorted((ROOT / folder).glob("test_*.py"))
    ]
    modules = [importlib.import_module(name) for name in names]
    with (
        noted(crs.grade_crs, lambda seen: keep(facts.grade_question(seen))),
        noted(icans.grade_icans, lambda seen: keep(facts.grade_question(seen))),
        noted(checks.doubts, lambda values, **named: keep(facts.check_question(values, **named))),
        noted(timeline.derive, course),
    ):
        for module in modules:
            for row in rows(module):
                asked_by_row.clear()
                with suppress(Enough):
                    row()
                every |= dict.fromkeys(islice(asked_by_row, OF_ONE_ROW))
    return [json.loads(question) for question in every]


@contextmanager
def noted(function: Callable, note: Callable) -> Iterator[None]:
    """Whoever imported this function has it note its arguments meanwhile."""

    @functools.wraps(function)
    def noting(*arguments, **named):
        note(*arguments, **named)
        return function(*arguments, **named)

    holders = [
        (module, name)
        for where, module in list(sys.modules.items())
        if where.startswith(("grading.rules", "tests.rules"))
        for name, value in vars(module).items()
        if value is function
    ]
    for module, name in holders:
        setattr(module, name, noting)
    try:
        yield
    finally:
        for module, name in holders:
            setattr(module, name, function)


def rows(module) -> Iterator[Callable[[], object]]:
    """Each row of each test of a module, ready to run."""
    for name, test in vars(module).items():
        if not name.startswith("test_") or not inspect.isfunction(test) or hasattr(test, "hypothesis"):
            continue
        tables = [_table(mark) for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
        for choice in product(*tables):
            values = {key: value for row in choice for key, value in row.items()}
            if set(inspect.signature(test).parameters) == set(values):
                yield functools.partial(test, **values)


def _table(mark) -> list[dict]:
    names, table = mark.args[:2]
    names = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    rows = []
    for row in table:
        values = row.values if isinstance(row, type(pytest.param())) else row if len(names) > 1 else (row,)
        rows.append(dict(zip(names, values, strict=True)))
    return rows

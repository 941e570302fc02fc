"""Regimens as files: those published, and a study's own. Read, checked, and made a plan. Needs no Django.

>>> plan_of(read("teclistamab")).step("step-up 2").dose
Decimal('0.3')
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from crsmonitor.formats.yaml_once import UnreadableYAML, parse_yaml, read_yaml
from regimens.library.checks import check
from regimens.library.plans import plan_from
from regimens.library.problems import Problem
from regimens.rules.plan import Plan

__all__ = [
    "BadDocument",
    "Document",
    "Problem",
    "as_json",
    "check",
    "document_from",
    "names",
    "parse",
    "plan_named",
    "plan_of",
    "read",
]

FOLDER = Path(__file__).parent


class BadDocument(ValueError):
    """A file that holds no regimen. `problems` names every place."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A regimen file that was checked. `data` is what it says (see schema.json), its numbers int or Decimal or,
    kept by the database, a decimal text. To be read only. `library_id`: empty where it is a study's own file.
    """

    data: dict[str, Any]
    library_id: str = ""

    @property
    def id(self) -> str:
        return str(self.data["id"])


def names() -> list[str]:
    """The ids of the published regimens."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def read(path_or_id: str | Path) -> Document:
    """The regimen of this id in the library (a str), or in this file (a Path).

    Raises BadDocument with every place that is wrong, KeyError for an id that is not in the library, OSError where
    the file cannot be read. A str is never taken for a path: ids come from outside.
    """
    if isinstance(path_or_id, str):
        return _published(path_or_id)
    try:
        data = read_yaml(path_or_id, exact=True)
    except UnreadableYAML as error:
        raise BadDocument([Problem(error.place, error.message)]) from None
    return document_from(data)


def parse(text: str) -> Document:
    """The regimen that somebody wrote as YAML. Raises BadDocument with every place that is wrong."""
    try:
        data = parse_yaml(text, exact=True)
    except UnreadableYAML as error:
        raise BadDocument([Problem(error.place, error.message)]) from None
    return document_from(data)


def document_from(data: object) -> Document:
    """What was read, if it is a regimen. Raises BadDocument."""
    problems = check(data)
    if problems or not isinstance(data, dict):
        raise BadDocument(problems)
    return Document(data=data)


def plan_of(document: Document) -> Plan:
    """The plan that the document describes."""
    return plan_from(document.data)


def as_json(value: Any) -> Any:
    """A document, or a part of it, as JSON holds it: a Decimal is its text, so that nobody rounds it."""
    if isinstance(value, dict):
        return {name: as_json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value


@cache
def plan_named(name: str) -> Plan:
    """The plan of a published regimen. Raises KeyError."""
    return plan_of(read(name))


@cache
def _published(name: str) -> Document:
    if name not in names():
        raise KeyError(name)
    return Document(data=read(FOLDER / f"{name}.yaml").data, library_id=name)

"""A name says what it holds: no told, found, said or asked alone, and no class name for two things in one app."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.project.docs.test_glossary import identifiers
from tests.project.shape.sources import PACKAGES, ROOT, SOURCES, TESTS, named, offenders, parsed

PARTICIPLES = {"told", "found", "said", "asked"}
# Stands in the code of every module that says one of them: the others need not be parsed.
SAID = re.compile(rf"\b_*({'|'.join(sorted(PARTICIPLES))})_*\b")
# Whichever begins first: a text, by its opening and whether it may hold names (f"{told}"), or a comment.
TEXT = re.compile(
    r"(?P<prefix>\b[a-zA-Z]{1,2})?(?P<text>\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}"
    r"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')|#[^\n]*",
    re.DOTALL,
)
CLASS = re.compile(r"^class (\w+)", re.MULTILINE)
PUBLIC = {"grading/treatment/api/drugs.py": ["asked"]}  # a field of the JSON that programs read
BY_NAME = {"Command", "Meta"}  # Django looks for them by name


def bare_participles(source: str) -> list[str]:
    """A function that is private to its module says what it gives as well."""
    if not SAID.search(source) or not SAID.search(TEXT.sub(_name_bearing, source)):
        return []
    return sorted(PARTICIPLES & {name.strip("_") for name in identifiers(source)})


def _name_bearing(text: re.Match[str]) -> str:
    return text[0] if "f" in (text["prefix"] or "").lower() else " "


def twice(paths: Iterable[Path]) -> dict[str, list[str]]:
    """The classes that stand at the top level of several modules, and where."""
    texts = {path: path.read_text() for path in paths}
    lines = Counter(name for text in texts.values() for name in CLASS.findall(text) if name not in BY_NAME)
    places: dict[str, list[str]] = defaultdict(list)
    for path, text in texts.items():
        if all(lines[name] < 2 for name in CLASS.findall(text)):  # not parsed: a line in a text may look like a class
            continue
        for node in parsed(text).body:
            if isinstance(node, ast.ClassDef) and lines[node.name] > 1:
                places[node.name].append(named(path))
    return {name: files for name, files in places.items() if len(files) > 1}


def test_no_name_is_a_bare_participle():
    assert offenders([*SOURCES, *TESTS], bare_participles) == PUBLIC


@pytest.mark.parametrize("app", PACKAGES)
def test_no_class_name_stands_for_two_things_in_an_app(app):
    assert twice(path for path in SOURCES if path.is_relative_to(ROOT / app)) == {}


@pytest.mark.parametrize("bad", [
    "found = 1", "def told(): ...", "def name(*, said): ...", "row.asked", "give(told=1)", "class found: ...",
    "[found for found in rows]", "with begun() as asked: ...", "from a import said", "import a as told",
    "def _told(): ...", "x = '#'; told = 1", 'f"{row.told}"', "x = 'it\\'s'; told = 1", "x = rf'{told}'",
    "# it's\ntold = 1", "x = \'\'\'it's\'\'\'; told = 1",
])  # fmt: skip
def test_a_bare_participle_is_caught(bad):
    assert bare_participles(bad)


def test_words_that_hold_one_are_not():
    assert bare_participles("found_at, asked_text = row['told'], 'said'  # asked") == []


def test_a_class_name_for_two_things_is_caught(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.project.shape.sources.ROOT", tmp_path)
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text("class Change: ...\nclass Meta: ...\n")
    assert twice(sorted(tmp_path.glob("*.py"))) == {"Change": ["one.py", "two.py"]}

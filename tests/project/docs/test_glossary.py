"""docs/glossary.md is the law of names: its files are there and say the names, and the words of before are gone."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.project.shape.sources import ROOT, SOURCES, TESTS, nodes, offenders

GLOSSARY = ROOT / "docs/glossary.md"
# What the terms replaced: as a whole name or as words inside one (LadderRungAdmin), in whatever case.
REPLACED = (
    "ThresholdPack", "LadderRung", "AlertCall", "AlertMove", "AlertDeed", "AlertDeeds", "NextCheck", "Retold",
    "WindowClosed", "NextCallAt", "Beads", "Bead", "Pack", "Packs", "Deed", "Deeds", "Minds", "Duty", "Duties",
    "Excuse", "Excuses", "Judgement", "Judgements",
)  # fmt: skip
# These only as the name of a class: as a word for a thing seen or said they go on.
NO_CLASS = ("Face", "Call")
# These as a whole name alone: inside a longer one they are another thing (face_mask).
ALONE = {"face", "faces", "face_of"}
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words_of(name: str) -> list[str]:
    return [word.lower() for word in WORD.findall(name)]


WORDS_REPLACED = [words_of(name) for name in REPLACED]
# Stands in the text of every module that says one of them: the others need not be parsed.
SAID = re.compile(
    rf"(?:(?<![a-z])|(?=[A-Z]))(?i:{'|'.join('_*'.join(words) for words in WORDS_REPLACED)})(?![a-z])"
    rf"|\b_*(?:{'|'.join(sorted(ALONE))})_*\b|\bclass\s+(?:{'|'.join(NO_CLASS)})\b"
)


def rows(heading: str, text: str | None = None) -> list[list[str]]:
    """The cells of the table below a heading, without its two first lines."""
    after = (GLOSSARY.read_text() if text is None else text).split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in after.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def names_in(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def unkept(names: list[str], path: str, root: Path = ROOT) -> list[str]:
    """What a row promises and its file does not keep."""
    file = root / path
    if not file.is_file():
        return [f"no {path}"]
    text = file.read_text()
    return [f"{path} says no {name}" for name in names if not re.search(rf"\b{re.escape(name)}\b", text)]


@cache
def identifiers(source: str) -> frozenset[str]:
    return frozenset(_names_in(nodes(source)))


def _names_in(every: tuple[ast.AST, ...]) -> Iterator[str]:
    for node in every:
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.ClassDef(name=name):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.keyword(arg=str(name)):
                yield name
            case ast.alias(name=name, asname=other):
                yield from name.split(".")
                yield from [other] if other else []


def words_of_before(source: str) -> list[str]:
    """Identifiers that hold a word which the glossary replaced. The name of a test is a sentence and may."""
    if not SAID.search(source):
        return []
    classes = {node.name for node in nodes(source) if isinstance(node, ast.ClassDef)}
    replaced = {name for name in identifiers(source) if _is_replaced(name)} | (classes & set(NO_CLASS))
    return sorted(replaced)


@cache
def _is_replaced(name: str) -> bool:
    return not name.startswith("test_") and (_holds(name) or name.strip("_") in ALONE)


def _holds(name: str) -> bool:
    words = words_of(name)
    return any(_follow(words, old) for old in WORDS_REPLACED)


def _follow(words: list[str], old: list[str]) -> bool:
    return any(words[at : at + len(old)] == old for at in range(len(words)))


def test_there_are_terms_enough_in_alphabetical_order_and_each_once():
    terms = [row[0].split(", `")[0] for row in rows("Terms")]

    assert len(terms) >= 45
    assert terms == sorted(terms, key=str.casefold)
    assert len(set(terms)) == len(terms)


def test_every_term_says_what_it_is_by_whose_word():
    assert [row for row in rows("Terms") if len(row) != 4 or not all(row)] == []


def test_a_term_s_source_is_in_the_list_of_sources():
    known = {row[0].rstrip(",") for row in rows_of_sources()} | {"own", "SDTM", "ADaM"}
    known |= {
        "label",
        "label tables",
        "transactional outbox",
        "on-call usage",
        "event sourcing",
    }  # fields without one paper
    leading = {row[2]: re.split(r"[ ,(]", row[2])[0] for row in rows("Terms")}

    assert [source for source, first in leading.items() if first not in known and source not in known] == []


def rows_of_sources() -> list[list[str]]:
    return rows("Sources", "## Sources\n" + GLOSSARY.read_text().split("\n## ", 1)[0])


def test_every_file_of_a_term_is_there_and_says_the_name():
    wrong = [unkept(names_in(row[0]), *names_in(row[3])) for row in rows("Terms")]

    assert [line for lines in wrong for line in lines] == []


def test_the_guess_test_is_passed():
    table = rows("Guess test")

    assert len(table) >= 30
    assert [line for term, file, _ in table for line in unkept(names_in(term), *names_in(file))] == []
    assert [file for _, file, word in table if not re.search(rf"[/_`]{word}[/._]", file)] == []


@pytest.mark.long
def test_the_words_of_before_are_no_identifiers():
    assert offenders([*SOURCES, *TESTS], words_of_before) == {}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("class LadderRungAdmin: ...", ["LadderRungAdmin"]),
        ("def load_pack(pack): ...", ["load_pack", "pack"]),
        ("from grading.models import AlertDeed as deed", ["AlertDeed", "deed"]),
        ("alert.next_call_at = None", ["next_call_at"]),
        ("show(bead=1)", ["bead"]),
        ("face = row.face", ["face"]),
        ("FACE_MASK = face_mask", []),
        ("class Face: ...", ["Face"]),
        ("packed, indeed, surface, misjudged, package = 1, 2, 3, 4, 5", []),
    ],
)
def test_the_guard_catches_a_word_of_before(source, names):
    assert words_of_before(source) == names


def test_the_guard_of_files_catches_a_missing_one_and_a_missing_name(tmp_path):
    (tmp_path / "a.py").write_text("class Alert: ...\n")

    assert unkept(["Alert"], "a.py", tmp_path) == []
    assert unkept(["Alarm"], "a.py", tmp_path) == ["a.py says no Alarm"]
    assert unkept(["Alert"], "b.py", tmp_path) == ["no b.py"]

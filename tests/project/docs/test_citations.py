"""Whatever comments, docstrings and documents cite lies in the repository.

Left out: texts in code (what is opened fails by itself), pages of the web, migrations (never edited once landed),
docs/sources (they cite pages, and each other), and a name with a placeholder in it, such as FILE.yaml.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = ("bench", "crsmonitor", "docker", "docs", "grading", "regimens", "templates", "tests", ".ci")
SUFFIXES = "md|yaml|yml|csv|csv\\.gz|jsonl|py|toml|js|css|html|in|lock|sh"
CITATION = re.compile(rf"(?<![\w/.:@-])((?:\.\./|\.)?[\w-]+(?:/[\w.-]+)*\.(?:{SUFFIXES}))(?![\w/*-]|\.\w|\()")
PART = re.compile(r'decisions(?:\.md)?,? [("]*(Records and time|[A-Z][a-z]+(?: 2)?)')
MADE = {  # made while running, or a name that somebody else chooses
    "adcrsp.csv", "adcrsp.dictionary.csv", "burden.csv", "cases.jsonl",  # what a person downloads or writes
    "running.json", "measured.json",
    "-excel.csv", "define.html", "dictionary.csv",  # a packet's
}  # fmt: skip
NOT_IN_IT = {
    "ruamel.yaml",  # a package of others, whose name looks like a file's
    "icu_vitals_demo.csv.gz",  # real vital signs, under a licence of their own: docs/sources/README.md
}


def files() -> list[Path]:
    below = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")) if path.is_file()]
    return [*below, *(path for path in sorted(ROOT.iterdir()) if path.is_file())]


def prose_of(source: str) -> str:
    """The comments and docstrings of a module."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = [ast.get_docstring(node) or "" for node in ast.walk(ast.parse(source)) if isinstance(node, owners)]
    return "\n".join([*comments, *docstrings])


def names_of(paths: Iterable[str]) -> set[str]:
    """The ways to cite a file: its path, whole or from a folder on."""
    return {"/".join(path.split("/")[start:]) for path in paths for start in range(path.count("/") + 1)}


def leading_outside(prose: str, known: set[str]) -> list[str]:
    """What is cited and is none of the names of a file."""
    without_pages = re.sub(r"https?://\S+(?: content/\S+)?|www\.\S+|\b[\w-]+\.(?:com|org|net|gov|eu)/\S*", "", prose)
    cited = {name.removeprefix("./") for name in CITATION.findall(without_pages)} - known - MADE - NOT_IN_IT
    return sorted(name for name in cited if not re.search("[A-Z]{4}", name))


@cache
def text_of(path: Path) -> str:
    """Empty: nothing in it is looked at."""
    inside = path.relative_to(ROOT).as_posix()
    if inside.startswith("docs/sources/") or "/migrations/" in inside or path == Path(__file__):
        return ""
    if path.suffix not in (".py", ".md", ".yaml", ".toml", ".in", ".yml"):
        return ""
    return path.read_text()


@cache
def prose(path: Path) -> str:
    """Takes a hundred times as long as reading: asked only where the whole text has something to tell."""
    return prose_of(text_of(path)) if path.suffix == ".py" else text_of(path)


@pytest.mark.long
def test_what_is_cited_is_in_the_repository():
    every = files()
    known = names_of(path.relative_to(ROOT).as_posix() for path in every)
    suspects = [path for path in every if leading_outside(text_of(path), known)]
    outside = {path.relative_to(ROOT).as_posix(): leading_outside(prose(path), known) for path in suspects}

    assert {path: names for path, names in outside.items() if names} == {}


@pytest.mark.long
def test_a_part_of_the_decisions_that_is_cited_is_there():
    parts = set(re.findall(r"^## ([\w ]+?)(?: \(.*)?$", (ROOT / "docs/sources/decisions.md").read_text(), re.MULTILINE))
    cited = set()
    for path in files():
        if PART.search(text_of(path)):
            cited |= set(PART.findall(prose(path)))

    assert cited - parts - {"Attribution", "Missing"} == set()  # these two are paragraphs of Grading


@pytest.mark.parametrize(
    ("text", "outside"),
    [
        ("see rules/gone.py", ["rules/gone.py"]),
        ("(gone.md, Alerts)", ["gone.md"]),
        ("`../shared/a.csv`", ["../shared/a.csv"]),
        ("docs/there.md, rules/here.py; here.py.", []),
        ("https://example.org/gone.html and example.com/gone.html", []),
        ("load_policy FILE.yaml", []),
    ],
)
def test_the_guard_catches_what_leads_outside(text, outside):
    assert leading_outside(text, names_of(["docs/there.md", "grading/rules/here.py"])) == outside


def test_the_guard_reads_comments_and_docstrings_alone():
    source = '"""See a.md."""\nx = "b.md"  # c.md\ndef f():\n    """d.md"""\n'

    assert leading_outside(prose_of(source), set()) == ["a.md", "c.md", "d.md"]

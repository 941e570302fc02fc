"""What the documents promise a newcomer: every file and folder that they name is there, and README is short."""

import ast
import re
from pathlib import Path

import pytest

import dev
from tests.project.shape.sources import ROOT, SOURCES, parsed

README = ROOT / "README.md"
ORDER = ("Two commands", "What you see then", "The map", "Five decisions", "How it is tested", "Where to go on")
# Folders that hold no wing of their own: what they are is said with the folder above, or tools ask for them.
DJANGO_S = {"changepassword", "migrate"}  # commands of Django that ours only make safe
UNSAID = {"docker", "grading/management", "grading/migrations", "grading/templatetags"}


def paths_in(text: str) -> list[str]:
    """What is named in code as a path: a file, or a folder with a slash at its end."""
    return re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", text)


def links_in(text: str) -> list[str]:
    return [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]


def lost(paths: list[str], root: Path) -> list[str]:
    return sorted({path for path in paths if not (root / path).exists()})


def test_every_file_of_the_walk_is_there():
    walk = (ROOT / "docs/walk.md").read_text()

    assert len(paths_in(walk)) >= 40
    assert lost(paths_in(walk), ROOT) == []


def test_readme_is_short_and_in_its_order():
    text = README.read_text()

    assert len(text.splitlines()) <= 120
    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == ORDER
    assert text.index("![") < text.index("## Two commands")


def test_the_map_is_the_tree():
    mapped = set(re.findall(r"`([\w./-]+)/`", README.read_text().split("## The map")[1].split("\n## ")[0]))
    folders = {
        path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("[a-z]*/"), *(ROOT / "grading").glob("[a-z]*/")]
    }
    tracked = {name for name in folders if any((ROOT / name).rglob("*.*")) and name not in {"var", "dist", "build"}}

    assert lost(sorted(mapped), ROOT) == []
    assert tracked - mapped - UNSAID == set()


@pytest.mark.parametrize(
    "document", ["README.md", *(p.relative_to(ROOT).as_posix() for p in (ROOT / "docs").rglob("*.md"))]
)
def test_every_link_leads_somewhere(document):
    path = ROOT / document

    assert lost(links_in(path.read_text()), path.parent) == []


def test_the_decisions_are_numbered_once_and_say_why_and_what_was_rejected():
    records = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))

    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        text = path.read_text()
        assert text.startswith(f"# {int(path.name[:4])}. ")
        assert re.findall(r"^\*\*(\w+)\.?\*\*", text, re.MULTILINE) == ["Decision", "Why", "Rejected", "Where"], (
            path.name
        )


def test_the_page_of_commands_names_every_command():
    page = (ROOT / "docs/commands.md").read_text()
    ours = {path.stem for path in SOURCES if path.parent.name == "commands" and not path.stem.startswith("_")}

    assert {name for name in ours - DJANGO_S if not re.search(rf"\b{name}\b", page)} == set()
    assert {name for name in dev.COMMANDS if f"`python3 dev.py {name}" not in page} == set()


def test_the_page_of_webhooks_names_every_field_of_the_body():
    delivery = [path.read_text() for path in SOURCES if "alerting/delivery" in path.as_posix()]
    defined = [node for text in delivery for node in ast.walk(parsed(text)) if isinstance(node, ast.FunctionDef)]
    (body,) = [node for node in defined if node.name == "payload_of"]
    keys = {key.value for node in ast.walk(body) if isinstance(node, ast.Dict) for key in node.keys}

    assert {"event", "key", "why"} <= keys
    assert keys - set(re.findall(r"`(\w+)`", (ROOT / "docs/webhooks.md").read_text())) == set()


def test_the_guards_catch_what_is_lost(tmp_path):
    (tmp_path / "there.py").touch()

    assert lost(paths_in("`gone/one.py` and `there/`"), tmp_path) == ["gone/one.py", "there/"]
    assert lost(links_in("[a](there.py) [b](gone.md) [c](https://example.org/)"), tmp_path) == ["gone.md"]

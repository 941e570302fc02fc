"""A template is read by people too: short, in short lines, and told apart by section."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from django.template import engines

from tests import lint

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
WIDEST = 120  # characters: a one-word change is a one-line difference
LONGEST = 80  # lines


def named(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def too_wide(source: str) -> list[str]:
    return [line for line in source.splitlines() if len(line) > WIDEST]


def test_there_are_templates():
    assert len(TEMPLATES) > 80


def test_no_line_is_too_wide():
    assert {named(path): lines for path in TEMPLATES if (lines := too_wide(path.read_text()))} == {}


def test_no_template_is_too_long():
    """Make a partial of a section."""
    assert [named(path) for path in TEMPLATES if len(path.read_text().splitlines()) > LONGEST] == []


def test_every_template_can_be_read():
    for path in TEMPLATES:
        engines["django"].get_template(named(path))


def test_the_guard_of_width_sees_a_wide_line():
    assert too_wide("a\n" + "b" * (WIDEST + 1)) == ["b" * (WIDEST + 1)]


def test_every_partial_is_included():
    code = [path.read_text() for app in ("crsmonitor", "grading", "regimens") for path in (ROOT / app).rglob("*.py")]
    used = set(re.findall(r"""["']([\w/]+\.html)["']""", "".join([*(p.read_text() for p in TEMPLATES), *code])))

    assert [named(path) for path in TEMPLATES if path.name.startswith("_") and named(path) not in used] == []


def test_no_page_gives_another_thing_the_name_that_the_frame_reads():
    """An alert's page called its deliveries `messages`: the frame showed their keys in place of what it has to tell."""
    frame = re.compile(r"""["'](messages|theme|perms|request)["']: """)
    views = [path for app in ("crsmonitor", "grading", "regimens") for path in (ROOT / app).rglob("*view*/**/*.py")]
    views += [path for app in ("crsmonitor", "grading", "regimens") for path in (ROOT / app).rglob("*view*.py")]
    own = ROOT / "crsmonitor/accounts/views/preferences.py"  # a context processor itself
    assert len(views) > 60
    assert [path.name for path in views if path != own and frame.search(path.read_text())] == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("step", "bad"),
    [
        ("templates, format", "{%load i18n%}\n{% translate 'a' %}\n"),
        ("templates, format", "{% load static i18n %}\n"),
        ("templates", "<div><p>never closed</div>\n"),
        ("templates", '<a class="a" class="b" href="/">twice</a>\n'),
    ],
)
def test_lint_catches_a_bad_example(step, bad, tmp_path):
    (tmp_path / "bad.html").write_text(bad)
    command, env = next((command, env) for name, command, env in lint.lint_steps() if name == step)
    options = [word for word in command if not word.startswith("templates")]

    done = subprocess.run(
        [*options, str(tmp_path / "bad.html")], cwd=ROOT, env=os.environ | env, capture_output=True, check=False
    )

    assert done.returncode != 0

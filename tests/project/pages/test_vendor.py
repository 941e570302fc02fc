"""What others wrote is kept unmodified, whole, and with its licence."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "crsmonitor/static"
VENDOR = STATIC / "vendor"
# Each with the licences that what is in it may have: what only tests use is not handed on.
VENDORS = pytest.mark.parametrize(
    ("vendor", "licences"),
    [(VENDOR, {"MIT"}), (ROOT / "tests/browser/pages/vendor", {"MPL-2.0"})],
    ids=["site", "tests"],
)


def packages_of(vendor: Path) -> list[dict]:
    return json.loads((vendor / "MANIFEST.json").read_text())


@VENDORS
def test_every_vendored_file_is_listed_and_unmodified(vendor, licences):
    listed = {name: digest for package in packages_of(vendor) for name, digest in package["files"].items()}
    vendored = {str(p.relative_to(vendor)): p for p in vendor.rglob("*") if p.is_file() and p.name != "MANIFEST.json"}
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in vendored.items()} == listed


@VENDORS
def test_every_package_has_name_version_and_licence(vendor, licences):
    for package in packages_of(vendor):
        assert package["name"]
        assert package["version"]
        assert package["licence"] in licences
        assert f"{package['name']}-{package['version']}/LICENSE" in package["files"]


def test_every_icon_of_the_stylesheet_is_there_and_every_icon_there_is_used():
    used = set(re.findall(r"icons/([\w-]+\.svg)", (STATIC / "crsmonitor/app.css").read_text()))
    assert used == {p.name for p in VENDOR.glob("bootstrap-icons-*/icons/*.svg")}


def icons_in(page: str) -> set[str]:
    """Named whole: `icon icon-lock`. Left out: a name that is put together, which no template does."""
    return set(re.findall(r"\bicon (icon-[a-z0-9-]+)", page))


def test_every_icon_of_a_template_is_drawn():
    """One without a rule would be a filled square."""
    drawn = set(re.findall(r"^\.(icon-[\w-]+) \{", (STATIC / "crsmonitor/app.css").read_text(), re.M))

    assert drawn
    assert {path.name: icons_in(text) - drawn for path, text in pages() if icons_in(text) - drawn} == {}


def pages() -> Iterator[tuple[Path, str]]:
    return ((path, path.read_text()) for path in sorted((ROOT / "templates").rglob("*.html")))


def dropped_by_the_policy(page: str) -> list[str]:
    """What the Content-Security-Policy would drop, and the page with it."""
    return re.findall(
        r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|<script(?![^>]*\ssrc=)|javascript:|\ssrc=[\"']?(?:https?:)?//", page, re.I
    )


def test_no_template_has_a_script_or_a_style_in_it():
    assert {path.name: dropped_by_the_policy(text) for path, text in pages() if dropped_by_the_policy(text)} == {}


def draws_a_grade(page: str) -> bool:
    """Whether the class `grade` is among those of an element. Left out: pages that scripts draw."""
    return any(
        "grade" in re.sub(r"{[%{].*?[%}]}", " ", names).split() for names in re.findall(r"""class=["']([^"']*)""", page)
    )


def test_every_grade_looks_like_a_grade():
    """Only `_grade.html` draws one."""
    assert [path.name for path, text in pages() if draws_a_grade(text)] == ["_grade.html"]


@pytest.mark.parametrize(
    "bad",
    [
        "<style>p { color: red }</style>",
        '<p style="color: red">',
        '<p onclick="go()">',
        "<script>go()</script>",
        '<script type="module">go()</script>',
        '<a href="javascript:go()">',
        '<script src="https://example.org/a.js"></script>',
        '<img src="//example.org/a.png">',
    ],
)
def test_the_guard_sees_what_the_policy_would_drop(bad):
    assert dropped_by_the_policy(bad)


def test_what_the_policy_lets_pass_is_no_fault():
    assert (
        dropped_by_the_policy("""<script src="{% static 'a.js' %}" defer></script><p class="on styled">once</p>""")
        == []
    )


@pytest.mark.parametrize("bad", ['<b class="grade">', "<b class='grade x'>", '<b class="a {{ b }} grade grade-2">'])
def test_the_guard_sees_a_grade_that_is_drawn(bad):
    assert draws_a_grade(bad)
    assert not draws_a_grade('<b class="grades upgrade grade-line">')


def test_the_guard_sees_an_icon():
    assert icons_in('<i class="icon icon-lock"></i><b class="lexicon icon-like">') == {"icon-lock"}

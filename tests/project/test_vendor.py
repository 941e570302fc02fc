"""What others wrote is kept unmodified, whole, and with its licence."""

import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "crsmonitor/static"
VENDOR = STATIC / "vendor"
MANIFEST = json.loads((VENDOR / "MANIFEST.json").read_text())
LISTED = {name: digest for package in MANIFEST for name, digest in package["files"].items()}


def test_every_vendored_file_is_listed_and_unmodified():
    found = {str(p.relative_to(VENDOR)): p for p in VENDOR.rglob("*") if p.is_file() and p.name != "MANIFEST.json"}
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in found.items()} == LISTED


def test_every_package_has_name_version_and_licence():
    for package in MANIFEST:
        assert package["name"]
        assert package["version"]
        assert package["licence"] == "MIT"
        assert f"{package['name']}-{package['version']}/LICENSE" in package["files"]


def test_every_icon_of_the_stylesheet_is_there_and_every_icon_there_is_used():
    used = set(re.findall(r"icons/([\w-]+\.svg)", (STATIC / "crsmonitor/app.css").read_text()))
    assert used == {p.name for p in VENDOR.glob("bootstrap-icons-*/icons/*.svg")}


def test_every_icon_of_a_template_is_drawn():
    """One without a rule would be a filled square."""
    drawn = set(re.findall(r"^\.(icon-[\w-]+) \{", (STATIC / "crsmonitor/app.css").read_text(), re.M))
    pages = "".join(page.read_text() for page in (ROOT / "templates").rglob("*.html"))
    assert set(re.findall(r"icon (icon-[a-z0-9-]+)", pages)) <= drawn


def test_no_template_has_a_script_or_a_style_in_it():
    """The Content-Security-Policy would drop it, and the page with it."""
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text()
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text), template.name


def test_every_grade_looks_like_a_grade():
    """Only `_grade.html` draws one."""
    drawing = [p.name for p in (ROOT / "templates").rglob("*.html") if 'class="grade ' in p.read_text()]
    assert drawing == ["_grade.html"]

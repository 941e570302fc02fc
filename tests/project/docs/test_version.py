"""One version of the program, and a changelog that is read by people."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from crsmonitor import __version__
from crsmonitor.operating import release

ROOT = Path(__file__).resolve().parents[3]
HEADINGS = ["Added", "Changed", "Fixed", "Upgrade"]


def complaints(changelog: str) -> list[str]:
    """What is not in the form: a version with its date, the four headings in their order, lines of 120, no empty one.

    Not looked at: whether what it says is true.
    """
    lines = changelog.splitlines()
    wrong = [f"line {number} is too long" for number, line in enumerate(lines, 1) if len(line) > 120]
    for line in lines:
        if line.startswith("## ") and not re.fullmatch(
            r"## (\[Unreleased\]|\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d)", line
        ):
            wrong.append(f"{line!r} is no version with its date")
    for version in re.split(r"^## .*$", changelog, flags=re.MULTILINE)[1:]:
        names = re.findall(r"^### (.*)$", version, re.MULTILINE)
        wrong += [f"{name!r} is none of the headings" for name in names if name not in HEADINGS]
        places = [HEADINGS.index(name) for name in names if name in HEADINGS]
        wrong += ["the headings are not in order" for one, next_ in pairwise(places) if one >= next_]
        sections = re.split(r"^### .*$", version, flags=re.MULTILINE)[1:]
        wrong += [f"nothing under {name!r}" for name, text in zip(names, sections, strict=True) if not text.strip()]
    return wrong


def newest(changelog: str) -> str:
    return re.findall(r"^## \[(\d.*)\]", changelog, re.MULTILINE)[0]


def test_the_changelog_has_its_form():
    assert complaints((ROOT / "CHANGELOG.md").read_text()) == []


def test_the_newest_version_of_the_changelog_is_that_of_the_program():
    assert newest((ROOT / "CHANGELOG.md").read_text()) == __version__


def test_the_version_is_written_in_one_place():
    assert not re.search(r"^version\b", (ROOT / "pyproject.toml").read_text(), re.MULTILINE)


def test_the_foot_of_a_page_says_the_version(client, db):
    foot = f'<footer class="foot">crsmonitor {__version__} ({release.commit()}; {release.schema()})'
    assert foot in client.get("/accounts/login/").content.decode()


GOOD = "# Changelog\n\n## [0.2.0] - 2026-11-29\n### Added\n- One.\n### Fixed\n- Two.\n"


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        (GOOD, []),
        (GOOD.replace("One.", "o" * 119), ["line 5 is too long"]),
        (GOOD.replace(" - 2026-11-29", ""), ["'## [0.2.0]' is no version with its date"]),
        (GOOD.replace("Fixed", "Repaired"), ["'Repaired' is none of the headings"]),
        (GOOD.replace("Added", "Upgrade"), ["the headings are not in order"]),
        (GOOD.replace("- Two.\n", ""), ["nothing under 'Fixed'"]),
    ],
)
def test_the_guard_catches_each_fault(written, complaint):
    assert complaints(written) == complaint

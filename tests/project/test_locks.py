"""What is installed is pinned by hash, names no host, and is asked for with a reason."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["requirements", "requirements-run", "requirements-dev"]


def versions(name: str) -> dict[str, str]:
    lock = (ROOT / f"{name}.lock").read_text()
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", lock, re.MULTILINE))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for(name: str) -> list[str]:
    """The lines of an .in file that ask for something."""
    lines = (ROOT / f"{name}.in").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_names_no_host(name):
    assert re.findall(r"\w+://|--(?:extra-)?index-url|--find-links|file:", (ROOT / f"{name}.lock").read_text()) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_package_is_held_by_hash(name):
    lock = (ROOT / f"{name}.lock").read_text().replace("\\\n", "")
    packages = [line for line in lock.splitlines() if line and not line.startswith("#")]

    assert packages
    assert [line for line in packages if "--hash=sha256:" not in line] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_line_says_why(name):
    assert [line for line in asked_for(name) if not re.search(r"  # \w.{9,}", line)] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_holds_what_was_asked_for(name):
    wanted = [re.match(r"[\w.-]+", line)[0] for line in asked_for(name) if not line.startswith("-r")]

    assert {normal(package) for package in wanted} - set(versions(name)) == set()


@pytest.mark.parametrize(("smaller", "larger"), [NAMES[:2], NAMES[1:]])
def test_a_larger_lock_holds_the_smaller_at_the_same_versions(smaller, larger):
    assert versions(smaller).items() - versions(larger).items() == set()

"""What is installed is pinned by hash, names no host, and is asked for with a reason."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
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


def hosts_in(lock: str) -> list[str]:
    return re.findall(r"\w+://|--(?:extra-)?index-url|--find-links|file:|(?<= )@ ", lock)


def without_a_hash(lock: str) -> list[str]:
    lines = lock.replace("\\\n", "").splitlines()
    return [line for line in lines if line and not line.startswith("#") and "--hash=sha256:" not in line]


def without_a_reason(lines: list[str]) -> list[str]:
    """A reason is ten characters or more behind two blanks and a #. Whether it is a good one is not looked at."""
    return [line for line in lines if not re.search(r"  # \w.{9,}", line)]


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_names_no_host(name):
    assert hosts_in((ROOT / f"{name}.lock").read_text()) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_package_is_held_by_hash(name):
    assert versions(name)
    assert without_a_hash((ROOT / f"{name}.lock").read_text()) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_line_says_why(name):
    assert without_a_reason(asked_for(name)) == []


@pytest.mark.parametrize(
    "bad",
    [
        "a==1 --hash=sha256:0 # https://example.org/simple",
        "--index-url example.org",
        "--extra-index-url example.org",
        "--find-links /here",
        "a @ file:///here/a.whl",
        "a @ here",
    ],
)
def test_the_guard_sees_a_host(bad):
    assert hosts_in(bad)


def test_the_guard_sees_a_package_without_a_hash():
    assert without_a_hash("a==1 \\\n    --hash=sha256:0\nb==2\n# c==3\n") == ["b==2"]


def test_the_guard_sees_a_line_without_a_reason():
    assert without_a_reason(["a  # carries alerts out", "b", "c  # TODO", "d # one blank only"]) == [
        "b",
        "c  # TODO",
        "d # one blank only",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_holds_what_was_asked_for(name):
    wanted = [re.match(r"[\w.-]+", line)[0] for line in asked_for(name) if not line.startswith("-r")]

    assert {normal(package) for package in wanted} - set(versions(name)) == set()


@pytest.mark.parametrize(("smaller", "larger"), [NAMES[:2], NAMES[1:]])
def test_a_larger_lock_holds_the_smaller_at_the_same_versions(smaller, larger):
    assert versions(smaller).items() - versions(larger).items() == set()

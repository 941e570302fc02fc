"""A folder holds no more modules than a newcomer reads through at a glance: beyond that it is split by meaning."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.project.shape.sources import ROOT, named

MOST = 15  # modules in one folder, `__init__` not counted (docs/CONTRIBUTING.md)
# Why a folder may hold more.
MAY_HOLD_MORE = {"grading/management/commands": "Django looks for commands in this one folder and in none below it"}
PACKAGES = ("bench", "crsmonitor", "grading", "regimens", "tests")


def too_full(modules: Iterable[Path], most: int = MOST) -> dict[str, int]:
    """Folders with more modules than they may hold. Migrations grow by one each, for good, and are left out."""
    held = Counter(path.parent for path in modules if path.name != "__init__.py" and path.parent.name != "migrations")
    return {named(folder): count for folder, count in held.items() if count > most}


def modules() -> list[Path]:
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def test_no_folder_holds_more_than_a_newcomer_reads_through():
    full = too_full(modules())

    assert {folder: count for folder, count in full.items() if folder not in MAY_HOLD_MORE} == {}
    assert MAY_HOLD_MORE.keys() <= full.keys(), "what holds no more than others needs no exception"


def test_the_guard_counts_each_folder_by_itself_and_no_package_file():
    held = [ROOT / "a" / f"m{n}.py" for n in range(3)] + [ROOT / "a/b" / f"m{n}.py" for n in range(2)]

    assert too_full([*held, ROOT / "a/b/__init__.py"], most=2) == {"a": 3}
    assert too_full([ROOT / "a/migrations" / f"{n:04}.py" for n in range(20)]) == {}

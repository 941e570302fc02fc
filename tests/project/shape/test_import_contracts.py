"""The contracts of import-linter (pyproject.toml), each tried on one import that it forbids."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.project.shape.sources import PACKAGES, ROOT

# Contract, and what is written at the end of which file of a copy of the tree.
BAD = {
    "rules are pure: the standard library and other rules": ("regimens/rules/dose.py", "import django"),
    "grading may import regimens, both may import crsmonitor, never back": (
        "regimens/facts.py", "import grading.words",
    ),
    "the order of the wings, below the edge": (
        "grading/treatment/selectors/drugs.py", "import grading.bedside.selectors.ward",
    ),
    "inside a wing: the edge, services, selectors": (
        "grading/alerting/selectors/alerts.py", "import grading.alerting.services.answers",
    ),
    "the order of the rules": ("grading/rules/grades/crs.py", "import grading.rules.course.timeline"),
    "the numerics of designs are pure: no Django, no setting": (
        "regimens/design/__init__.py", "import regimens.library",
    ),
    "services never touch Celery: a message leaves through the outbox": (
        "grading/dosing/services/windows.py", "import celery",
    ),
    "errors may be imported from anywhere, so they import nothing": ("crsmonitor/errors.py", "import django"),
}  # fmt: skip
CONTRACTS = [
    one["name"] for one in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
]


@pytest.fixture(scope="module")
def report_of_the_copy(tmp_path_factory) -> str:
    copy = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, copy / package, ignore=lambda folder, names: [n for n in names if not is_source(folder, n)]
        )
    shutil.copy(ROOT / "pyproject.toml", copy)
    for path, line in BAD.values():
        with (copy / path).open("a") as file:
            file.write(f"\n{line}\n")
    lint = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([lint, "--no-cache"], cwd=copy, env={"PYTHONPATH": str(copy)}, capture_output=True, text=True)
    assert run.returncode == 1, run.stdout + run.stderr
    return run.stdout


def is_source(folder: str, name: str) -> bool:
    return (Path(folder) / name).is_dir() or name.endswith(".py")


def test_every_contract_is_tried():
    assert set(BAD) == set(CONTRACTS)


@pytest.mark.long
@pytest.mark.parametrize("contract", BAD)
def test_the_contract_is_broken_by_a_bad_import(report_of_the_copy, contract):
    assert re.search(rf"^{re.escape(contract)} BROKEN", report_of_the_copy, re.M)

"""What .ci/run runs is the whole: no sample of real stays, trials, tables or drawn examples."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import dev

ROOT = Path(__file__).resolve().parents[2]
TOLD = (
    "from tests import sizes; import hypothesis; print(sizes.sized(60, sample=15), hypothesis.settings().max_examples)"
)


def told(**environment: str) -> str:
    clean = {name: value for name, value in os.environ.items() if name not in ("CI", "CRS_TEST_WHOLE")}
    return subprocess.run(
        [sys.executable, "-c", TOLD], cwd=ROOT, env=clean | environment, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.parametrize(
    ("environment", "wanted"), [({}, "15 25"), ({"CI": "true"}, "60 100"), ({"CRS_TEST_WHOLE": "1"}, "60 100")]
)
def test_the_whole_is_run_where_ci_is_set_or_everything_is_asked_for(environment, wanted):
    assert told(**environment) == wanted


def test_the_gate_says_that_it_is_ci():
    assert re.search(r"^export CI=true\b", (ROOT / ".ci/run").read_text(), re.MULTILINE)


@pytest.mark.parametrize(("args", "whole"), [([], "1"), (["tests/alerting"], None)])
def test_all_tests_of_dev_py_are_whole_and_a_choice_of_them_is_not(monkeypatch, args, whole):
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr(dev, "become", lambda *words: None)

    dev.test(args)

    assert os.environ.get("CRS_TEST_WHOLE") == whole

"""What .ci/run runs is the whole: no sample of real stays, trials, tables or drawn examples."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import dev
from tests import engines, sizes

ROOT = Path(__file__).resolve().parents[3]
TOLD = (
    "from tests import sizes; import hypothesis; print(sizes.sized(60, sample=15), hypothesis.settings().max_examples)"
)


def sizes_with(**environment: str) -> str:
    clean = {name: value for name, value in os.environ.items() if name not in ("CI", "CRS_TEST_WHOLE")}
    return subprocess.run(
        [sys.executable, "-c", TOLD], cwd=ROOT, env=clean | environment, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.long
@pytest.mark.parametrize(
    ("environment", "wanted"), [({}, "15 25"), ({"CI": "true"}, "60 100"), ({"CRS_TEST_WHOLE": "1"}, "60 100")]
)
def test_the_whole_is_run_where_ci_is_set_or_everything_is_asked_for(environment, wanted):
    assert sizes_with(**environment) == wanted


def test_the_gate_says_that_it_is_ci():
    assert re.search(r"^export CI=true\b", (ROOT / ".ci/run").read_text(), re.MULTILINE)


@pytest.mark.parametrize(("args", "whole"), [([], "1"), (["tests/alerting"], None)])
def test_all_tests_of_dev_py_are_whole_and_a_choice_of_them_is_not(monkeypatch, args, whole):
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr(dev, "become", lambda *words: None)

    dev.test(args)

    assert os.environ.get("CRS_TEST_WHOLE") == whole


TABLE = [f"tests/a.py::test_table[{name}]" for name in ("en-nurse", "en-sponsor", "zh-nurse", "zh-sponsor")]
ALONE = ["tests/a.py::test_alone", "tests/a.py::test_row[1]"]


def test_of_a_table_of_cases_the_same_few_are_run_each_time_in_whatever_order():
    left_out = sizes.left_out(TABLE + ALONE)

    assert left_out < {*TABLE}
    assert len(TABLE) - len(left_out) == sizes.CASES == 1
    assert sizes.left_out(reversed(TABLE + ALONE)) == left_out


@pytest.mark.parametrize(
    ("whole", "source", "words", "sampled"),
    [
        (False, "TESTPATHS", {}, True),
        (True, "TESTPATHS", {}, False),
        (False, "ARGS", {}, False),  # a path was named
        (False, "TESTPATHS", {"keyword": "fever"}, False),
        (False, "TESTPATHS", {"lf": True}, False),
    ],
)
def test_only_the_inner_loop_leaves_out_cases(monkeypatch, whole, source, words, sampled):
    monkeypatch.setattr(sizes, "WHOLE", whole)
    config = SimpleNamespace(
        args_source=pytest.Config.ArgsSource[source], option=SimpleNamespace(**{"keyword": "", "lf": False} | words)
    )

    assert sizes.samples_cases(config) is sampled


@pytest.mark.parametrize(("sampled", "run"), [(True, ["short"]), (False, ["short", "long"])])
def test_the_inner_loop_leaves_out_long_tests(sampled, run):
    items = [item_of("short"), item_of("long", marker="long")]
    hook = SimpleNamespace(pytest_deselected=lambda items: None)

    engines.pytest_collection_modifyitems(SimpleNamespace(workerinput={"samples_cases": sampled}, hook=hook), items)

    assert [item.nodeid for item in items] == run


def test_a_case_that_is_named_by_an_address_in_memory_is_refused():
    with pytest.raises(pytest.UsageError, match="names of their own"):
        engines.pytest_collection_modifyitems(SimpleNamespace(), [item_of(f"test_key[{object()}]")])


def item_of(name: str, marker: str | None = None) -> SimpleNamespace:
    return SimpleNamespace(nodeid=name, get_closest_marker=lambda asked_for: asked_for == marker or None)


@pytest.mark.parametrize("sampled", [True, False])
def test_a_worker_does_as_the_first_process_made_out_whatever_its_own_words_are(sampled):
    config = SimpleNamespace(workerinput={"samples_cases": sampled}, args_source=pytest.Config.ArgsSource.ARGS)

    assert engines.samples_cases(config) is sampled

"""`dev.py mutate` on a repository of one rule and one test."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[3]
RULE = '''"""A rule."""
LIMIT_C = 38


def is_fever(temperature_c: int) -> bool:
    return temperature_c >= LIMIT_C


def is_low(sbp: int) -> bool:
    return sbp < 90


def nobody_asks(spo2: int) -> bool:
    return spo2 < 92
'''
TESTS = """from grading.rules.one import is_fever, is_low

def test_fever():
    assert is_fever(38)
    assert not is_fever(37)

def test_low():  # nothing at the limit itself
    assert is_low(60)
    assert not is_low(120)
"""
ENDLESS = """def counted(most: int) -> int:
    number = 0
    while number < most:
        number += 1
    return number
"""


@pytest.fixture
def repository(tmp_path):
    """Its first commit has everything but the rule, and so the rule is what was changed."""
    tree = tmp_path / "tree"
    shutil.copytree(ROOT / "tests/mutation", tree / "tests/mutation", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("tests/__init__.py", "tests/rules/__init__.py", "grading/__init__.py", "grading/rules/__init__.py"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).touch()
    (tree / "tests/rules/test_one.py").write_text(TESTS)
    (tree / ".gitignore").write_text("__pycache__/\n.hypothesis/\n")
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    for words in (["init", "-q", "-b", "main"], ["add", "."], [*who, "commit", "-q", "-m", "first"]):
        subprocess.run(["git", *words], cwd=tree, check=True, capture_output=True)
    (tree / "grading/rules/one.py").write_text(RULE)
    return tree


def start(repository: Path, *args: str, starts_s: int = 10) -> subprocess.Popen[str]:
    """The command in that repository. What it leaves behind would be in the folder beside it."""
    beside = repository.parent / "temporary"
    beside.mkdir()
    run = "import sys; from tests.mutation import trial; from tests.mutation.__main__ import main; "
    run += f"trial.STARTS_S = {starts_s}; sys.exit(main(sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-c", run, *args], cwd=repository, env=os.environ | {"TMPDIR": str(beside)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip


def status(repository: Path) -> str:
    words = ["git", "status", "--porcelain", "--untracked-files=all"]
    return subprocess.run(words, cwd=repository, check=True, capture_output=True, text=True).stdout


def test_it_names_what_no_test_notices_and_leaves_the_work_tree_alone(repository):
    process = start(repository, "--sample", "0")
    output = process.communicate(timeout=600)[0]

    assert process.returncode == 0
    assert "survived     grading/rules/one.py:10  < -> <=" in output
    assert "survived     grading/rules/one.py:10  90 -> 91" in output
    assert "not covered  grading/rules/one.py:14  < -> <=" in output
    assert "one.py:6" not in output  # >= and both sides of the limit are noticed
    # 14 faults: the limit 2, three comparisons 3, two numbers 4, three answers of yes or no 6 = 15
    assert "score 46.7 %: killed 7, survived 3, not covered 5 of 15" in output
    assert "2 rule tests, without database tests" in output
    assert status(repository) == "?? grading/rules/one.py\n"
    assert list((repository.parent / "temporary").iterdir()) == []


def test_the_same_seed_draws_the_same_sample(repository):
    outputs = [start_and_end(repository, "--sample", "4", "--seed", "7") for _ in range(2)]

    assert outputs[0] == outputs[1]
    assert "4 of 15 faults in 1 file, seed 7" in outputs[0][0]


def start_and_end(repository: Path, *args: str) -> list[str]:
    lines = start(repository, *args).communicate(timeout=600)[0].splitlines()
    (repository.parent / "temporary").rmdir()
    return [line.partition("(")[0] for line in lines if "rule tests, without" not in line]  # without the seconds


def test_what_never_ends_is_ended(repository):
    (repository / "grading/rules/one.py").write_text(ENDLESS)
    test = "from grading.rules.one import counted\ndef test_it():\n    assert counted(3) == 3\n"
    (repository / "tests/rules/test_one.py").write_text(test)
    output = start(repository, "--sample", "0", "grading/rules/one.py", starts_s=3).communicate(timeout=600)[0]

    # the step of 0 and the step left out; to begin at 1 or -1 counts to 3 as well
    assert "killed 5 (2 by the clock), survived 2, not covered 0 of 7" in output


def test_a_test_that_gets_a_remembered_answer_counts_too(repository):
    """The first test asks and looks at nothing; without the second the fault would go unnoticed."""
    rule = "from functools import cache\n\n@cache\ndef is_low(sbp: int) -> bool:\n    return sbp < 90\n"
    (repository / "grading/rules/one.py").write_text(rule)
    tests = "from grading.rules.one import is_low\n\ndef test_a():\n    is_low(90)\n"
    tests += "\ndef test_b():\n    assert not is_low(90)\n"
    (repository / "tests/rules/test_one.py").write_text(tests)
    output = start(repository, "--sample", "0", "grading/rules/one.py").communicate(timeout=600)[0]

    assert "survived     grading/rules/one.py:5  < -> <=" not in output


def test_it_can_be_interrupted(repository):
    process = start(repository, "--sample", "0")
    first = [process.stdout.readline() for _ in range(3)]  # the third: of the first fault that no test notices
    os.killpg(process.pid, signal.SIGINT)
    rest = process.communicate(timeout=120)[0]

    assert "survived" in first[2]
    assert "mutate: interrupted\nscore " in rest
    assert process.returncode == 130
    assert list((repository.parent / "temporary").iterdir()) == []


def test_a_test_that_fails_as_it_is_is_left_out_and_named(repository):
    with (repository / "tests/rules/test_one.py").open("a") as file:
        file.write("\ndef test_broken():\n    assert not is_low(60)\n")
    output = start(repository, "--sample", "0").communicate(timeout=600)[0]

    assert "left out, for it fails without any fault: tests/rules/test_one.py::test_broken: " in output
    assert "score 46.7 %" in output


def test_tests_that_fail_as_they_are_say_nothing_about_faults(repository):
    (repository / "tests/rules/test_one.py").write_text("def test_it():\n    assert False\n")
    process = start(repository)

    assert "do not pass as they are: mend them first\n  tests/rules/test_one.py::test_it: " in process.communicate()[0]
    assert process.returncode == 1

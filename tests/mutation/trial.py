"""Run the rule tests on one fault: in a fork of a process that has pytest loaded and nothing of ours.

Neither Django nor a conftest is loaded, so a test that needs the database is not run.
"""

import contextlib
import functools
import importlib.util
import json
import math
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

import hypothesis
import pytest

from tests.mutation.mutants import Mutant

FORK = multiprocessing.get_context("fork")
OPTIONS = ["-q", "--noconftest", "-c", os.devnull, "--rootdir", ".", "-p", "no:cacheprovider", "-W", "ignore"]
MEMORY_BYTES = 3 * 2**30
STARTS_S = 10  # of a core: importing and collecting
WAITS = 10  # times as long as it may compute may it take
SLOWER = 5  # a fault may make the tests so many times slower before they count as caught by the clock


class NotUsable(Exception):
    """The tests do not pass as they are, and so say nothing about faults."""


class Outcome(StrEnum):
    KILLED = "killed"
    SLOW = "killed by the clock"
    SURVIVED = "survived"
    NOT_COVERED = "not covered"


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What the tests run of some files: `tests` by (file, line), `on_import` lines, and how long each test takes.

    `left_out`: those that fail without any fault, and why.
    """

    seconds: dict[str, float]
    left_out: tuple[str, ...]
    tests: dict[tuple[str, int], frozenset[str]]
    on_import: frozenset[tuple[str, int]]

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Those that run its statement, the quickest first; none: no test does.

        What runs on import, such as a limit, may decide anywhere: all, those that run the file first.
        """
        first, last = mutant.lines
        lines = [(mutant.path, line) for line in range(first, last + 1)]
        reaching = {test for line in lines for test in self.tests.get(line, ())}
        near = {test for line, tests in self.tests.items() if line[0] == mutant.path for test in tests}
        if any(line in self.on_import for line in lines):
            reaching = set(self.seconds)
        return sorted(reaching, key=lambda test: (test not in near, self.seconds[test], test))


def try_out(mutant: Mutant, coverage: Coverage) -> Outcome:
    """Whether a test notices."""
    tests = coverage.tests_of(mutant)
    if not tests:
        return Outcome.NOT_COVERED
    limit_s = STARTS_S + SLOWER * sum(coverage.seconds[test] for test in tests)
    code = _forked(lambda: _run_on(mutant, tests), limit_s)
    if code is None:
        return Outcome.SLOW
    if code in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise RuntimeError(f"pytest ended with {code} on {mutant}")
    return Outcome.SURVIVED if code == pytest.ExitCode.OK else Outcome.KILLED


def measure(folders: Sequence[str], files: Iterable[str]) -> Coverage:
    """Run all rule tests once as they are; those that fail without any fault are left out. NotUsable: none is left."""
    report = Path("measured.json").absolute()
    code = _forked(lambda: _run_measured(folders, set(files), report), limit_s=900)
    output = json.loads(report.read_text()) if report.exists() else {"failed": []}
    left = output.get("seconds", {}).keys() - {why.partition(": ")[0] for why in output["failed"]}
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) or not left:
        which = "".join(f"\n  {test}" for test in output["failed"])
        raise NotUsable(f"the rule tests do not pass as they are: mend them first{which}")
    tests = defaultdict(set)
    for test, lines in ((test, lines) for test, lines in output["lines"].items() if test in left):
        for path, line in lines:
            tests[path, line].add(test)
    return Coverage(
        seconds={test: seconds for test, seconds in output["seconds"].items() if test in left},
        left_out=tuple(output["failed"]),
        tests={line: frozenset(covered) for line, covered in tests.items()},
        on_import=frozenset((path, line) for path, line in output["on_import"]),
    )


# --- In the fork --------------------------------------------------------------------------------


def _forked(work: Callable[[], int], limit_s: float) -> int | None:
    """The code that `work` ends with in a fork of its own. None: it was not done in time.

    `limit_s`: of a core, so that what others do meanwhile makes nothing slow; what waits is given WAITS times as long.
    """
    fork = FORK.Process(target=_alone, args=[work, limit_s])
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        fork.start()  # an interrupt in what Python runs around a fork would be lost
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
    try:
        fork.join(limit_s * WAITS)
        return None if fork.exitcode == -signal.SIGXCPU else fork.exitcode
    finally:  # also on Ctrl-C
        if fork.is_alive():
            fork.kill()
            fork.join()


def _alone(work: Callable[[], int], limit_s: float) -> None:
    os.setpgid(0, 0)  # Ctrl-C is the parent's to answer
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(limit_s), resource.getrlimit(resource.RLIMIT_CPU)[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        code = work()
    os._exit(code)


def _pytest(plugin: object, args: Sequence[str]) -> int:
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    hypothesis.settings.register_profile(
        "mutation", derandomize=True, database=None, deadline=None, suppress_health_check=list(hypothesis.HealthCheck)
    )  # the same examples for every fault, and slow is no fault: a run that is measured is
    hypothesis.settings.load_profile("mutation")
    return int(pytest.main([*OPTIONS, *args], plugins=[plugin]))


def _run_on(mutant: Mutant, tests: Sequence[str]) -> int:
    sys.meta_path.insert(0, _Faulty(mutant))
    return _pytest(_Chosen(tests), ["-x", *sorted({test.partition("::")[0] for test in tests})])


class _Chosen:
    """Of what was collected: these tests in this order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self.places = {test: place for place, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((i for i in items if i.nodeid in self.places), key=lambda i: self.places[i.nodeid])


class _Faulty:
    """Imports one module of ours with its fault, and everything else as it is."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant
        self.name = mutant.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != self.name:
            return None
        loader = _FaultyLoader(name, str(Path(self.mutant.path).absolute()))
        loader.mutant = self.mutant
        return importlib.util.spec_from_file_location(name, loader.path, loader=loader)


class _FaultyLoader(SourceFileLoader):
    mutant: Mutant

    def get_code(self, fullname: str) -> CodeType:  # in place of the cached bytecode
        source = self.mutant.applied(Path(self.path).read_bytes())
        return compile(source, self.path, "exec", dont_inherit=True)


def _run_measured(folders: Sequence[str], files: set[str], report: Path) -> int:
    measuring = _Measuring(files)
    sys.settrace(measuring.trace)
    code = _pytest(measuring, folders)
    sys.settrace(None)
    output = {
        "seconds": measuring.seconds,
        "lines": {test: sorted(lines) for test, lines in measuring.lines.items() if test},
        "on_import": sorted(measuring.lines[""]),
        "failed": measuring.failed,
    }
    report.write_text(json.dumps(output))
    return code


def _caches() -> list[Any]:
    """What the rules remember from one test to the next, such as the grade of a look that two tests ask for."""
    modules = [module for name, module in sys.modules.items() if ".rules" in name and not name.startswith("tests.")]
    caches = [value for module in modules for value in vars(module).values()]
    return [value for value in caches if isinstance(value, functools._lru_cache_wrapper)]


class _Measuring:
    """Notes which lines of `files` each test runs; under the name "" what runs while tests are collected."""

    def __init__(self, files: set[str]) -> None:
        self.files = {str(Path(path).absolute()): path for path in files}
        self.seconds: dict[str, float] = {}
        self.lines: defaultdict[str, set[tuple[str, int]]] = defaultdict(set)
        self.test = ""
        self.failed: list[str] = []
        self.caches: list[Any] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(f"{report.nodeid}: {report.longreprtext.strip().splitlines()[-1]}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed.append(f"{report.nodeid}: {report.longreprtext.strip().splitlines()[-1]}")

    def pytest_collection_finish(self) -> None:
        self.caches = _caches()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        for cache in self.caches:
            cache.cache_clear()  # else only the first test that asks would be seen to run the rule
        self.test, began = item.nodeid, time.process_time()
        sys.settrace(self.trace)  # hypothesis sets it back
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.process_time() - began

    def trace(self, frame: FrameType, event: str, arg: object) -> Any:
        path = self.files.get(frame.f_code.co_filename)
        if path is None:
            return None
        noted = self.lines[self.test]

        def line(frame: FrameType, event: str, arg: object) -> Any:
            noted.add((path, frame.f_lineno))
            return line

        return line

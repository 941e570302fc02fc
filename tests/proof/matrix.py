"""Which test shows which requirement of docs/validation/requirements.yaml, and what came of it. A pytest plugin.

A test says it by `@pytest.mark.req("R07")`. The end of a run of everything writes the matrix where `dev.py validation`
finds it, and fails where a requirement has no test that passed.
"""

from collections import defaultdict
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from crsmonitor.formats.yaml_once import read_yaml
from crsmonitor.operating import release
from tests import sizes

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs/validation"
KEPT = "proof/results"  # in pytest's cache
Results = dict[str, dict[str, str]]  # by requirement and test: "passed", "failed" or "skipped"


def requirements() -> list[dict[str, str]]:
    """`id`, `says`, `of`; `open` where it does not hold yet, and why."""
    return read_yaml(FOLDER / "requirements.yaml")  # type: ignore[return-value]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a test shows goes with its report, also from a worker of pytest-xdist."""
    for item in items:
        item.user_properties += [("req", mark.args[0]) for mark in item.iter_markers("req")]


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, Any, Any]:
    ended = yield
    config = session.config
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput") or not was_everything(config):
        return ended
    came = results(report for reports in reporter.stats.values() for report in reports)
    kept = {"commit": release.commit(), "at": timezone.now().isoformat(), "results": came}
    config.cache.set(KEPT, kept)  # type: ignore[union-attr]
    if missing := gaps(requirements(), came):
        reporter.section("requirements that no passing test shows")
        reporter.write_line(", ".join(missing))
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED
    return ended


def was_everything(config: pytest.Config) -> bool:
    chosen = config.option.keyword or config.option.markexpr or config.option.collectonly
    return sizes.WHOLE and not chosen and config.args_source == pytest.Config.ArgsSource.TESTPATHS


def results(reports: Iterable[Any]) -> Results:
    """Of each test the worst of its cases and phases: failed, passed, skipped."""
    came: defaultdict[str, dict[str, str]] = defaultdict(dict)
    rank = ("skipped", "passed", "failed")
    for report in reports:
        if not isinstance(report, pytest.TestReport) or (report.when != "call" and report.outcome == "passed"):
            continue
        test = report.nodeid.partition("[")[0]
        for requirement in (value for name, value in report.user_properties if name == "req"):
            known = came[requirement].get(test, report.outcome)
            came[requirement][test] = max(known, report.outcome, key=rank.index)
    return dict(came)


def gaps(listed: Iterable[dict[str, str]], came: Results) -> list[str]:
    """The requirements that have no test that passed, or one that failed; but those that are said to be open."""
    of_each = {one["id"]: [*came.get(one["id"], {}).values()] for one in listed if "open" not in one}
    return [name for name, outcomes in of_each.items() if "passed" not in outcomes or "failed" in outcomes]

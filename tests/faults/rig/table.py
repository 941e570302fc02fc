"""The table at the end of a run: each fault, its messages expected, lost, sent twice, and the slowest in seconds."""

from collections.abc import Generator
from typing import Any

import pytest

COLUMNS = ("expected", "lost", "duplicated", "slowest")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, Any, Any]:
    """After all that pytest says, so that the last line is ours."""
    ended = yield
    if reporter := session.config.pluginmanager.get_plugin("terminalreporter"):
        tell(reporter)
    return ended


def tell(terminalreporter: Any) -> None:
    """One line a fault, and below it what the test tells. An empty line: the test counts no message."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]  # also of the teardowns
    faults = [r for r in reports if isinstance(r, pytest.TestReport) and "fault" in r.keywords]
    if not faults:
        return
    names = dict.fromkeys(report.nodeid for report in faults)
    figures = {r.nodeid: words for r in faults for name, words in r.user_properties if name == "told"}
    faults_by_test = {r.nodeid: f for r in faults for name, f in r.user_properties if name == "fault" and f}
    skipped = {r.nodeid for r in faults if r.outcome == "skipped"}
    failed = {r.nodeid for r in faults if r.outcome == "failed"}
    line = terminalreporter.write_line
    terminalreporter.section("faults")
    line(f"{'fault':<88} {'expected':>8} {'lost':>5} {'duplicated':>10} {'slowest':>8}")
    for name in names:
        fault = name.partition("::")[2].removeprefix("test_").replace("_", " ")
        row = faults_by_test.get(name, {})
        cells = [f"{row[c]:.1f}" if c == "slowest" else f"{row[c]:.0f}" for c in COLUMNS] if row else [""] * 4
        end = " skipped" if name in skipped else " FAILED" if name in failed else ""
        line(f"{fault[:88]:<88} {cells[0]:>8} {cells[1]:>5} {cells[2]:>10} {cells[3]:>8}{end}")
        if name in figures:
            line(f"    {figures[name]}")
    lost, stuck = (sum(int(row[which]) for row in faults_by_test.values()) for which in ("lost", "stuck"))
    line(f"faults: {len(names) - len(skipped)} run, {lost} lost, {stuck} stuck, {len(skipped)} skipped")

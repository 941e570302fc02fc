"""At the end of a run: how many pages and fields it took from an empty database to the first dose."""

from typing import Any

import pytest


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for report in terminalreporter.stats.get("passed", []):
        if isinstance(report, pytest.TestReport) and (figures := dict(report.user_properties).get("first_dose")):
            terminalreporter.section("first dose")
            for what, counted in figures.items():
                cells = ", ".join(f"{number} {name}" for name, number in counted.items())
                terminalreporter.write_line(f"{what}: {cells}")

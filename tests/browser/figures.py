"""At the end of a run: pages and fields until the first dose, taps and modelled time at the bed, clicks and loads at
the desk, kB of a first load, and how long somebody waits.
"""

from typing import Any

import pytest

SECTIONS = {
    "first_dose": "first dose",
    "desk": "clicks and page loads at the desk",
    "first_load": "first load of a page, compressed",
    "waits": "how long somebody waits (this machine, as busy as it is)",
    "reading": "how long a text is read (model: tests/reading.py)",
    "bedside": "taps at the bed (keystroke-level model: tests/browser/keystrokes.py)",
}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for report in terminalreporter.stats.get("passed", []):
        for name, title in SECTIONS.items():
            figures = dict(report.user_properties).get(name) if isinstance(report, pytest.TestReport) else None
            if figures:
                _write(terminalreporter, title, figures)


def _write(terminalreporter: Any, title: str, figures: Any) -> None:
    terminalreporter.section(title)
    for what, counted in figures.items():
        cells = ", ".join(f"{number} {name}" for name, number in counted.items())
        terminalreporter.write_line(f"{what}: {cells}")

"""Who may import numpy and scipy, and which parts of them: bedside requests, grader, gate and alerts do without."""

import ast
from pathlib import Path

import pytest

from tests.project.shape.sources import ROOT, SOURCES, named

DESIGN = ROOT / "regimens/design"
SPECIAL = "scipy.special"
PREDICTED = ROOT / "grading/evidence/predicted"  # arrays of the engine, once it is fitted
VERIFIER = DESIGN / "verifier.py"  # the one place that solves with an adaptive solver


def imports(source: str) -> list[str]:
    """Every module that is imported anywhere in the text, also inside a function."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [f"{node.module}.{alias.name}" if node.module == "scipy" else node.module for alias in node.names]
    return sorted(set(names))


def not_allowed(path: Path, source: str) -> list[str]:
    """Imports of numpy or scipy that this file may not make."""
    numeric = [name for name in imports(source) if name.split(".")[0] in {"numpy", "scipy"}]
    if path.is_relative_to(PREDICTED):
        return [name for name in numeric if name != "numpy"]
    if not path.is_relative_to(DESIGN):
        return numeric
    allowed = {SPECIAL, "scipy.integrate"} if path == VERIFIER else {SPECIAL}
    return [name for name in numeric if name.split(".")[0] == "scipy" and name not in allowed]


@pytest.mark.long
def test_only_designs_import_numpy_and_scipy_and_of_scipy_only_what_loads_fast():
    assert {named(path): bad for path in SOURCES if (bad := not_allowed(path, path.read_text()))} == {}


@pytest.mark.parametrize(("path", "line"), [
    ("grading/rules/grades/crs.py", "import numpy as np"),
    ("grading/evidence/outcomes.py", "import numpy as np"),
    ("grading/evidence/predicted/rows.py", "from scipy.special import ndtri"),
    ("regimens/design/hazard.py", "from scipy import stats"),
    ("regimens/design/hazard.py", "def f():\n    import scipy.stats"),
    ("regimens/design/hazard.py", "from scipy.integrate import solve_ivp"),
    ("regimens/design/hazard.py", "import scipy"),
])  # fmt: skip
def test_a_bad_import_is_caught(path, line):
    assert not_allowed(ROOT / path, line)


@pytest.mark.parametrize(("path", "line"), [
    ("grading/evidence/predicted/rows.py", "import numpy as np"),
    ("regimens/design/hazard.py", "from scipy import special"),
    ("regimens/design/hazard.py", "from scipy.special import ndtri"),
    ("regimens/design/verifier.py", "from scipy.integrate import solve_ivp"),
])  # fmt: skip
def test_a_good_one_is_not(path, line):
    assert not_allowed(ROOT / path, line) == []

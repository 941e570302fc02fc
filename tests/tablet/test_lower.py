"""Nothing passes through the lowering on the hope that it means the same: what it does not know stops it."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

from crsmonitor.tablet.bundle import FOLDER, SHIM, bundle
from crsmonitor.tablet.unlowered import Unlowered
from tests.tablet.conftest import ROOT

UNKNOWN = {
    "async def asked(): pass": "AsyncFunctionDef",
    "def asked():\n    with open('x') as y: return y": "With",
    "def asked():\n    global x": "Global",
    "def asked(x): return x @ x": "MatMult",
    "def asked(x): return x ** 2": "Pow",
    "def asked(): return 0.5": "constant of type float",
    "def asked(): return b''": "constant of type bytes",
    "def asked(x): return repr(x)": "builtin repr",
    "def asked(x): return hash(x)": "builtin hash",
    "def asked(x): return x.upper()": "method upper",
    "def asked(x): return f'{x!r}'": "!r in a text",
    "def asked(x): return f'{x:>8}'": "the format",
    "def asked(x): return x[::2]": "a slice with a step",
    "def asked(x): return x.__dict__": "__dict__",
    "def asked(x):\n    match x:\n        case [1]: return 1": "not of a bare class",
    "def asked(x, y): return 0 < x() < y": "more than a name",
    "from functools import partial\ndef asked(x): return partial(x)": "partial of functools",
    "import re\nP = re.compile('a(?=b)')\ndef asked(x): return P.search(x)": "in a pattern",
    "import re\ndef asked(x): return re.compile(x)": "not one text",
    "import math\ndef asked(x): return math.floor(x)": "the method floor",
    "@print\ndef asked(x): return x": "the decorator",
    "def f(**k): return k\ndef asked(x): return map(f, x)": "takes any keywords",
    "def f(a, **k): return k\ndef asked(x): return f(a=1, b=2)": "more than one kind",
    "from enum import IntEnum\nclass G(IntEnum):\n    A = 1\ndef asked(x): return G": "a class of",
    "from enum import StrEnum\nclass G(StrEnum):\n    def f(self): pass\ndef asked(x): return G": "members",
    "from dataclasses import dataclass\n@dataclass(order=True)\nclass G:\n    a: int\ndef asked(x): return G": "order",
    "if True:\n    x = 1\ndef asked(): return x": "If at the top",
    "x = 1\nx = 2\ndef asked(): return x": "defined twice",
}


def module(folder, source):
    (folder / "grading").mkdir()
    (folder / "grading/one.py").write_text(source + "\n")
    return bundle("grading.one", "asked", folder=folder)


@pytest.mark.parametrize(("source", "what"), UNKNOWN.items())
def test_what_the_lowering_does_not_know_raises_with_its_place(source, what, tmp_path):
    with pytest.raises(Unlowered, match=r"grading/one\.py:\d+: .*") as raised:
        module(tmp_path, source)

    assert what in str(raised.value)


def test_what_nothing_reaches_is_left_out(tmp_path):
    parts = json.loads(module(tmp_path, "def other(x): return repr(x)\ndef asked(x: Never = 1) -> Never: return x"))

    assert "repr" not in parts["modules"]["grading.one"]
    assert "Never" not in parts["modules"]["grading.one"]


@pytest.mark.long
def test_the_bundle_is_the_same_to_the_byte_in_another_process(rules):
    code = f"from crsmonitor.tablet.bundle import bundle; print(bundle(*{settings.TABLET_RULES}), end='')"
    command = [sys.executable, "-c", code]
    again = subprocess.run(
        command, cwd=ROOT, env={"PYTHONHASHSEED": "7", "PYTHONIOENCODING": "utf-8"}, capture_output=True, check=True
    )  # fmt: skip

    assert again.stdout.decode() == rules


def test_neither_the_lowering_nor_the_shim_has_a_clinical_word():
    """Names of the rules' own fields, codes and classes: whatever the bundle calls by name."""
    ours = [*(FOLDER / "crsmonitor/tablet").glob("*.py"), *SHIM.glob("*.py")]
    text = "\n".join(path.read_text() for path in ours).lower()

    assert [
        word for word in ("crs_", "icans", "fever", "temperature", "vasopressor", "oxygen", "grade") if word in text
    ] == []


@pytest.mark.long
def test_it_is_served_like_any_static_file(client):
    answer = client.get("/static/tablet/rules.json")

    assert answer.status_code == 200
    assert json.loads(b"".join(answer.streaming_content))["function"] == "answer"

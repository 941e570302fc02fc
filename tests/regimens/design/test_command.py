"""manage.py design, driven as an outside tool would: bytes in, bytes out, an exit status."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from regimens.design.contract.kinds import answer_case
from regimens.management.commands.design import Command

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, str(ROOT / "manage.py"), "design"]
TRIMER = {
    "kind": "trimer", "kd_target_pm": 30, "kd_cd3_pm": 41_500, "target_cells_per_ml": 1e5,
    "receptors_per_target": 12_590, "t_cells_per_ml": 1e5, "cd3_per_t_cell": 60_000, "free_pm": 1,
}  # fmt: skip
SUMS = {"kind": "surprise", "periods": [{"label": "1", "n": 200, "events": 1, "p": [[0.5] * 200] * 10}]}

# 99 to the power of 1,000 is no floating-point number.
STEEP = {
    "kind": "starting_dose", "mw_kda": 146, "effect_pct": 99, "exposure": {"plasma_volume_l": 3},
    "assays": [{"name": "a", "readout": "cytokine", "ec50_pm": 50, "hill": 0.001, "effector_to_target": 1}],
}  # fmt: skip


def environment():
    """None of ours: it needs no setting, no secret, no database and no broker."""
    return {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}


def design(given):
    done = subprocess.run(COMMAND, input=given, capture_output=True, env=environment(), cwd=ROOT, timeout=600)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def case(name="a", base=TRIMER, **changes):
    return json.dumps({"id": name} | base | changes).encode()


def test_one_answer_a_line_in_the_same_order():
    lines = [case(str(at), free_pm=at + 1) for at in range(50)]
    status, answers, errors = design(b"\n".join(lines))

    assert (status, errors) == (0, "")
    assert answers == [answer_case(json.loads(line)) for line in lines]


@pytest.mark.long
def test_the_same_line_gives_the_same_bytes():
    given = case() + b"\n" + case("b", SUMS) + b"\n"

    first, second = (
        subprocess.run(COMMAND, input=given, capture_output=True, env=environment(), cwd=ROOT, timeout=600).stdout
        for _ in range(2)
    )

    assert first == second
    assert first.count(b"\n") == 2


BAD = [
    ("empty", b"", None, "empty_line", None),
    ("not json", b"{", None, "invalid_json", None),
    ("not UTF-8", b'{"id": "\xff"}', None, "invalid_utf8", None),
    ("a name twice", b'{"id": "a", "kind": "trimer", "free_pm": 1, "free_pm": 2}', "a", "duplicate_key", "free_pm"),
    ("nan", b'{"id": "a", "kind": "trimer", "free_pm": NaN}', None, "invalid_json", None),
    ("infinity", b'{"id": "a", "kind": "trimer", "free_pm": -Infinity}', None, "invalid_json", None),
    ("1e999", case().replace(b'"free_pm": 1', b'"free_pm": 1e999'), "a", "out_of_range", "free_pm"),
    ("an exponent", case().replace(b'"free_pm": 1', b'"free_pm": 1e99999999999999999999'), None, "invalid_json", None),
    ("many digits", case().replace(b'"free_pm": 1', b'"free_pm": ' + b"9" * 5000), None, "invalid_json", None),
    ("deeply nested", b"[" * 100_000, None, "invalid_json", None),
    ("no object", b"[]", None, "invalid_type", None),
    ("no id", b'{"kind": "trimer"}', None, "missing_field", "id"),
    ("a number as id", b'{"id": 1, "kind": "trimer"}', 1, "invalid_type", "id"),
    ("no kind", b'{"id": "a"}', "a", "missing_field", "kind"),
    ("an unknown kind", b'{"id": "a", "kind": "dose"}', "a", "unknown_value", "kind"),
    ("no text as kind", b'{"id": "a", "kind": ["trimer"]}', "a", "invalid_type", "kind"),
    ("an unknown field", case(dose=1), "a", "unknown_field", "dose"),
    ("true as a number", case(free_pm=True), "a", "invalid_type", "free_pm"),
    ("a text as a number", case(free_pm="1"), "a", "invalid_type", "free_pm"),
    ("beyond all numbers", case(base=STEEP), "a", "out_of_range", None),
]


def test_a_bad_line_is_answered_and_stops_nothing():
    lines = [line for _, bad, *_ in BAD for line in (bad, case())]

    status, answers, errors = design(b"\n".join(lines) + b"\n")

    assert status == 1
    assert f"{len(BAD)} of {len(lines)} lines" in errors
    assert "Traceback" not in errors
    for (name, _, case_id, code, field), answer, good in zip(BAD, answers[::2], answers[1::2], strict=True):
        assert (answer["id"], answer["error"]["code"], answer["error"]["field"]) == (case_id, code, field), name
        assert answer["error"]["detail"]
        assert set(answer) == {"id", "error"}
        assert good["trimer_pm"] > 0


@pytest.mark.parametrize("given", [b"\xef\xbb\xbf" + case(), case() + b"\r\n", case()], ids=["mark", "windows", "bare"])
def test_what_other_tools_write_is_read(given):
    status, answers, _ = design(given)

    assert (status, [answer["id"] for answer in answers]) == (0, ["a"])


def test_each_answer_leaves_before_the_next_case_is_looked_at(monkeypatch):
    """Both lines are there at once."""
    written, seen = io.StringIO(), []

    class Slow(Command):
        @staticmethod
        def answer_line(line):
            seen.append((line, written.getvalue()))
            return {"line": line.decode()}, True

    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"1\n2\n")))
    Slow(stdout=written).handle()

    assert seen == [(b"1", ""), (b"2", '{"line":"1"}\n')]


def test_a_reader_that_leaves_is_no_traceback():
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), cwd=ROOT
    ) as tool:
        tool.stdout.close()
        try:
            tool.stdin.write((case() + b"\n") * 2000)
            tool.stdin.close()
        except BrokenPipeError:
            pass
        assert tool.wait(timeout=600) == 1
        assert tool.stderr.read() == b""


def test_an_interrupt_is_no_traceback():
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), cwd=ROOT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as tool:  # fmt: skip
        tool.stdin.write(case() + b"\n")
        tool.stdin.flush()
        tool.stdout.readline()
        tool.send_signal(signal.SIGINT)
        assert tool.wait(timeout=600) == 130
        assert tool.stderr.read() == b""

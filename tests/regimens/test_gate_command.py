"""manage.py gate, driven as an outside tool would: bytes in, bytes out, an exit status."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, str(ROOT / "manage.py"), "gate"]
STATE = {
    "crs_open": False, "last_crs_grade": 0, "icans_open": False, "last_icans_grade": 0, "ice_at_baseline": True,
    "window_complete": True, "active_infection": False,
}  # fmt: skip


def environment():
    """None of ours: the gate needs no setting, no secret, no database and no broker."""
    return {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}


def gate(given):
    done = subprocess.run(COMMAND, input=given, capture_output=True, env=environment(), cwd=ROOT, timeout=600)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def case(name="a", **changes):
    doses = [{"step": "step-up 1", "t_hours": 0}]
    data = {"id": name, "regimen": "teclistamab", "variant": "US", "doses": doses, "now_h": 72, "state": STATE}
    return json.dumps(data | changes).encode()


def test_one_answer_a_line_in_the_same_order():
    status, answers, errors = gate(b"\n".join(case(str(at)) for at in range(300)))

    assert (status, errors) == (0, "")
    assert [answer["id"] for answer in answers] == [str(at) for at in range(300)]
    assert {(answer["decision"], answer["step"]) for answer in answers} == {("go", "step-up 2")}


BAD = [
    ("empty", b"", "empty_line", None),
    ("not json", b"{", "invalid_json", None),
    ("a name twice", b'{"id": "a", "now_h": 1, "now_h": 2}', "duplicate_key", "now_h"),
    ("nan", b'{"id": "a", "now_h": NaN}', "invalid_json", None),
    ("an unknown regimen", case(regimen="x"), "unknown_value", "regimen"),
    ("a dose after now", case(now_h=-1), "contradictory", "doses[0].t_hours"),
    ("1e400", b'{"id": "a", "regimen": "teclistamab", "doses": [], "now_h": 1e400}', "out_of_range", "now_h"),
]


def test_a_bad_line_is_answered_and_stops_nothing():
    lines = [line for _, bad, _, _ in BAD for line in (bad, case())]

    status, answers, errors = gate(b"\n".join(lines) + b"\n")

    assert status == 1
    assert f"{len(BAD)} of {len(lines)} lines" in errors
    assert "Traceback" not in errors
    for (name, _, code, field), answer, good in zip(BAD, answers[::2], answers[1::2], strict=True):
        assert (answer["error"]["code"], answer["error"]["field"]) == (code, field), name
        assert set(answer) == {"id", "error"}
        assert good["decision"] == "go"


@pytest.mark.long
@pytest.mark.parametrize("given", [b"\xef\xbb\xbf" + case(), case() + b"\r\n", case()], ids=["mark", "windows", "bare"])
def test_what_other_tools_write_is_read(given):
    status, answers, _ = gate(given)

    assert (status, [answer["decision"] for answer in answers]) == (0, ["go"])


def test_hours_are_compared_as_written():
    """Midnight after 09:00 and two days is hour 39."""
    lines = [b"38.99999", b"39", b"3.9e1"]

    _, answers, _ = gate(b"\n".join(case().replace(b'"now_h": 72', b'"now_h": ' + now) for now in lines))

    assert [answer["decision"] for answer in answers] == ["hold", "go", "go"]


def test_an_answer_comes_before_the_next_case_is_sent():
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), cwd=ROOT) as tool:
        for at in range(3):
            tool.stdin.write(case(str(at)) + b"\n")
            tool.stdin.flush()
            assert json.loads(tool.stdout.readline())["id"] == str(at)
        tool.stdin.close()
        assert tool.wait(timeout=600) == 0


@pytest.mark.long
def test_a_reader_that_leaves_is_no_traceback():
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), cwd=ROOT
    ) as tool:
        tool.stdout.close()
        try:
            tool.stdin.write((case() + b"\n") * 5000)
            tool.stdin.close()
        except BrokenPipeError:
            pass
        assert tool.wait(timeout=600) == 1
        assert tool.stderr.read() == b""


@pytest.mark.long
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

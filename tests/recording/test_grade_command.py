"""manage.py grade, driven as an outside tool would: bytes in, bytes out, an exit status."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = [sys.executable, str(ROOT / "manage.py"), "grade"]


def environment():
    """None of ours: the grader needs no setting, no secret, no database and no broker."""
    return {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}


def grade(given):
    """Status, answers and what was said on the side."""
    done = subprocess.run(COMMAND, input=given, capture_output=True, env=environment(), cwd=ROOT, timeout=600)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def case(name="a", **inputs):
    return json.dumps({"id": name, "kind": "crs", "inputs": inputs}).encode()


DEAD = {"died_of_crs": True}
GOOD = case(**DEAD)


def test_one_answer_a_line_in_the_same_order():
    status, answers, stderr = grade(b"\n".join(case(str(at), **DEAD) for at in range(500)))

    assert (status, stderr) == (0, "")
    assert [row["id"] for row in answers] == [str(at) for at in range(500)]
    assert {row["grade"] for row in answers} == {5}


def test_nothing_in_nothing_out():
    assert grade(b"") == (0, [], "")


BAD = [
    ("empty", b"", "empty_line", None),
    ("blanks", b"  \r", "empty_line", None),
    ("not json", b"{", "invalid_json", None),
    ("two cases on a line", GOOD + GOOD, "invalid_json", None),
    ("not utf-8", b'{"id": "\xff"}', "invalid_utf8", None),
    ("utf-16", '{"id": "a"}'.encode("utf-16-le"), "invalid_json", None),
    ("nested deeply", b"[" * 100_000, "invalid_json", None),
    ("nested deeply and closed", b'{"id":"a","kind":"crs","inputs":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
     "invalid_json", None),
    ("nan", b'{"id": "a", "kind": "crs", "inputs": {"spo2": NaN}}', "invalid_json", None),
    ("infinity", b'{"id": "a", "kind": "crs", "inputs": {"spo2": -Infinity}}', "invalid_json", None),
    ("5,000 digits", b'{"id": "a", "inputs": {"sbp": ' + b"9" * 5000 + b"}}", "invalid_json", None),
    ("an exponent too large", b'{"id": "a", "inputs": {"sbp": 1e99999999999999999999}}', "invalid_json", None),
    ("1e400", b'{"id": "a", "kind": "crs", "inputs": {"sbp": 1e400}}', "out_of_range", "sbp"),
    ("a name twice", b'{"id": "a", "kind": "crs", "inputs": {"sbp": 120, "sbp": 80}}', "duplicate_key", "sbp"),
    ("a list", b"[]", "invalid_type", None),
    ("a typo", case(temprature_c=39), "unknown_field", "temprature_c"),
]  # fmt: skip


def test_a_bad_line_is_answered_and_stops_nothing():
    lines = [line for _, bad, _, _ in BAD for line in (bad, GOOD)]

    status, answers, stderr = grade(b"\n".join(lines) + b"\n")

    assert status == 1
    assert f"{len(BAD)} of {len(lines)} lines" in stderr
    assert "Traceback" not in stderr
    for (name, _, code, field), row, good in zip(BAD, answers[::2], answers[1::2], strict=True):
        assert (row["error"]["code"], row["error"]["field"]) == (code, field), name
        assert row["error"]["detail"]
        assert set(row) == {"id", "error"}
        assert good["grade"] == 5


def test_an_error_carries_the_id_where_there_is_one():
    _, answers, _ = grade(case("b", sbp="x") + b'\n{"id": "c", "id": "d"}\n{"kind": "crs"}\n{"id": 7}\n')

    assert [row["id"] for row in answers] == ["b", "d", None, 7]


def test_numbers_are_compared_as_written():
    temperatures = (b"38.0", b"37.95", b"3.8e1", b"37.99999999999999", b"37.9")
    seen = b'"sbp": 90, "fluid_bolus": false, "vasopressors": [], "spo2": 90, "oxygen_device": "room_air"'
    lines = [b'{"id":"a","kind":"crs","inputs":{"temperature_c":' + t + b"," + seen + b"}}" for t in temperatures]

    _, answers, _ = grade(b"\n".join(lines))

    assert [row["grade"] for row in answers] == [1, 0, 1, 1, 0]


@pytest.mark.parametrize(
    "given",
    [b"\xef\xbb\xbf" + GOOD, GOOD + b"\r\n", GOOD, b" " + GOOD + b"\t\n"],
    ids=["byte order mark", "windows line end", "no line end", "blanks around"],
)
def test_what_other_tools_write_is_read(given):
    status, answers, _ = grade(given)

    assert (status, [row["grade"] for row in answers]) == (0, [5])


@pytest.mark.parametrize("name", ["病人-1", "\ud800", "a\u2028b", 'q"\\'])
def test_an_id_comes_back_as_it_went_in(name):
    _, answers, _ = grade(case(name, **DEAD))

    assert answers[0]["id"] == name


def test_an_answer_comes_before_the_next_case_is_sent():
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), cwd=ROOT) as tool:
        for at in range(3):
            tool.stdin.write(case(str(at), **DEAD) + b"\n")
            tool.stdin.flush()
            assert json.loads(tool.stdout.readline())["id"] == str(at)
        tool.stdin.close()
        assert tool.wait(timeout=600) == 0


def test_a_reader_that_leaves_is_no_traceback():
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), cwd=ROOT
    ) as tool:
        tool.stdout.close()
        try:
            tool.stdin.write((GOOD + b"\n") * 5000)
            tool.stdin.close()
        except BrokenPipeError:
            pass
        assert tool.wait(timeout=600) == 1
        assert tool.stderr.read() == b""


def test_an_interrupt_is_no_traceback():
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), cwd=ROOT,
        # As at a terminal: a shell that starts the tests in the background has it ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as tool:  # fmt: skip
        tool.stdin.write(GOOD + b"\n")
        tool.stdin.flush()
        tool.stdout.readline()
        tool.send_signal(signal.SIGINT)
        assert tool.wait(timeout=600) == 130
        assert tool.stderr.read() == b""


def series(*events):
    return json.dumps({"id": "s", "kind": "series", "events": list(events)}).encode()


def test_a_series_is_answered_in_the_hours_it_was_given_in():
    status, answers, _ = grade(series({"type": "crs", "t_hours": 27.5, "temperature_c": 38.5}))

    assert status == 0
    assert (answers[0]["episodes"][0]["start_h"], answers[0]["grades_at"][0]["t_hours"]) == (27.5, 27.5)


def test_a_bad_event_is_named():
    status, answers, _ = grade(series({"type": "crs", "t_hours": 1}, {"type": "crs"}))

    assert status == 1
    assert answers[0]["id"] == "s"
    assert answers[0]["error"]["field"] == "events[1].t_hours"


def test_other_commands_read_the_settings_and_say_what_is_missing():
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "check"],
        capture_output=True,
        env=environment(),
        cwd=ROOT,
        timeout=600,
    )

    assert done.returncode == 1
    assert done.stderr.startswith(b"crsmonitor: refusing to start in production.")


# A Python without the packages: neither its own nor those of a user.
BARE = ["-I", "-S"]


def test_without_packages_it_says_what_to_run(tmp_path):
    (tmp_path / "manage.py").write_bytes((ROOT / "manage.py").read_bytes())

    done = subprocess.run(
        [sys.executable, *BARE, "manage.py", "grade"], capture_output=True, env=environment(), cwd=tmp_path, timeout=600
    )

    assert done.returncode == 1
    assert b"Run python3 dev.py test or python3 dev.py up first" in done.stderr


def test_without_packages_it_goes_on_with_its_own(tmp_path):
    (tmp_path / "manage.py").write_bytes((ROOT / "manage.py").read_bytes())
    own = tmp_path / ".venv" / "bin" / "python"
    own.parent.mkdir(parents=True)
    own.write_text('#!/bin/sh\necho "own $2"\n')
    own.chmod(0o755)

    done = subprocess.run(
        [sys.executable, *BARE, "manage.py", "grade"], capture_output=True, env=environment(), cwd=tmp_path, timeout=600
    )

    assert (done.returncode, done.stdout) == (0, b"own grade\n")

"""The table of all benchmarks: one that fails is a line of it, never a table without it."""

import subprocess

import pytest

from bench.figures import Figure, failed, figures_of, table

MET = Figure("a save", "INSERT 0.2 ms", "plain DRF 16x", "15x (10)", "11x", True)


def test_a_target_that_was_missed_is_named():
    missed = Figure("a page", "its query", "", "10x", "14x", False)

    assert table([MET, missed]).splitlines() == [
        "| measure | floor | peer | target | now |  |",
        "| --- | --- | --- | --- | --- | --- |",
        "| a save | INSERT 0.2 ms | plain DRF 16x | 15x (10) | 11x |  |",
        "| a page | its query |  | 10x | 14x | missed |",
    ]


def test_what_a_benchmark_says_comes_out_of_its_process(tmp_path, monkeypatch):
    (tmp_path / "met.py").write_text(
        f"from bench.figures import Figure\nprint('more')\ndef figures():\n    return [{MET!r}]\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    assert figures_of("met") == [MET]


def test_one_that_fails_is_a_missed_line(tmp_path, monkeypatch):
    (tmp_path / "broken.py").write_text("def figures():\n    raise SystemExit(3)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with pytest.raises(subprocess.CalledProcessError) as error:
        figures_of("broken")

    assert failed("broken", error.value) == Figure("broken", "", "", "", "did not run (exit 3)", False)

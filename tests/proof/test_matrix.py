"""Each requirement has a test, each mark a requirement, and each risk a test that is there."""

import ast
import csv
import io
import zipfile

import pytest

from tests.project.shape.sources import ROOT, TESTS, nodes
from tests.proof import dossier
from tests.proof.matrix import gaps, requirements, results

IDS = [one["id"] for one in requirements()]
MARK = 'pytest.mark.req("'


def marked() -> dict[str, set[str]]:
    """The requirements that tests say they show, with where."""
    by_requirement: dict[str, set[str]] = {}
    for path in (one for one in TESTS if MARK in one.read_text()):
        for node in nodes(path.read_text()):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.req":
                by_requirement.setdefault(ast.literal_eval(node.args[0]), set()).add(path.relative_to(ROOT).as_posix())
    return by_requirement


def test_each_requirement_has_a_test_or_says_that_it_is_open():
    there = marked()

    assert sorted(IDS) == [f"R{number:02}" for number in range(1, 30)]
    assert set(there) <= set(IDS)
    assert {one["id"] for one in requirements() if "open" in one} == set(IDS) - set(there)


def test_each_risk_has_a_test_that_is_there():
    shown = [(risk["id"], *test.split("::")) for risk in dossier.risks() for test in risk["shown_by"]]

    assert {risk["hazard"] for risk in dossier.risks()} == {
        "missed alert",
        "wrong grade",
        "wrong patient",
        "wrong time",
    }
    assert all(risk["shown_by"] for risk in dossier.risks())
    assert [one for one in shown if one[2] not in defined(one[1])] == []


def defined(path: str) -> set[str]:
    return {node.name for node in nodes((ROOT / path).read_text()) if isinstance(node, ast.FunctionDef)}


def report(nodeid: str, outcome: str, *shows: str, when: str = "call") -> pytest.TestReport:
    properties = [("req", one) for one in shows]
    return pytest.TestReport(nodeid, ("", 0, ""), {}, outcome, None, when, user_properties=properties)  # type: ignore[arg-type]


def test_a_requirement_is_shown_by_what_passed_and_by_nothing_that_failed():
    came = results([
        report("a.py::one[x]", "passed", "R01", "R02"),
        report("a.py::one[y]", "failed", "R01"),
        report("a.py::one[z]", "passed", "R01"),
        report("a.py::two", "skipped", "R03", when="setup"),
        report("a.py::two", "passed", "R03", when="teardown"),
    ])  # fmt: skip

    assert came == {"R01": {"a.py::one": "failed"}, "R02": {"a.py::one": "passed"}, "R03": {"a.py::two": "skipped"}}
    listed = [{"id": "R01"}, {"id": "R02"}, {"id": "R03"}, {"id": "R04"}, {"id": "R05", "open": "not there yet"}]
    assert gaps(listed, came) == ["R01", "R03", "R04"]


def test_the_dossier_has_each_document_with_its_hash_and_is_not_written_over(tmp_path):
    file = tmp_path / "dossier.zip"
    run = {"commit": "abc", "at": "2026-03-02T09:00:00+00:00", "results": {"R01": {"a.py::one": "passed"}}}

    hashes = dossier.write(file, run)

    with zipfile.ZipFile(file) as made:
        assert {line.split("  ")[1] for line in hashes} == {*made.namelist()} - {"SHA256SUMS"}
        rows = [*csv.DictReader(io.StringIO(made.read("traceability.csv").decode()))]
    assert (rows[0]["test"], rows[0]["result"], rows[0]["commit"]) == ("a.py::one", "passed", "abc")
    assert {row["result"] for row in rows[1:]} <= {"no result", "open"}
    with pytest.raises(FileExistsError):
        dossier.write(file, run)

"""`manage.py qualify`: what is installed and what it grades, written down."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from grading.management.commands.qualify import sha256
from grading.qualification import checks
from tests.builders import kept, vitals

pytestmark = pytest.mark.django_db


def qualify(*words: str, **options: object) -> tuple[int, list[str]]:
    out = io.StringIO()
    try:
        call_command("qualify", *words, stdout=out, **options)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def test_every_grade_of_the_paper_is_tried_and_graded_so():
    tried = [*checks.grades()]

    assert {one.name.partition(":")[0] for one in tried} == {
        *(f"crs {grade}" for grade in (-1, 0, 1, 2, 3, 4, 5)), *(f"icans {grade}" for grade in (0, 1, 2, 3, 4, 5))
    }  # fmt: skip
    assert [one for one in tried if not one.holds] == []


def test_rules_that_grade_otherwise_fail(tmp_path, monkeypatch):
    case = json.loads(checks.CASES.read_text().splitlines()[0])
    wrong = tmp_path / "cases.jsonl"
    wrong.write_text(json.dumps(case | {"grade": 3}) + "\n")
    monkeypatch.setattr(checks, "CASES", wrong)

    code, lines = qualify("oq", "--no-record")

    assert code == 1
    assert lines[0].startswith("FAIL crs 3: ")
    assert lines[0].endswith("(graded 0)")


def test_it_is_written_down_once_with_its_hash(ward, tmp_path):
    kept(vitals(ward, 1), ward)
    file = tmp_path / "oq.json"

    code, lines = qualify("oq", "--out", str(file))

    assert code == 0
    assert lines[-1] == f"oq: {len(lines) - 1} tried, 0 failed; SHA-256 {sha256(file.read_text())}"
    assert json.loads(file.read_text())["tried"][-1]["holds"]
    with pytest.raises(CommandError, match="exists"):
        qualify("oq", "--no-record", "--out", str(file))


@pytest.mark.long
def test_an_installation_says_what_it_is_and_which_part_is_not_well(world):
    lines = {one.name: one for one in checks.installation()}

    assert lines["program"].note.partition(",")[0] == checks.__version__
    assert lines["the role that runs owns no table"].holds
    assert lines["the time zone of every site is known here"].holds
    assert not lines["ready: sweep"].holds  # nothing sweeps in a test

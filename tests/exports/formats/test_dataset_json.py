"""Dataset-JSON 1.1 and its lines: by the schema of CDISC, and by what the schema cannot say."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft201909Validator

from grading.exports.formats.cells import NotWritable
from tests.exports.formats.examples import ADVS, ROWS, VS, column, written

SCHEMAS = Path(__file__).parent / "schemas"


def faults(content, schema="dataset-json"):
    validator = Draft201909Validator(json.loads((SCHEMAS / f"{schema}-1.1.schema.json").read_text()))
    return [fault.message for fault in validator.iter_errors(content)]


@pytest.fixture(scope="module")
def file():
    return json.loads(written("dataset-json"))


def test_the_file_is_valid_and_holds_the_rows(file):
    assert faults(file) == []
    assert file["rows"] == [
        ["STEP-1", "STEP-1-S1-001", "TEMP", "2026-03-02T07:00:00", 38.2, "Y", 'say "a, b"'],
        ["STEP-1", "STEP-1-S1-001", "SYSBP", "2026-03-02T07:00:01", -0.001, "N", "0012"],
        ["STEP-1", "STEP-1-S1-002", "TEMP", None, None, None, None],
    ]
    assert file["records"] == 3


def test_the_time_of_making_is_the_cut(file):
    assert file["datasetJSONCreationDateTime"] == "2026-03-02T09:00:00+00:00"
    assert written("dataset-json") == written("dataset-json")


def test_columns_say_kind_length_and_place_in_the_key(file):
    of_column = {one["name"]: one for one in file["columns"]}

    assert of_column["USUBJID"] == {
        "itemOID": "IT.ADVS.USUBJID", "name": "USUBJID", "label": "A label", "dataType": "string", "length": 40,
        "keySequence": 2,
    }  # fmt: skip
    assert of_column["ADTM"] == {
        "itemOID": "IT.ADVS.ADTM", "name": "ADTM", "label": "A label", "dataType": "datetime",
        "targetDataType": "integer", "displayFormat": "E8601DT.", "keySequence": 4,
    }  # fmt: skip
    assert of_column["AVAL"]["dataType"] == "float"


def test_what_counts_or_grades_is_an_integer_and_nothing_else_is_written_there():
    """A number without a unit, with a range or in days; a date is shown as one."""
    numbers = (column("ATOXGRN", "N", unit="0-5"), column("ADY", "N", unit="d"), column("ADT", "N", unit="date"))
    graded = replace(ADVS, columns=(*ADVS.columns[:2], *numbers), keys=("STUDYID", "USUBJID"))
    rows = [("STEP-1", "S1", "2", "-1", "24167")]  # 24167 days after 1960-01-01 is 2026-03-02

    file = json.loads(written("dataset-json", graded, rows))

    assert [one["dataType"] for one in file["columns"][2:]] == ["integer"] * 3
    assert (file["columns"][4]["displayFormat"], file["rows"]) == ("E8601DA.", [["STEP-1", "S1", 2, -1, 24167]])
    with pytest.raises(NotWritable):
        written("dataset-json", graded, [("STEP-1", "S1", "2.5", "-1", None)])


def test_an_instant_of_sdtm_is_a_text_to_sas():
    (instant,) = (one for one in json.loads(written("dataset-json", VS))["columns"] if one["name"] == "ADTM")

    assert "targetDataType" not in instant


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("datasetJSONCreationDateTime", "yesterday"),
        ("datasetJSONVersion", "1.0.0"),
        ("records", -1),
        ("columns", [{"name": "A"}]),
        ("rows", [{"a": 1}]),
        ("madeBy", "somebody"),
    ],
)
def test_the_schema_refuses_what_is_wrong(file, change, value):
    assert faults(file | {change: value}) != []


@pytest.mark.parametrize("dropped", ["itemGroupOID", "records", "name", "label", "columns"])
def test_the_schema_refuses_what_is_lacking(file, dropped):
    assert faults({name: value for name, value in file.items() if name != dropped}) != []


def test_lines_are_the_metadata_and_a_row_each(file):
    first, *rows = written("ndjson").decode().splitlines()

    about = json.loads(first)
    assert faults(about, "dataset-ndjson") == []
    assert faults(about | {"records": "3"}, "dataset-ndjson") != []
    assert about | {"rows": [json.loads(row) for row in rows]} == file


@pytest.mark.long
@pytest.mark.parametrize("count", [0, 1, 2, 30_000])  # 30,000 rows are several blocks
def test_rows_are_apart_however_many_there_are(count):
    content = json.loads(written("dataset-json", rows=[ROWS[0]] * count))

    assert (content["records"], len(content["rows"])) == (count, count)


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1))
def test_every_text_comes_back(text):
    (row,) = json.loads(written("dataset-json", rows=[(*ROWS[0][:6], text)]))["rows"]

    assert row[6] == text


def test_an_instant_keeps_its_fraction_of_a_second():
    (row,) = json.loads(written("dataset-json", rows=[(*ROWS[0][:3], "2026-03-02T07:00:00.25-05:30", *ROWS[0][4:])]))[
        "rows"
    ]

    assert row[3] == "2026-03-02T07:00:00.25"


@pytest.mark.parametrize("place", range(len(ADVS.columns)))
def test_a_missing_value_is_null_and_never_an_empty_text(place):
    (row,) = json.loads(written("dataset-json", rows=[(*ROWS[0][:place], "", *ROWS[0][place + 1 :])]))["rows"]

    assert row[place] is None


@pytest.mark.parametrize(
    ("place", "cell"), [(3, "02.03.2026"), (3, "2026-03-02T07:00:00"), (4, "38,2"), (4, "038.2"), (4, "Infinity")]
)
def test_what_is_no_number_or_instant_is_refused(place, cell):
    with pytest.raises(NotWritable) as refused:
        written("dataset-json", rows=[(*ROWS[0][:place], cell, *ROWS[0][place + 1 :])])

    assert refused.value.message.values["row"] == 1

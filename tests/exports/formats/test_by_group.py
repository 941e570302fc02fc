"""Rows of one fact that are written together are the bytes that they are one by one."""

import io
from dataclasses import replace

import pytest
from django.db import connection
from psycopg import sql

from grading.exports.datasets.dataset import Groups
from grading.exports.datasets.statement import Statement, text_by_fact
from grading.exports.formats.table import FORMATS, save
from tests.exports.formats.examples import ADVS, CUT, STUDY, written
from tests.exports.formats.test_by_database import TEXTS

# Of each fact: who, when, temperature, pressure, a note. One has no reading at all, one has nothing but readings.
FACTS = [
    ("STEP-1-S1-001", "2026-03-02T07:00:00+08:00", "38.2", "-0.001", "calm"),
    ("STEP-1-S1-001", "2026-03-02T08:00:00.012345+08:00", None, None, "nothing measured"),
    ("STEP-1-S1-002", None, None, "85", None),
    *(("STEP-1-S1-003", "2026-03-02T09:00:00-05:00", "36.50", "120", text) for text in TEXTS),
]
READINGS = (
    {"code": "'TEMP'", "value": "fact.temperature", "note": "fact.note"},
    {"code": "'SYSBP'", "value": "fact.pressure", "note": "'a \"b\", c'"},
)
GROUPS = Groups(source="", rows=READINGS, present="reading.value IS NOT NULL")
CELLS = {
    "STUDYID": "'STEP-1'", "USUBJID": "fact.who", "PARAMCD": "reading.code", "ADTM": "fact.at", "AVAL": "reading.value",
    "ANL01FL": "CASE WHEN reading.code = 'TEMP' THEN 'Y' END", "NOTE": "reading.note", "OWN": "fact.note",
}  # fmt: skip
DATASET = replace(ADVS, columns=(*ADVS.columns, replace(ADVS.columns[-1], name="OWN")))
ROWS = [
    ("STEP-1", who, code, at, value, flag, note if code == "TEMP" else 'a "b", c', note)
    for who, at, temperature, pressure, note in FACTS
    for code, value, flag in (("TEMP", temperature, "Y"), ("SYSBP", pressure, None))
    if value is not None
]


def by_fact():
    values = sql.SQL(", ").join(sql.SQL("({})").format(sql.SQL(", ").join(map(sql.Literal, fact))) for fact in FACTS)
    source = sql.SQL("FROM (VALUES {}) fact(who, at, temperature, pressure, note)").format(values)
    made = Statement([])
    cells = [(column, CELLS[column.name]) for column in DATASET.columns]
    made.by_fact = lambda line: text_by_fact(cells, GROUPS, source, line)
    return made


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["csv", "dataset-json", "ndjson"])
def test_the_bytes_are_those_of_the_rows(name):
    out = io.BytesIO()
    with connection.cursor() as cursor:
        save(FORMATS[name], DATASET, by_fact(), cursor.cursor, out, made_at=CUT, study=STUDY)

    assert out.getvalue() == written(name, DATASET, ROWS)

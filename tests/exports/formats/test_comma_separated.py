"""CSV: as it is for programs, and unharmed for spreadsheets."""

import codecs
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exports.formats.examples import ADVS, ROWS, written

HEADER = [column.name for column in ADVS.columns]


def cells(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_instants_keep_their_offset_and_null_is_empty():
    assert written("csv").decode().splitlines() == [
        ",".join(HEADER),
        'STEP-1,STEP-1-S1-001,TEMP,2026-03-02T07:00:00+08:00,38.2,Y,"say ""a, b"""',
        "STEP-1,STEP-1-S1-001,SYSBP,2026-03-02T07:00:01+08:00,-0.001,N,0012",
        "STEP-1,STEP-1-S1-002,TEMP,,,,",
    ]


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_every_text_comes_back(text):
    assert cells(written("csv", rows=[(*ROWS[0][:6], text)]))[1][6] == text


@pytest.mark.parametrize("text", ["0012", "1E5", "=1+1", "@SUM(A1)", 'a "b", c', "步驟一"])
def test_a_spreadsheet_is_given_a_text_whatever_was_typed(text):
    content = written("excel", rows=[(*ROWS[0][:6], text)])

    assert content.startswith(codecs.BOM_UTF8)
    assert cells(content)[1] == [
        '="STEP-1"', '="STEP-1-S1-001"', '="TEMP"', "2026-03-02T07:00:00+08:00", "38.2", "Y",
        '="' + text.replace('"', '""') + '"',
    ]  # fmt: skip
    assert cells(written("excel"))[3][4:] == ["", "", ""]

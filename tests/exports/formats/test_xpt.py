"""SAS transport files: read back by a reader of their own, and what they cannot hold is refused by name."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crsmonitor.error_words import text_of
from grading.exports.formats.cells import NotWritable
from grading.exports.formats.ibm import as_ibm
from tests.exports.formats import transport
from tests.exports.formats.examples import ADVS, ROWS, VS, column, with_column, written

SAS_EPOCH = datetime.fromisoformat("1960-01-01")


def test_what_is_read_back_is_what_was_written():
    file = transport.read(written("xpt"))

    started = (
        datetime.fromisoformat("2026-03-02T07:00") - SAS_EPOCH
    ).total_seconds()  # the clock of the site, no offset
    assert (file.name, file.label) == ("ADVS", "Vital signs")
    assert [(one.name, one.is_number, one.length) for one in file.variables] == [
        ("STUDYID", False, 20), ("USUBJID", False, 40), ("PARAMCD", False, 8), ("ADTM", True, 8), ("AVAL", True, 8),
        ("ANL01FL", False, 1), ("NOTE", False, 20),
    ]  # fmt: skip
    assert file.rows == [
        ["STEP-1", "STEP-1-S1-001", "TEMP", started, 38.2, "Y", 'say "a, b"'],
        ["STEP-1", "STEP-1-S1-001", "SYSBP", started + 1, -0.001, "N", "0012"],
        ["STEP-1", "STEP-1-S1-002", "TEMP", None, None, None, None],
    ]


def test_the_stamps_are_those_of_the_cut():
    assert transport.read(written("xpt")).stamps == {"02MAR26:09:00:00"}
    assert written("xpt") == written("xpt")


def test_instants_are_numbers_to_adam_and_texts_to_sdtm():
    adam, sdtm = transport.read(written("xpt")), transport.read(written("xpt", VS))

    assert (adam.variables[3].shown_as, sdtm.variables[3].is_number) == ("E8601DT", False)
    assert sdtm.rows[0][3] == "2026-03-02T07:00:00"


# Published: TS-140 (1), the two of the article "IBM hexadecimal floating-point", and 0.1 rounded to a double.
@pytest.mark.parametrize(
    ("value", "field"),
    [
        (0.0, "0000000000000000"),
        (1.0, "4110000000000000"),
        (-118.625, "c276a00000000000"),
        (0.1, "401999999999999a"),
        (100.0, "4264000000000000"),
    ],
)
def test_numbers_are_those_of_the_mainframe(value, field):
    assert as_ibm(value).hex() == field


@given(st.floats(min_value=1e-75, max_value=7e75) | st.floats(min_value=-7e75, max_value=-1e-75))
def test_every_double_in_range_comes_back_exactly(value):
    assert transport.number(as_ibm(value)) == value


@given(
    st.integers(min_value=-(10**9), max_value=10**9),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
    st.integers(min_value=0, max_value=4 * 10**15),
)
def test_whatever_fits_comes_back(thousandths, text, microseconds):
    since = timedelta(microseconds=microseconds)
    at = SAS_EPOCH + since
    row = ("S", "U", "TEMP", f"{at.isoformat()}+08:00", f"{thousandths / 1000:.3f}", "Y", text)

    (back,) = transport.read(written("xpt", rows=[row])).rows

    assert back[3:5] == [since.total_seconds(), float(f"{thousandths / 1000:.3f}")]
    assert back[6] == (text.rstrip(" ") or None)  # the format fills up with blanks


def broken(place, cell):
    """The second row with one cell changed."""
    second = (*ROWS[1][:place], cell, *ROWS[1][place + 1 :])
    return [ROWS[0], second, ROWS[2]]


@pytest.mark.parametrize(
    ("place", "cell", "code", "name"),
    [
        (6, "x" * 21, "cell_too_long", "NOTE"),
        (6, "步驟一", "cell_not_ascii", "NOTE"),
        (6, "Schritt 1 · 步", "cell_not_ascii", "NOTE"),
        (6, "x" * 19 + "≥", "cell_too_long", "NOTE"),
        (6, "two\nlines", "cell_not_ascii", "NOTE"),
        (4, "1e76", "cell_out_of_range", "AVAL"),
        (4, "1_0", "cell_not_of_kind", "AVAL"),
        (4, "NaN", "cell_not_of_kind", "AVAL"),
        (3, "2026-03-02", "cell_not_of_kind", "ADTM"),
    ],
)
def test_a_cell_that_does_not_fit_is_named_with_data_set_column_and_row(place, cell, code, name):
    with pytest.raises(NotWritable) as refused:
        written("xpt", rows=broken(place, cell))

    message = refused.value.message
    assert (message.code, message.values["dataset"], message.values["column"], message.values["row"]) == (
        code, "ADVS", name, 2,
    )  # fmt: skip
    assert {"ADVS", name} <= set(str(text_of(message)).replace(",", " ").replace(":", " ").split())


@pytest.mark.parametrize(
    ("dataset", "code"),
    [
        (with_column(column("TEMPERATURE", "N")), "column_name"),
        (with_column(column("temp", "N")), "column_name"),
        (with_column(column("1TEMP", "N")), "column_name"),
        (with_column(column("TEMP", "N", "x" * 41)), "column_label"),
        (with_column(column("TEMP", "N", "體溫")), "column_label"),
        (with_column(column("NOTE", "C201")), "column_length"),
        (replace(ADVS, name="vitalsigns"), "dataset_name"),
        (replace(ADVS, label="x" * 41), "dataset_label"),
    ],
)
def test_columns_that_do_not_fit_are_refused_before_a_row_is_read(dataset, code):
    def rows():
        raise AssertionError("a row was read")
        yield

    with pytest.raises(NotWritable) as refused:
        written("xpt", dataset, rows())

    assert refused.value.message.code == code


def test_texts_of_two_hundred_signs_and_labels_of_forty_fit():
    wide = with_column(column("NOTE", "C200", "y" * 40))
    row = (*ROWS[0][:6], "x" * 200)

    file = transport.read(written("xpt", wide, [row]))

    assert (file.rows[0][6], file.variables[6].label) == ("x" * 200, "y" * 40)

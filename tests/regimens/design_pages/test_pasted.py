"""Rows from a spreadsheet: with and without a header, by tabs or as CSV; each fault with its row and column."""

import pytest

from regimens.forms.design.pasted import MOST_CHARACTERS, pasted_assays

HEADER = "Assay\tReadout\tEC50, pM\tHill\tE:T\tDonors"
ROW = "TDCC\tcytotoxicity\t50\t0.7\t10:1\t6"


def test_rows_with_a_header_are_read_by_its_columns():
    rows, faults = pasted_assays(f"{HEADER}\n{ROW}\n")

    assert faults == []
    assert rows == [{"name": "TDCC", "readout": "cytotoxicity", "ec50_pm": "50", "hill": "0.7",
                     "effector_to_target": "10", "donors": "6"}]  # fmt: skip


@pytest.mark.parametrize("text", [
    "TDCC\tkilling\t50\t1\t10", "TDCC,cytotoxicity,50,1,10:1", "TDCC;cytotoxicity;50;1;10\r\n",
    "\ufeffName;Readout;EC50 (pM);Hill slope;E/T\nTDCC;TDCC;５０;1;10\n\n",
])  # fmt: skip
def test_rows_without_one_are_read_in_the_order_of_the_page(text):
    rows, faults = pasted_assays(text)

    assert faults == []
    assert [(row["name"], row["readout"], row["ec50_pm"], row["effector_to_target"]) for row in rows] == [
        ("TDCC", "cytotoxicity", "50", "10")
    ]


@pytest.mark.parametrize(("text", "fault"), [
    (f"{HEADER}\n{ROW}\nIL-6\tcytokine\tabc\t1\t5", "Row 3, EC50, pM: “abc” is not a number"),
    (f"{HEADER}\nIL-6\tcytokine\t12,5\t1\t5", "Row 2, EC50, pM: Write a decimal point"),
    (f"{HEADER}\nIL-6\tcytokine\t12.5\t1\t", "Row 2, E:T: This is missing."),
    (f"{HEADER}\nIL-6\tsmell\t12.5\t1\t5", "Row 2, Readout: Choose one of those listed."),
    (f"{HEADER}\n{ROW}\tx\ty", "Row 2 has 8 cells, and there are 6 columns."),
    ("Assay\tReadout\tColour\n", "Column “Colour” is not known."),
    ('a\t"b\n', "Row 1 cannot be read"),
    ("\n \n", "There is no row"),
    ("x\n" * 51, "51 rows: at most 50."),
    ("x" * (MOST_CHARACTERS + 1), "Too much was pasted: at most 200,000 characters."),
])  # fmt: skip
def test_a_fault_says_its_row_and_column(text, fault):
    assert pasted_assays(text)[1][0].startswith(fault)


def test_a_row_with_a_fault_is_kept_to_be_mended():
    rows, faults = pasted_assays(f"{HEADER}\nIL-6\tcytokine\tabc\t1\t5")

    assert len(faults) == 1
    assert rows[0]["ec50_pm"] == "abc"

"""The sheet as PDF: what is on it can be read out again, on every page who it is of and which page of how many."""

from io import BytesIO
from itertools import count

import pytest
from pypdf import PdfReader

from grading.downtime.drawing import draw
from grading.downtime.sheet import Sheet, SheetLine, SheetSection, SheetTable

ADDRESS = "https://crs.example.org/paper/vitals/2a-69a51f10.Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4/"


def sheet(**changes) -> Sheet:
    words = {
        "title": "Downtime sheet", "number": "DEMO-001", "bed": "Bed 12", "warning": "Research use.",
        "foot": "ASTCT 2019",
        "as_of": "As of Mon 2026-03-02 17:00 Asia/Taipei +08:00", "check": "Wristband ends in 001",
        "page_of": "page %(page)s of %(pages)s",
    }  # fmt: skip
    return Sheet(**words | changes)


def pages(one: Sheet, **options) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(draw(one, **options))).pages]


def test_the_words_of_a_sheet_can_be_read_out_again():
    one = sheet(
        sections=[
            SheetSection(title="Now", lines=[SheetLine(name="CRS", text="≥2 at least 2 & <3>")], texts=["Call 1234"])
        ],
        known=[SheetTable(title="Last sets", columns=["At", "SpO₂"], rows=[["17:00", "94"]])],
    )

    text = "\n".join(pages(one))

    for words in ("DEMO-001", "Bed 12", "Wristband ends in 001", "≥2 at least 2 & <3>", "Call 1234", "SpO2", "94"):
        assert words in text


def test_every_page_says_whose_it_is_as_of_when_and_which_of_how_many():
    long = sheet(sections=[SheetSection(title="Phone tree", texts=[f"line {n}" for n in range(150)])])

    texts = pages(long)

    assert len(texts) > 2
    for place, text in zip(count(1), texts, strict=False):
        assert f"page {place} of {len(texts)}" in text
        assert "DEMO-001" in text
        assert "2026-03-02 17:00 Asia/Taipei +08:00" in text
        assert "ASTCT 2019" in text


def test_chinese_is_read_out_again_without_a_font_on_the_machine():
    one = sheet(title="停機紀錄單", bed="12 床", page_of="第 %(page)s 頁，共 %(pages)s 頁")

    assert {"停機紀錄單", "12 床"} <= set(pages(one)[0].splitlines())
    assert "第 1 頁，共 1 頁" in pages(one)[0]


def test_a_phone_tree_in_chinese_stands_on_an_english_sheet():
    assert "護理長 分機 5678" in pages(sheet(sections=[SheetSection(title="Call", texts=["護理長 分機 5678"])]))[0]


def test_what_is_not_on_record_is_a_dash_and_never_empty():
    assert SheetLine(name="CRS", text="").shown == "–"


def test_a_table_whose_cells_are_no_row_is_a_mistake():
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        SheetTable(title="Sets", columns=["At", "Pulse"], rows=[["17:00"]])


def test_the_same_sheet_is_the_same_file_and_another_square_another_one():
    blank = SheetTable(title="Sets", columns=["At"], blank=8, square=ADDRESS)
    once = draw(sheet(blanks=[blank]))

    assert once == draw(sheet(blanks=[blank]))
    other = SheetTable(title="Sets", columns=["At"], blank=8, square=ADDRESS.replace("vitals", "neuro"))
    assert once != draw(sheet(blanks=[other]))

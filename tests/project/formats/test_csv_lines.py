"""What a spreadsheet may have written, and the line where a file is no table."""

import pytest

from crsmonitor.error_words import fields_of
from crsmonitor.errors import InvalidInput, Message
from crsmonitor.formats.csv_lines import MOST_BYTES, MOST_LINES, lines_of, text_of


def read(text: str) -> list[tuple[int, dict[str, str]]]:
    return [(line.number, line.cells) for line in lines_of(text, columns=("name", "site"), optional=("role",))]


@pytest.mark.parametrize(
    "text",
    [
        "name,site\nann,TPE\n", "name;site\r\nann;TPE\r\n", "name\tsite\nann\tTPE", "\ufeffname,site\nann,TPE\n",
        '"name","site"\n"ann","TPE"\n', "name, site\n ann , TPE \n", "name,site\nann,TPE\n\n,\n",
    ],
)  # fmt: skip
def test_what_spreadsheets_write_is_read(text):
    assert read(text) == [(2, {"name": "ann", "site": "TPE", "role": ""})]


def test_columns_stand_in_any_order():
    assert read("role,site,name\nnurse,TPE,ann\n") == [(2, {"name": "ann", "site": "TPE", "role": "nurse"})]


def test_a_cell_with_a_line_break_counts_as_an_editor_does():
    assert [number for number, _ in read('name,site\n"a\nb",TPE\nann,TPE\n')] == [3, 4]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The first line must name these columns and no others: name, site, [role]"),
        ("name\nann\n", "The first line must name these columns and no others: name, site, [role]"),
        ("name,site,mail\nann,TPE,x\n", "The first line must name these columns and no others: name, site, [role]"),
        ("name,site,site\nann,TPE,x\n", "The first line must name these columns and no others: name, site, [role]"),
        ("name,site\n", "The file has no line below its header."),
        ("name,site\nann\n", "Line 2 has 1 cells; the header has 2."),
        ("name,site\nann,TPE\n\nbo,TPE\n", "Line 3 is empty, and others follow: is something missing?"),
        ('name,site\n"ann,TPE\n', "Line 2 cannot be read: a quotation mark is missing or stands too much."),
        ("name,site\n\x00,TPE\n", "This file is no text in UTF-8: save it as “CSV UTF-8”."),
        ("name,site\n" + "ann,TPE\n" * (MOST_LINES + 1), "The file is too long: at most 2000 lines."),
    ],
)
def test_what_is_no_table_says_where(text, sentence):
    with pytest.raises(InvalidInput) as refused:
        read(text)
    assert fields_of(refused.value) == {"file": [sentence]}


@pytest.mark.parametrize("raw", [b"\xff\xfen\x00", b"caf\xe9", b"x" * (MOST_BYTES + 1)])
def test_what_is_no_text_is_refused(raw):
    with pytest.raises(InvalidInput):
        text_of(raw)


def test_a_problem_says_its_line_and_column():
    [line] = lines_of("name,site\nann,TPE\n", columns=("name", "site"))
    error = InvalidInput("csv_empty", fields={"file": [line.wrong("site", Message("no_such_site"))]})

    assert fields_of(error) == {"file": ["Line 2, site: No such site."]}

"""The protocol appendix in Markdown and HTML, and two regimens as a difference."""

from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.core.management import CommandError, call_command

from regimens.library import document_from, names, read
from regimens.library.protocol import Section, number, sections_of
from regimens.library.written import as_html, as_markdown, differences


def changed(regimen_id, **fields):
    return document_from(dict(read(regimen_id).data) | fields)


def lines(before, after):
    return [str(change) for change in differences(sections_of(before), sections_of(after))]


def test_the_same_says_the_same():
    for name in names():
        assert lines(read(name), read(name)) == []


def test_a_changed_dose_is_told_by_its_step():
    steps = [dict(step) for step in read("linvoseltamab").data["steps"]]
    steps[1]["dose"] = Decimal("20.5")

    assert lines(read("linvoseltamab"), changed("linvoseltamab", steps=steps)) == [
        "~ Schedule, step-up 2, dose: 25 mg -> 20.5 mg"
    ]


def test_a_restart_row_that_moves_is_told():
    restart = dict(read("epcoritamab_LBCL").data["restart"])
    restart["rows"] = [dict(row) for row in restart["rows"]]
    restart["rows"][0]["from_d"] = 8

    assert lines(read("epcoritamab_LBCL"), changed("epcoritamab_LBCL", restart=restart)) == [
        "~ Restart after a delay, step-up 1, days since: 9 and more -> 8 and more"
    ]


def test_a_table_that_is_new_and_one_that_is_gone():
    without = {k: v for k, v in read("teclistamab").data.items() if k != "restart"}
    changes = lines(read("teclistamab"), document_from(without))

    assert len(changes) == 10
    assert (
        changes[0]
        == "- Restart after a delay, step-up 1: 8 and more, restart at step-up 1, >7 d: restart at step-up 1, TEC_DELAY"
    )
    assert [line[0] for line in lines(document_from(without), read("teclistamab"))] == ["+"] * 10


def test_another_order_of_the_same_steps_is_a_change():
    steps = [dict(step) for step in read("teclistamab").data["steps"]]
    for step in steps:
        step.pop("day", None)
    own = {"variants": {}, "grade_rules": [], "restart": {"rows": read("teclistamab").data["restart"]["rows"][:1]}}
    before = changed("teclistamab", steps=steps, **own)
    after = changed("teclistamab", steps=[steps[0], steps[2], steps[1], *steps[3:]], **own)

    assert lines(before, after)[0].startswith("~ Schedule, order: step-up 1, step-up 2")


@pytest.mark.parametrize(("value", "text"), [(Decimal("20.0"), "20"), ("0.060", "0.06"), (1000, "1000"), (None, "")])
def test_numbers_are_written_as_people_write_them(value, text):
    assert number(value) == text


def test_one_label_leaves_out_the_others():
    swiss = {section.title: section.rows for section in sections_of(read("glofitamab"), "CH")}
    american = {section.title: section.rows for section in sections_of(read("glofitamab"), "US")}

    assert [row[0] for row in swiss["Observation"]] == ["CH"]
    assert american["Observation"][0][2] == "not found"
    assert len(swiss["Next dose by grade"]) == len(american["Next dose by grade"]) + 2


def test_the_denominator_stands_beside_the_figure():
    figures = next(s for s in sections_of(read("tarlatamab")) if s.title == "Published figures").rows

    assert ("CRS any", "C1D1 step-up", "73 % (of 268)", "the 268 PATIENTS WITH CRS, not all treated",
            "current label 2025", "TAR_ISI") in figures  # fmt: skip
    assert ("CRS any", "", "57 % (268 of 473)", "participants treated", "current label 2025", "TAR_ISI") in figures


# --- Formats --------------------------------------------------------------------------------------------------

NASTY = Section(title="Cells", columns=("A", "B"), rows=(("a | b", "<script>*x*"), ("two\nlines", "")))


def test_nothing_in_a_cell_is_taken_for_markdown():
    assert as_markdown("T", [NASTY]).splitlines()[4:] == [
        "| A | B |",
        "| --- | --- |",
        r"| a \| b | \<script\>\*x\* |",
        "| two lines |  |",
    ]


TAGS = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "table", "thead", "tbody", "tr", "th", "td"}


class Cells(HTMLParser):
    """The texts of all cells; anything that is no table is an error."""

    def __init__(self):
        super().__init__()
        self.cells, self.open = [], False

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS
        self.open = tag == "td"
        if self.open:
            self.cells.append("")

    def handle_endtag(self, tag):
        self.open = False

    def handle_data(self, data):
        if self.open:
            self.cells[-1] += data


def test_nothing_in_a_cell_is_taken_for_html():
    page = Cells()
    page.feed(as_html("T", [NASTY]))

    assert page.cells == ["a | b", "<script>*x*", "two\nlines", ""]


@pytest.mark.parametrize("name", names())
def test_every_regimen_prints_in_both_formats_without_a_database(name, capsys):
    call_command("protocol", name)
    call_command("protocol", name, format="html")

    output = capsys.readouterr().out
    assert output.startswith(f"# {read(name).data['title']}\n")
    for text in read(name).data["not_found"]:
        assert text.split('"')[0].split("'")[0] in output


def test_two_of_the_library_as_a_difference(capsys):
    call_command("protocol", "talquetamab_weekly", against="talquetamab_biweekly")

    assert "Schedule, first treatment dose, dose: 0.8 mg/kg -\\> 0.4 mg/kg" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [("nothing", {}, "nothing: No such file"), ("teclistamab", {"variant": "XX"}, "no variant 'XX'")],
)
def test_protocol_refuses(name, options, message):
    with pytest.raises(CommandError, match=message):
        call_command("protocol", name, **options)

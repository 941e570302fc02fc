"""The file itself: quoting, formulas, the same bytes twice."""

import pytest

from crsmonitor.audit.acting import acting
from grading.exports.datasets.adcrsp.columns import COLUMNS
from grading.exports.formats.dictionary import entries
from regimens.models import Step, StepKind
from tests.builders import dose, hour, kept, treatment, vitals
from tests.exports.reading import raw, rows

CORPUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠a", "=cmd|' /C calc'!A0"]
HARMLESS = ["STEP-UP 1", 'a "b", c', "line\nbreak", "-", "步驟一"]


def labelled(world, label):
    """A dose under a step whose label somebody typed."""
    with acting(by="test", reason="a label"):
        step = Step.objects.create(
            regimen=world.regimen, position=9, label=label, planned_dose=5, unit="mg", kind=StepKind.STEP_UP
        )
    world.steps[0] = step
    kept(dose(world), world)


@pytest.mark.parametrize("label", CORPUS + HARMLESS)
def test_the_data_variant_gives_back_what_was_entered(world, label):
    labelled(world, label)

    assert rows(world, hour(1))[0]["ASPERC"] == label


@pytest.mark.parametrize("label", [*CORPUS, *HARMLESS, "0012", "1E5", "3-4", "MAR1"])
def test_the_excel_variant_makes_a_text_of_whatever_was_typed(world, label):
    labelled(world, label)

    cell = rows(world, hour(1), excel_safe=True)[0]["ASPERC"]

    assert cell == '="' + label.replace('"', '""') + '"'  # a formula that is one string, and gives it back


def test_the_excel_variant_leaves_numbers_times_and_flags_alone(world):
    kept(dose(world, planned_at=hour(2)), world)

    (safe,), (plain,) = rows(world, hour(3), excel_safe=True), rows(world, hour(3))

    texts = {c.name for c in COLUMNS if c.is_text and c.kind != "C1"}
    assert {name: value for name, value in safe.items() if name not in texts} == {
        name: value for name, value in plain.items() if name not in texts
    }
    assert {name: value[2:-1] if value else "" for name, value in safe.items() if name in texts} == {
        name: value for name, value in plain.items() if name in texts
    }
    assert safe["DOSDLYH"] == "-2.00"


def test_no_text_is_longer_than_its_column_says(world):
    labelled(world, "every 2 weeks, then every 4 weeks while a complete response lasts")

    (row,) = rows(world, hour(1))

    assert [c.name for c in COLUMNS if c.is_text and len(row[c.name]) > int(c.kind[1:])] == []
    assert row["ASPERC"] == "every 2 weeks, then every 4 weeks while "


def test_header_is_the_dictionary(world):
    header = raw(world, hour(1)).decode().splitlines()[0]

    assert header == ",".join(row["name"] for row in entries(COLUMNS)) == ",".join(c.name for c in COLUMNS)


def test_lines_end_in_a_line_feed_and_null_is_empty(world):
    kept(dose(world), world)

    content = raw(world, hour(1))

    assert content.endswith(b"\n")
    assert b"\r" not in content
    assert b'""' not in content


def test_the_same_cut_gives_the_same_bytes(world):
    kept(dose(world), world)
    kept(vitals(world, 27, temperature_c=38.6), world)
    kept(treatment(world, 28, "tocilizumab", "anticytokine", "crs", dose=480, unit="mg"), world)

    assert raw(world, hour(40)) == raw(world, hour(40))

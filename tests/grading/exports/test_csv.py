"""The file itself: quoting, formulas, the same bytes twice."""

import pytest

from crsmonitor.audit.acting import acting
from grading.exports.columns import COLUMNS
from grading.exports.writers import dictionary
from regimens.models import Step, StepKind
from tests.builders import dose, hour, kept, treatment, vitals
from tests.grading.exports.reading import raw, rows

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


@pytest.mark.parametrize("label", CORPUS)
def test_the_excel_variant_disarms_a_formula(world, label):
    labelled(world, label)

    assert rows(world, hour(1), excel_safe=True)[0]["ASPERC"] == "'" + label


def test_the_excel_variant_leaves_negative_numbers_and_the_rest_alone(world):
    kept(dose(world, planned_at=hour(2)), world)

    safe, plain = rows(world, hour(3), excel_safe=True), rows(world, hour(3))

    assert safe == plain
    assert safe[0]["DOSDLYH"] == "-2.00"


def test_header_is_the_dictionary(world):
    header = raw(world, hour(1)).decode().splitlines()[0]

    assert header == ",".join(row["name"] for row in dictionary()) == ",".join(c.name for c in COLUMNS)


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

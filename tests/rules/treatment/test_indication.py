"""For what a drug was given decides several things, each with its own question: one row a question."""

import re
from pathlib import Path

import pytest

import grading
from grading.rules.treatment import indication as asks

GIVEN = ("crs", "icans", "premedication", "prophylaxis", "other", "treatment")
ANSWERS = [  # what "other" answers is a convention; premedication and prophylaxis never open the waiver (decisions)
    ("opens the waiver", asks.opens_waiver, {"crs", "icans", "other", "treatment"}),
    ("treats CRS or ICANS", asks.treats_syndrome, {"crs", "icans"}),
    ("treats CRS", lambda given: asks.treats_syndrome(given, "crs"), {"crs"}),
    ("treats ICANS", lambda given: asks.treats_syndrome(given, "icans"), {"icans"}),
    ("counts towards a limit that prophylaxis counts towards",
     lambda given: asks.counts_towards_limit(given, prophylaxis_counts=True), set(GIVEN)),
    ("counts towards a limit that it does not",
     lambda given: asks.counts_towards_limit(given, prophylaxis_counts=False), {"crs", "icans", "other", "treatment"}),
    ("counts as tried", asks.counts_as_tried, {"crs", "icans", "other", "treatment"}),
    ("holds the next dose", asks.holds_next_dose, {"crs", "icans", "other", "treatment"}),
    ("needs its dose", asks.needs_its_dose, {"crs", "icans", "other", "treatment"}),
    ("holds a pressure, of fluid", asks.holds_pressure, {"crs", "treatment"}),
    ("premedication", asks.is_premedication, {"premedication"}),
    ("prophylaxis", asks.is_prophylaxis, {"prophylaxis"}),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "yes"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
def test_each_question_has_its_answer_for_each_indication(answers, yes):
    assert {given for given in GIVEN if answers(given)} == yes


def test_nobody_else_decides_by_an_indication():
    """One that compares the text would be the next place that answers otherwise."""
    compares = re.compile(r"\.indication (?:not in|in|==|!=) ")
    root = Path(grading.__file__).parent
    files = {
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        if file.name != "indication.py" and compares.search(file.read_text(encoding="utf-8"))
    }

    assert files == set()

"""The lowered rules answer as the rules do, to the byte: grade, bounds, reasons, flags, what is missing, their order.

In the real MicroPython, under node and in Chromium, which are one engine. All of it, in both, takes minutes, and is for
whoever changes the lowering or the engine; where CI is set every row of the rules' tests and a part of the others:

    CRS_TEST_TABLET=all CI=1 python3 dev.py test tests/tablet
"""

import os
import random
from itertools import islice

import pytest
from django.utils import translation

from crsmonitor.tablet.words import words_of
from tests.sizes import sized
from tests.tablet import cases
from tests.tablet.recorded import questions as rows
from tests.tablet.same import differences

ALL = os.environ.get("CRS_TEST_TABLET") == "all"
ROWS = "rows of the rules' tests"
CRS, ICANS = {"ask": "grade", "kind": "crs"}, {"ask": "grade", "kind": "icans"}
BARE = {"why": False}  # what would change a grade is asked of the random ones


def drawn(make, number, seed=2019):
    rng = random.Random(seed)
    return (make(rng) for _ in range(number))


# How to make each, and how many there are at least in all.
SETS = {
    ROWS: (rows, 700),
    "axes of CRS": (lambda: (CRS | BARE | {"seen": seen} for seen in cases.axes()), 15_000),
    "domains of ICANS": (lambda: (ICANS | BARE | {"seen": seen} for seen in cases.domains()), 15_000),
    "looks": (lambda: drawn(lambda rng: CRS | {"seen": cases.crs_look(rng, history=True)}, 400), 400),
    "examinations": (lambda: drawn(lambda rng: ICANS | {"seen": cases.icans_look(rng)}, 400), 400),
    "doubts": (lambda: drawn(cases.one_check, 600), 600),
    "previews": (lambda: drawn(cases.one_preview, 200), 200),
    "forms": (lambda: drawn(cases.one_form, 400), 400),
    "what waits": (lambda: drawn(cases.one_waiting, 200), 200),
    "courses": (lambda: drawn(cases.course, 2000), 2000),
}


@pytest.mark.parametrize("which", SETS)
def test_it_is_answered_alike_under_node(which, ask):
    make, least = SETS[which]
    every = list(make())
    assert len(every) >= least

    questions = every[:: sized(1 if ALL or which == ROWS else 5, sample=20 if which == ROWS else 100)]

    assert next(differences(questions, ask), None) is None


@pytest.mark.browser
def test_it_is_answered_alike_in_chromium(ask_in_chromium):
    for make, _ in SETS.values():
        questions = list(islice(make(), 0, None, sized(1 if ALL else 100, sample=200)))
        assert next(differences(questions, ask_in_chromium), None) is None


@pytest.mark.long
def test_it_is_said_alike_in_chinese(rules, node):
    """With the words that a page gives to the worker."""
    with translation.override("zh-hant"), node(words_of(rules, "zh-hant")) as ask:
        assert "發燒" in ask(TYPED)
        assert next(differences(islice(drawn(cases.one_form, 400), sized(400, sample=60)), ask), None) is None


TYPED = {
    "ask": "typed", "kind": "vitals", "id": "new", "at": "2026-03-02T10:00:00+00:00",
    "fields": {"temperature_c": ["38.5"]},
    "rules": {
        "state": {}, "parameters": {"resolution_minutes": 1440, "awaits_dose": False}, "pediatric": False,
        "baseline": {}, "baseline_at": None, "set_before_at": None, "set_before": None, "previous": {},
    },
}  # fmt: skip


def test_a_difference_is_seen(ask):
    """The one bad example: a tablet that says something else."""
    question = CRS | {"seen": {"temperature_c": "38.0"}}

    differing = list(differences([question], lambda one: ask(one).replace("fever", "Fever")))

    assert [each[0] for each in differing] == [question]

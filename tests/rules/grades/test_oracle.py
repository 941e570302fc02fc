"""Random looks and courses through the contract, held against a second reading of the rules' text (oracle/)."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest

from grading.rules.contract.contract import answer
from grading.rules.course.events import Parameters
from tests.rules.grades.oracle import cases, course, crs, icans
from tests.sizes import sized

LOOKS, COURSES, SEED = sized(20_000, sample=1_500), sized(2_000, sample=150), 20261129
MASKING_H = {drug.value: span // timedelta(hours=1) for drug, span in Parameters().masking.items()}


def bounds(answer_given):
    return answer_given["grade"], answer_given["at_least"], answer_given["at_most"]


@pytest.mark.parametrize("kind", ["crs", "icans", "icans_ped"])
def test_random_looks_are_graded_as_the_text_says(kind):
    rng, wrong = random.Random(f"{SEED} {kind}"), []
    for number in range(LOOKS):
        if kind == "crs":
            seen = cases.crs(rng)
            expected = crs.grade(seen)
        else:
            child = kind == "icans_ped"
            seen = cases.icans(rng, child=child)
            expected = icans.grade(seen, child=child)
        graded_bounds = bounds(answer({"id": str(number), "kind": kind, "inputs": seen}))
        if graded_bounds != expected:
            wrong.append((seen, "told", graded_bounds, "expected", expected))

    assert not wrong, f"{len(wrong)} of {LOOKS}, the first: {wrong[0]}"


def test_random_courses_are_as_the_text_says():
    rng, seen = random.Random(SEED), []
    for number in range(COURSES):
        events = cases.course(rng)
        expected = course.Course(events, masking_h=MASKING_H)
        reply = answer({"id": str(number), "kind": "series", "events": events})

        assert [(one["t_hours"], one["kind"], one["grade"]) for one in reply["grades_at"]] == expected.grades, events
        for kind, name in (("crs", "episodes"), ("icans", "icans_episodes")):
            episodes = [
                (e["start_h"], e["end_h"], e["max_grade"], e["onset_from_dose_h"], e["dose_index"]) for e in reply[name]
            ]
            assert episodes == expected.episodes_of(kind), (kind, events)
            seen += episodes

    assert {end is None for _, end, *_ in seen} == {True, False}
    assert {grade for _, _, grade, *_ in seen} == {1, 2, 3, 4, 5}
    assert {dose is None for *_, dose in seen} == {True, False}


CANNULA = {"oxygen_device": "nasal_cannula", "oxygen_flow_l_min": 2}
WELL = cases.WELL | {"temperature_c": Decimal("38.6")}


@pytest.mark.parametrize(
    ("case", "changes", "expected"),
    [
        ("R06", CANNULA | {"oxygen_indication": "comfort", "spo2": None}, (-1, 1, 2)),
        ("R08", {"fio2_percent": 60, "spo2": 95}, (-1, 1, 4)),
        ("R08b", {"fio2_percent": 60, "oxygen_device": None}, (-1, 2, 4)),
        ("R13", {"sbp": None, "mean_pressure": 55}, (-1, 1, 2)),
        ("CF2", {"temperature_c": 38, "running": {"vasopressors": ["norepinephrine"]}}, (3, 3, 3)),
        ("CF2b", {"running": {"oxygen_flow_l_min": 10}}, (-1, 1, 3)),
        ("CF4", {"oxygen_device": "high_flow_nasal_cannula", "oxygen_flow_l_min": 40, "oxygen_indication": "baseline"},
         (-1, 1, 3)),
        ("CF4b", {"oxygen_device": "mechanical_ventilation", "oxygen_indication": "comfort", "spo2": 93}, (-1, 1, 4)),
        ("CF9", {"sbp": 60}, (-1, 1, 2)),
    ],
)  # fmt: skip
def test_the_oracle_itself_on_the_cases_that_failed(case, changes, expected):
    assert crs.grade(WELL | changes) == expected


def test_the_oracle_itself_on_a_course():
    """CF5s, and S4: 24 h observed free."""
    at = [{"type": "crs", "t_hours": hour} | WELL | {"temperature_c": Decimal(t)} for hour, t in (
        (-2, "38.5"), (4, "38.6"), (10, "36.8"), (33, "36.8"), (34, "36.8"),
    )]  # fmt: skip
    episodes = course.Course([*at, {"type": "dose", "t_hours": 0, "dose_index": 1}], masking_h={}).episodes_of("crs")

    assert episodes == [(4, 10, 1, 4, 1)]

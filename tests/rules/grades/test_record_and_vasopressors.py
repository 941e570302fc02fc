"""Vasopressors and fluid that the record has running, or had before the first dose (Rulings 2). Each row a sentence."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.rules.contract.contract import answer
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.pressure import pressure_axis
from tests.sizes import sized

FEVER = {  # well but for the fever, fully looked at
    "temperature_c": Decimal("38.6"), "sbp": 110, "dbp": 70, "hypotension": False, "fluid_bolus": False,
    "vasopressors": [], "spo2": 97, "oxygen_device": "room_air",
}  # fmt: skip
DENIED, HOME = ["contradictory_vasopressors"], ["vasopressor_at_home"]


def crs_answer(**changes):
    return answer({"id": "a", "kind": "crs", "inputs": FEVER | changes})


def runs(*agents, **changes):
    return {"running": {"vasopressors": list(agents)}} | changes


ROWS = [  # sentence, inputs, at least, at most, flags, missing
    ("R03 one drug with and without its strength", {"vasopressors": ["Phenylephrine", "Phenylephrine (50/250)"]},
     3, 3, [], []),
    ("CF15 one drug by brand and by rate", {"vasopressors": ["Levophed", "norepinephrine 4 mcg/min"]}, 3, 3, [], []),
    # CF2: what the record has running
    ("CF2 one runs, the set denies it", runs("norepinephrine"), 3, 3, DENIED, []),
    ("CF2 one runs, the set does not say", runs("norepinephrine", vasopressors=None), 3, 4, [], ["vasopressors"]),
    ("one runs, and the set says so by another name", runs("Levophed 4 mcg/min", vasopressors=["NE"]), 3, 3, [], []),
    ("two run, the set denies them", runs("norepinephrine", "epinephrine"), 3, 4, DENIED, ["vasopressors"]),
    ("two run, the set does not say", runs("norepinephrine", "epinephrine", vasopressors=None), 4, 4, [], []),
    ("two run, the set says one", runs("norepinephrine", "epinephrine", vasopressors=["norepinephrine"]), 3, 4, DENIED,
     ["vasopressors"]),
    ("another one runs than the set says", runs("norepinephrine", vasopressors=["epinephrine"]), 3, 4, DENIED,
     ["vasopressors"]),
    ("vasopressin runs beside what the set says", runs("vasopressin", vasopressors=["norepinephrine"]), 3, 3, DENIED,
     []),
    ("vasopressin runs, the set does not say", runs("vasopressin", vasopressors=None), 3, 4, [], ["vasopressors"]),
    ("an inotrope runs, the set denies it", runs("dobutamine"), 2, 3, ["inotrope_to_be_judged", *DENIED],
     ["vasopressors"]),
    ("one that is not known runs, the set denies it", runs("novelpressor"), 3, 3, ["unknown_agent", *DENIED], []),
    ("two run, the set says two", runs("norepinephrine", "epinephrine", vasopressors=["NE", "epi"]), 4, 4, [], []),
    ("the set says more than the record", runs("norepinephrine", vasopressors=["NE", "epi"]), 4, 4, [], []),
    ("the record says that nothing runs", runs(), 1, 1, [], []),
    ("hypotension of another cause", runs("norepinephrine", hypotension_attributed_to_other_cause=True), 1, 1, [], []),
    ("fluid runs, the set denies it", {"running": {"fluid_bolus": True}}, 1, 2, DENIED, ["fluid_bolus"]),
    ("fluid runs, the set does not say", {"running": {"fluid_bolus": True}, "fluid_bolus": None}, 2, 2, [], []),
    ("fluid runs, the set says so", {"running": {"fluid_bolus": True}, "fluid_bolus": True}, 2, 2, [], []),
    ("fluid does not run, the set does not say", {"running": {"fluid_bolus": False}, "fluid_bolus": None}, 1, 2, [],
     ["fluid_bolus"]),
    ("fluid and a vasopressor run, the set says nothing of either",
     {"running": {"fluid_bolus": True, "vasopressors": ["norepinephrine"]}, "fluid_bolus": None, "vasopressors": None},
     3, 4, [], ["vasopressors"]),
    # R05: what was taken before the first dose
    ("R05 midodrine, nothing said of home", {"vasopressors": ["midodrine"]}, 3, 3, HOME, []),
    ("R05 midodrine as at baseline", {"vasopressors": ["midodrine"], "vasopressors_at_baseline": ["midodrine"]},
     1, 1, [], []),
    ("by another name", {"vasopressors": ["Gutron 5 mg PO"], "vasopressors_at_baseline": ["midodrine"]}, 1, 1, [], []),
    ("midodrine, and none at home", {"vasopressors": ["midodrine"], "vasopressors_at_baseline": []}, 3, 3, [], []),
    ("one more than at home",
     {"vasopressors": ["midodrine", "norepinephrine"], "vasopressors_at_baseline": ["midodrine"]}, 3, 3, [], []),
    ("two more than at home",
     {"vasopressors": ["midodrine", "norepinephrine", "epinephrine"], "vasopressors_at_baseline": ["midodrine"]},
     4, 4, [], []),
    ("as at home, and hypotension all the same",
     {"vasopressors": ["midodrine"], "vasopressors_at_baseline": ["midodrine"], "hypotension": True}, 2, 2, [], []),
    ("what is taken at home runs by the record, the set denies it",
     runs("midodrine", vasopressors_at_baseline=["midodrine"]), 1, 1, [], []),
    ("another one runs beside it",
     runs("midodrine", "norepinephrine", vasopressors=["midodrine"], vasopressors_at_baseline=["midodrine"]),
     3, 3, DENIED, []),
    ("at home says nothing where the set says nothing",
     {"vasopressors": None, "vasopressors_at_baseline": ["midodrine"]}, 1, 4, [], ["vasopressors"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("inputs", "least", "most", "flags", "missing"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS]
)
def test_the_record_joins_the_set(inputs, least, most, flags, missing):
    given = crs_answer(**inputs)

    assert (given["at_least"], given["at_most"]) == (least, most)
    assert (given["flags"], given["missing"]) == (flags, missing)


def test_what_is_as_at_home_is_told():
    texts = [
        why["text"] for why in crs_answer(vasopressors=["midodrine"], vasopressors_at_baseline=["midodrine"])["reasons"]
    ]

    assert "Taken before the first dose already, not counted: midodrine" in texts


AGENTS = st.lists(
    st.sampled_from(["norepinephrine", "Levophed", "epinephrine", "vasopressin", "dobutamine", "novel", "midodrine"]),
    max_size=3,
)
SETS = st.builds(
    CrsInputs,
    sbp=st.sampled_from([None, Decimal(70), Decimal(88), Decimal(120)]),
    hypotension=st.sampled_from([None, False, True]),
    fluid_bolus=st.sampled_from([None, False, True]),
    vasopressors=st.none() | AGENTS,
    vasopressors_at_baseline=st.none() | AGENTS,
)


@settings(max_examples=sized(2000, sample=100))
@given(SETS, AGENTS, st.booleans())
def test_recording_that_something_runs_never_lowers(seen, agents, fluid):
    alone = pressure_axis(seen).grades
    joined = pressure_axis(replace(seen, running_vasopressors=agents, running_fluid_bolus=fluid)).grades

    assert min(joined) >= min(alone)
    assert max(joined) >= max(alone)

"""What a policy may say of conditions, and where it says something that cannot be."""

import re
from decimal import Decimal

import pytest

from grading.policies.library import DEFAULT, read_policy
from grading.rules.alerting.policy.conditions import NUMBERS, plain, read_conditions
from grading.rules.alerting.policy.thresholds import CONDITIONS_IN_POLICIES, ConditionCode, read_thresholds
from grading.rules.treatment.drug_rules import read_drugs
from grading.rules.treatment.policy_numbers import BadPolicy
from tests.policies.refused import refusal

DRUGS = read_drugs(read_policy(DEFAULT).stored_drugs)
FEVER = {"code": "fever_persisting", "hours": 48, "source": "UF"}


def read(*entries, drugs=DRUGS):
    return read_conditions(list(entries), drugs=drugs)


def test_a_condition_is_read_with_its_numbers_and_its_source():
    [fever] = read(FEVER)

    assert (fever.code, fever.hours, fever.source) == (ConditionCode.FEVER_PERSISTING, Decimal(48), "UF")
    assert fever.is_in_force


def test_an_empty_number_is_not_guessed_the_condition_is_not_in_force():
    [fever] = read(FEVER | {"hours": None})

    assert not fever.is_in_force


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        (FEVER | {"hours": 0}, "thresholds[0].hours: a number from 1 to 336"),
        (FEVER | {"hours": 337}, "thresholds[0].hours"),
        (FEVER | {"hours": "soon"}, "thresholds[0].hours"),
        (FEVER | {"hours": "NaN"}, "thresholds[0].hours"),
        (FEVER | {"hours": True}, "thresholds[0].hours"),
        (FEVER | {"source": " "}, "thresholds[0].source"),
        ({"code": "fever_persisting", "source": "UF"}, "thresholds[0].hours: a number is needed; null"),
        (FEVER | {"kind": "crs"}, "thresholds[0].kind: unknown field"),
        ({"code": "ice_drop", "points": 0, "source": "x"}, "thresholds[0].points: a whole number from 1 to 10"),
        ({"code": "ice_drop", "points": "1.5", "source": "x"}, "thresholds[0].points"),
        ({"code": "ice_drop", "points": 11, "source": "x"}, "thresholds[0].points"),
        ({"code": "observation_overdue", "minutes": -1, "source": "x"}, "thresholds[0].minutes"),
        ({"code": "window_ending", "hours": 73, "source": "x"}, "thresholds[0].hours"),
    ],
)
def test_a_mistake_is_told_with_its_place(entry, place):
    with pytest.raises(BadPolicy) as error:
        read(entry)

    assert refusal(error.value).startswith(place)


@pytest.mark.parametrize(
    "entry",
    [
        FEVER | {"hours": 1}, FEVER | {"hours": 336}, FEVER | {"hours": "1.5"},
        {"code": "ice_drop", "points": 10, "source": "x"}, {"code": "observation_overdue", "minutes": 0, "source": "x"},
        {"code": "seizure_or_posturing", "source": "x"},
    ],
)  # fmt: skip
def test_the_bounds_themselves_are_good(entry):
    assert len(read(entry)) == 1


def test_the_same_condition_twice_is_refused_at_the_second():
    with pytest.raises(BadPolicy) as error:
        read(FEVER, FEVER | {"hours": 24})

    assert refusal(error.value) == "thresholds[1]: fever_persisting is given twice"


@pytest.mark.parametrize("code", ["tocilizumab_eligible", "tocilizumab_maximum"])
def test_what_takes_its_numbers_from_the_limits_of_tocilizumab_needs_them(code):
    with pytest.raises(BadPolicy) as error:
        read({"code": code, "source": "x"}, drugs=None)

    assert re.match(r"thresholds\[0\]: .*drugs.tocilizumab", refusal(error.value))


@pytest.mark.parametrize("code", ["steroid_after_anti_il6", "manage_as_next_grade"])
def test_what_takes_its_numbers_from_the_refractory_rules_needs_them(code):
    with pytest.raises(BadPolicy) as error:
        read({"code": code, "source": "x"}, drugs=read_drugs({"tocilizumab": None}))

    assert re.match(r"thresholds\[0\]: .*drugs.refractory", refusal(error.value))


def test_the_thresholds_by_grade_of_the_same_list_are_read_without_them():
    grade = {"code": "step_up_care", "kind": "crs", "from_grade": 3, "source": "ASCO"}

    assert [t.code.value for t in read_thresholds([FEVER, grade])] == ["step_up_care"]
    assert [c.code.value for c in read(FEVER, grade)] == ["fever_persisting"]


def test_an_unknown_code_names_those_there_are():
    with pytest.raises(BadPolicy) as error:
        read_thresholds([FEVER, {"code": "fever"}])

    assert re.match(r"thresholds\[1\].code: one of new_grade.*window_ending", refusal(error.value))


def test_what_is_stored_is_read_as_what_was_written():
    conditions = read_policy(DEFAULT).conditions

    assert read_conditions(plain(conditions), drugs=DRUGS) == conditions


@pytest.mark.parametrize(
    ("code", "number", "value"),
    [
        ("fever_persisting", "hours", 72),  # ASCO: > 3 days
        ("no_improvement_after_steroid", "hours", 12),  # UF
        ("no_improvement_after_steroid", "from_grade", 2),  # UF, row of grade 2
        ("ice_drop", "points", 1),  # Australian protocol
        ("observation_overdue", "minutes", 0),  # convention
        ("window_ending", "hours", None),  # none was found
    ],
)
def test_the_default_policy_says_what_is_published_and_no_more(code, number, value):
    conditions = {one.code.value: one for one in read_policy(DEFAULT).conditions}

    assert getattr(conditions[code], number) == value


def test_the_default_policy_knows_every_condition_and_its_source():
    conditions = read_policy(DEFAULT).conditions

    assert {one.code for one in conditions} == set(NUMBERS) == set(CONDITIONS_IN_POLICIES)
    assert all("http" in c.source or "convention" in c.source or "none found" in c.source for c in conditions)
    assert {one.code.value for one in conditions if not one.is_in_force} == {"window_ending"}

"""What a series reads in a name: the cause of a death, the class of a drug; and values it rounds."""

from decimal import Decimal

import pytest

from regimens.rules.reading import CaseError
from tests.rules.contract.series_events import FEVER, LOW, death, dose, drug, look, series_answer

CRS_NAMES = ["crs", "CRS", " Crs ", "C R S", "CRS.", "Cytokine release syndrome", "cytokine-release  Syndrome",
             "細胞激素釋放症候群"]  # fmt: skip


@pytest.mark.parametrize("cause", CRS_NAMES)
def test_a_cause_of_death_is_known_by_any_name_whatever_its_case_spaces_and_marks(cause):
    [episode] = series_answer(dose(0), look(10, **FEVER), death(30, cause))["episodes"]

    assert (episode["max_grade"], episode["end_h"]) == (5, 30)


@pytest.mark.parametrize("cause", [" Icans", "Immune Effector Cell-Associated Neurotoxicity Syndrome"])
def test_death_from_icans_too(cause):
    answer = series_answer(dose(0), look(10, **FEVER), death(30, cause))

    assert [one["max_grade"] for one in answer["icans_episodes"] + answer["episodes"]] == [5, 1]


@pytest.mark.parametrize(
    "cause", ["CRS grade 5", "crs; sepsis", "not CRS", "Cytokine release syndrome (CRS)", "sepsis after ICANS"]
)
def test_a_cause_that_names_it_beside_something_else_is_refused(cause):
    """Whether it was the cause is for a person to say; read as another death the episode would end below 5."""
    with pytest.raises(CaseError) as refused:
        series_answer(dose(0), look(10, **FEVER), death(30, cause))

    assert (refused.value.code, refused.value.field) == ("invalid_value", "events[2].cause")


@pytest.mark.parametrize("cause", ["sepsis", "across the road", "progression", "Crohn's", "敗血症"])
def test_any_other_cause_closes_as_it_was(cause):
    [episode] = series_answer(dose(0), look(10, **FEVER), death(30, cause))["episodes"]

    assert (episode["max_grade"], episode["end_h"]) == (1, 30)


def test_rounded_values_are_said_of_a_series():
    assert series_answer(look(1, temperature_c=Decimal("37.22222222222222")))["flags"] == ["value_rounded"]
    assert series_answer(look(1))["flags"] == []


@pytest.mark.parametrize("name", ["dexamethasone", "Tylenol", "anakinra"])
def test_a_known_drug_of_another_class_hides_a_fever_all_the_same(name):
    hidden = series_answer(dose(0), drug(1, "other", drug=name), look(4, **LOW))
    unknown = series_answer(dose(0), drug(1, "other", drug="cefepime"), look(4, **LOW))

    assert [one["grade"] for one in hidden["grades_at"]] == [-1]
    assert [one["grade"] for one in unknown["grades_at"]] == [0]


NAMED = [  # C2c by the name: the class entered, the drug, the grade of hypotension after it, whether the answer says so
    ("other", "dexamethasone 10 mg IV", -1, ["class_from_name"]),
    ("antipyretic", "norepinephrine", 0, ["class_from_name"]),
    ("antipyretic", "dexamethasone", -1, ["class_from_name"]),
    ("other", "norepinephrine 4 mcg/min", 0, []),  # the contract has no other class for it
    ("corticosteroid", "Decadron", -1, []),
    ("antipyretic", "x", -1, []),
    ("other", "cefepime", 0, []),
]


@pytest.mark.parametrize(("drug_class", "name", "grade", "flags"), NAMED)
def test_the_name_of_a_drug_decides_its_class_and_the_answer_says_so(drug_class, name, grade, flags):
    answer = series_answer(drug(0, drug_class, drug=name), look(4, **LOW))

    assert [one["grade"] for one in answer["grades_at"]] == [grade]
    assert [flag for flag in answer["flags"] if flag == "class_from_name"] == flags


def test_a_class_decided_by_the_name_is_said_once_and_of_premedication_too():
    answer = series_answer(
        drug(0, "other", drug="dexamethasone", indication="premedication"), drug(1, "other", drug="Actemra")
    )

    assert answer["flags"] == ["class_from_name"]

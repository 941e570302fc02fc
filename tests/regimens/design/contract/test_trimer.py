"""The kind `trimer`: the published maximum and table (checks C46, C48), each field, and what is never reached."""

import pytest

from regimens.design.contract.kinds import answer
from tests.regimens.design.contract.faults import ABSENT, changed, fault

CASE = {
    "kd_target_pm": 30, "kd_cd3_pm": 41_500, "target_cells_per_ml": 1e5, "receptors_per_target": 12_590,
    "t_cells_per_ml": 1e5, "cd3_per_t_cell": 60_000, "trimers_per_target": 0.05,
}  # fmt: skip
# starting_dose.md: K1 -> free drug in pM for 0.05 trimers a target at 10, 3, 1, 0.3 and 0.1 T cells a target cell
C46 = {30: [0.0497, 0.166, 0.505, 1.75, 5.95], 1000: [1.66, 5.55, 16.8, 58.4, 199]}
RATIOS = [10, 3, 1, 0.3, 0.1]


def test_C48_the_maximum():
    assert answer("trimer", CASE)["free_at_maximum_pm"] == pytest.approx(1115.8, abs=0.1)


@pytest.mark.parametrize("k1", C46)
def test_C46_free_drug_by_effector_to_target(k1):
    free = [answer("trimer", CASE | {"kd_target_pm": k1, "t_cells_per_ml": 1e5 * one})["free_pm"] for one in RATIOS]

    assert free == pytest.approx(C46[k1], rel=0.01)


def test_C46_can_fail():
    """With the other affinity the table would be another."""
    assert answer("trimer", CASE | {"kd_cd3_pm": 83_000})["free_pm"] != pytest.approx(C46[30][2], rel=0.01)


def test_the_receptors_as_a_concentration():
    """1e5 cells/mL with 12,590 receptors each are 1e8 cells/L: 1.259e12 receptors a litre, over Avogadro's number."""
    assert answer("trimer", CASE)["target_pm"] == pytest.approx(1.259e12 / 6.02214076e23 * 1e12, rel=1e-9)


@pytest.mark.parametrize("wanted", [1e-6, 0.05, 1, 2.5])
def test_the_two_questions_are_each_others_answer(wanted):
    free = answer("trimer", CASE | {"trimers_per_target": wanted})["free_pm"]
    back = answer("trimer", changed(CASE, trimers_per_target=ABSENT, free_pm=free))

    assert back["trimers_per_target"] == pytest.approx(wanted, rel=1e-9)
    assert free <= back["free_at_maximum_pm"]


def test_at_the_maximum_there_are_most():
    def trimers(free):
        return answer("trimer", changed(CASE, trimers_per_target=ABSENT, free_pm=free))["trimers_per_target"]

    top = answer("trimer", CASE)["free_at_maximum_pm"]

    assert trimers(top) > max(trimers(top * 0.9), trimers(top * 1.1))
    assert answer("trimer", CASE | {"trimers_per_target": trimers(top)})["free_pm"] == pytest.approx(top, rel=1e-4)
    assert answer("trimer", CASE | {"trimers_per_target": trimers(top) * 1.0001})["free_pm"] is None


def test_more_trimers_than_receptors_are_never_reached():
    assert answer("trimer", CASE | {"trimers_per_target": 12_591})["free_pm"] is None


NEEDED = [name for name in CASE if name != "trimers_per_target"]


@pytest.mark.parametrize("name", NEEDED)
def test_each_number_is_needed_and_above_0(name):
    assert fault("trimer", changed(CASE, **{name: ABSENT})) == ("missing_field", name)
    assert fault("trimer", CASE | {name: None}) == ("missing_field", name)
    assert fault("trimer", CASE | {name: 0}) == ("out_of_range", name)
    assert fault("trimer", CASE | {name: 1.01e12}) == ("out_of_range", name)
    assert fault("trimer", CASE | {name: 1e12}) is None
    assert fault("trimer", CASE | {name: "30"}) == ("invalid_type", name)


def test_exactly_one_question_is_put():
    assert fault("trimer", changed(CASE, trimers_per_target=ABSENT)) == ("missing_field", "free_pm")
    assert fault("trimer", CASE | {"free_pm": 1}) == ("contradictory", "trimers_per_target")
    assert fault("trimer", CASE | {"trimers_per_target": 0}) == ("out_of_range", "trimers_per_target")
    assert fault("trimer", CASE | {"kd_target_nm": 1}) == ("unknown_field", "kd_target_nm")

"""The kind `comparator`: each field, both sides of every limit, and the published tables through its door."""

import pytest

from regimens.design.contract.comparator import answer_comparator, read_comparator
from tests.regimens.design.contract.faults import ABSENT, changed, fault

BOIN = {"design": "boin", "target": 0.25, "n": [3, 6, 9, 12]}
CRM = {"design": "crm_skeleton", "target": 0.3, "halfwidth": 0.05, "level": 4, "levels": 6}


def test_boin_answers_the_published_table():
    answer = answer_comparator(read_comparator(BOIN))

    assert round(answer["lambda_e"], 4) == 0.1968
    assert round(answer["lambda_d"], 4) == 0.2984
    assert [tuple(row.values()) for row in answer["table"]] == [(3, 0, 1, 3), (6, 1, 2, 4), (9, 1, 3, 5), (12, 2, 4, 6)]
    assert list(answer["table"][0]) == ["n", "escalate_at_most", "deescalate_at_least", "eliminate_at_least"]


def test_limits_of_ones_own_replace_the_usual_ones():
    usual = answer_comparator(read_comparator(BOIN))
    given = answer_comparator(read_comparator(BOIN | {"safe": 0.15, "toxic": 0.35}))
    stricter = answer_comparator(read_comparator(BOIN | {"safe": 0.1, "toxic": 0.3}))

    assert given["lambda_e"] == pytest.approx(usual["lambda_e"])
    assert stricter["lambda_e"] < usual["lambda_e"]
    assert stricter["lambda_d"] < usual["lambda_d"]


def test_nobody_eliminates_nothing():
    assert answer_comparator(read_comparator(BOIN | {"n": [0, 2]}))["table"] == [
        {"n": 0, "escalate_at_most": 0, "deescalate_at_least": 0, "eliminate_at_least": None},
        {"n": 2, "escalate_at_most": 0, "deescalate_at_least": 1, "eliminate_at_least": None},
    ]


def test_the_skeleton_answers_the_published_one():
    skeleton = answer_comparator(read_comparator(CRM))["skeleton"]

    assert [round(one, 4) for one in skeleton] == [0.0625, 0.1225, 0.2040, 0.3000, 0.4018, 0.5013]


@pytest.mark.parametrize(("case", "changes", "code", "field"), [
    (BOIN, {"levels": 3}, "unknown_field", "levels"),
    (BOIN, {"design": ABSENT}, "missing_field", "design"),
    (BOIN, {"design": "keyboard"}, "unknown_value", "design"),
    (BOIN, {"design": 1}, "invalid_type", "design"),
    (BOIN, {"design": []}, "invalid_type", "design"),
    (BOIN, {"target": ABSENT}, "missing_field", "target"),
    (BOIN, {"n": None}, "missing_field", "n"),
    (BOIN, {"target": 0}, "out_of_range", "target"),
    (BOIN, {"target": 1}, "out_of_range", "target"),
    (BOIN, {"target": 0.72}, "out_of_range", "toxic"),  # 1.4 times it is above 1
    (BOIN, {"safe": 0}, "out_of_range", "safe"),
    (BOIN, {"safe": 0.25}, "contradictory", "safe"),
    (BOIN, {"toxic": 0.25}, "contradictory", "toxic"),
    (BOIN, {"toxic": 1}, "out_of_range", "toxic"),
    (BOIN, {"n": []}, "invalid_value", "n"),
    (BOIN, {"n": [3, -1]}, "out_of_range", "n[1]"),
    (BOIN, {"n": [10_001]}, "out_of_range", "n[0]"),
    (BOIN, {"n": [1.5]}, "invalid_value", "n[0]"),
    (BOIN, {"n": 3}, "invalid_type", "n"),
    (CRM, {"n": [3]}, "unknown_field", "n"),
    (CRM, {"halfwidth": ABSENT}, "missing_field", "halfwidth"),
    (CRM, {"halfwidth": 0.3}, "contradictory", "halfwidth"),
    (CRM, {"target": 0.8, "halfwidth": 0.2}, "contradictory", "halfwidth"),
    (CRM, {"halfwidth": 0}, "out_of_range", "halfwidth"),
    (CRM, {"level": 0}, "out_of_range", "level"),
    (CRM, {"level": 7}, "contradictory", "level"),
    (CRM, {"levels": 101}, "out_of_range", "levels"),
    (CRM, {"level": ABSENT}, "missing_field", "level"),
    (CRM, {"levels": ABSENT}, "missing_field", "levels"),
])  # fmt: skip
def test_a_fault_is_told_at_its_field(case, changes, code, field):
    assert fault("comparator", changed(case, **changes)) == (code, field)


@pytest.mark.parametrize(("case", "changes"), [
    (BOIN, {"target": 0.71}),
    (BOIN, {"n": [0, 10_000]}),
    (BOIN, {"safe": 0.2499, "toxic": 0.2501}),
    (BOIN, {"safe": None}),
    (CRM, {"halfwidth": 0.2999}),
    (CRM, {"level": 1, "levels": 1}),
    (CRM, {"level": 100, "levels": 100}),
])  # fmt: skip
def test_the_other_side_of_a_limit_is_read(case, changes):
    assert fault("comparator", changed(case, **changes)) is None


def test_a_case_that_is_no_object_is_refused():
    assert fault("comparator", []) == ("invalid_type", None)

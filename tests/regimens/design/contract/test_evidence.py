"""The kind `evidence`: checks C35, C37 and C38, the rule and its order, and each field."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regimens.design.contract.kinds import answer
from tests.regimens.design.contract.faults import ABSENT, changed, fault

ROW = {"dose": 1, "n": 50, "any": 2, "grade2": 0}
CASE = {"doses": [ROW]}


def dose(**changes):
    return answer("evidence", {"doses": [changed(ROW, **changes)]})["doses"][0]


def percents(interval):
    return [100 * one for one in interval]


@pytest.mark.parametrize(("x", "wilson"), [(54, (32.63, 49.10)), (39, (22.25, 37.55)), (10, (4.14, 13.29))])
def test_C35_wilson_of_133_published_with_tarlatamab(x, wilson):
    assert percents(dose(n=133, any=x, grade2=None)["any"]["wilson"]) == pytest.approx(wilson, abs=0.01)


def test_C37_2_of_50():
    two = dose()["any"]

    assert (two["x"], two["n"]) == (2, 50)
    assert 100 * two["jeffreys"]["mean"] == pytest.approx(4.90, abs=0.01)
    assert percents(two["jeffreys"]["interval"]) == pytest.approx([0.84, 12.22], abs=0.01)
    assert percents(two["clopper_pearson"]) == pytest.approx([0.49, 13.71], abs=0.01)
    assert percents(two["wilson"]) == pytest.approx([1.10, 13.46], abs=0.01)


def test_C38_2_of_50_support_below_10_percent_and_not_below_5():
    assert dose()["any"]["p_below"] == pytest.approx(0.935, abs=0.001)
    assert dose(grade2=2)["grade2"]["p_below"] == pytest.approx(0.590, abs=0.001)
    assert dose()["supported"] is True
    assert dose(grade2=2)["supported"] is False


@pytest.mark.parametrize(("any_grade", "grade2", "supported"), [
    (2, 0, True),
    (3, 0, False),
    (2, 1, False),
    (2, None, None),
    (None, 0, None),
    (3, None, False),
    (None, 1, False),
    (None, None, None),
])  # fmt: skip
def test_what_is_not_known_supports_nothing_and_what_is_may_refuse(any_grade, grade2, supported):
    """Of 50: 2 and 0 reach their confidences, 3 and 1 do not."""
    row = dose(any=any_grade, grade2=grade2)

    assert row["supported"] is supported
    assert (row["any"] is None, row["grade2"] is None) == (any_grade is None, grade2 is None)


def test_of_nobody_nothing_is_known():
    assert dose(n=0, any=0, grade2=0) == {"dose": 1, "any": None, "grade2": None, "supported": None}


def test_nobody_or_everybody_has_a_limit_at_the_end():
    assert dose(any=0)["any"]["jeffreys"]["interval"][0] == 0
    assert dose(any=50)["any"]["jeffreys"]["interval"][1] == 1


@pytest.mark.parametrize(("counts", "first"), [
    ([9, 2, 2], "b"), ([2, 9, 2], "c"), ([2, 2, 9], None), ([2, None, 2], "c"), ([2, 2, 2], "a"), ([9], None)
])  # fmt: skip
def test_outpatient_dosing_from_the_dose_from_which_every_one_is_supported(counts, first):
    doses = [ROW | {"dose": name, "any": x} for name, x in zip("abc", counts, strict=False)]

    assert answer("evidence", {"doses": doses})["outpatient_from"] == first


def test_doses_are_answered_as_they_were_named_and_in_their_order():
    doses = [ROW | {"dose": name} for name in ("full", 0.16, 2)]

    assert [row["dose"] for row in answer("evidence", {"doses": doses})["doses"]] == ["full", 0.16, 2]


def test_a_rule_of_ones_own():
    lenient = {"any_below": 0.2, "any_confidence": 0.5, "grade2_below": 0.2, "grade2_confidence": 0.5}
    stricter = {"any_confidence": 0.94}
    case = {"doses": [ROW | {"grade2": 2}]}

    assert answer("evidence", case | {"rule": lenient})["doses"][0]["supported"] is True
    assert answer("evidence", CASE | {"rule": stricter})["doses"][0]["supported"] is False


@pytest.mark.parametrize(("row", "expected"), [
    ({"dose": ABSENT}, ("missing_field", "doses[0].dose")),
    ({"dose": ""}, ("invalid_value", "doses[0].dose")),
    ({"dose": True}, ("invalid_type", "doses[0].dose")),
    ({"dose": -1}, ("out_of_range", "doses[0].dose")),
    ({"n": ABSENT}, ("missing_field", "doses[0].n")),
    ({"n": -1}, ("out_of_range", "doses[0].n")),
    ({"n": 10_001}, ("out_of_range", "doses[0].n")),
    ({"n": 10_000}, None),
    ({"n": 1.5}, ("invalid_value", "doses[0].n")),
    ({"n": "50"}, ("invalid_type", "doses[0].n")),
    ({"any": 51}, ("contradictory", "doses[0].any")),
    ({"any": 50}, None),
    ({"any": -1}, ("out_of_range", "doses[0].any")),
    ({"any": True}, ("invalid_type", "doses[0].any")),
    ({"grade2": 3}, ("contradictory", "doses[0].grade2")),
    ({"grade2": 2}, None),
    ({"any": None, "grade2": 51}, ("contradictory", "doses[0].grade2")),
    ({"grade3": 0}, ("unknown_field", "doses[0].grade3")),
])  # fmt: skip
def test_a_row_that_is_wrong(row, expected):
    assert fault("evidence", {"doses": [changed(ROW, **row)]}) == expected


@pytest.mark.parametrize(("case", "expected"), [
    ({}, ("missing_field", "doses")),
    ({"doses": []}, ("invalid_value", "doses")),
    ({"doses": [ROW, ROW]}, ("contradictory", "doses[1].dose")),
    ({"doses": [ROW | {"dose": at} for at in range(100)]}, None),
    ({"doses": [ROW | {"dose": at} for at in range(101)]}, ("out_of_range", "doses")),
    (CASE | {"rule": {"any_below": 1.01}}, ("out_of_range", "rule.any_below")),
    (CASE | {"rule": {"any_confidence": -0.01}}, ("out_of_range", "rule.any_confidence")),
    (CASE | {"rule": {"grade2_below": "5 %"}}, ("invalid_type", "rule.grade2_below")),
    (CASE | {"rule": {"grade3_below": 0.1}}, ("unknown_field", "rule.grade3_below")),
    (CASE | {"rule": None}, None),
])  # fmt: skip
def test_a_case_that_is_wrong(case, expected):
    assert fault("evidence", case) == expected


@settings(max_examples=30)
@given(st.data())
def test_each_interval_contains_the_share_and_shrinks_with_more_people(data):
    n = data.draw(st.integers(1, 200))
    x = data.draw(st.integers(0, n))
    few, many = dose(n=n, any=x, grade2=None)["any"], dose(n=4 * n, any=4 * x, grade2=None)["any"]
    for name in ("clopper_pearson", "wilson"):
        assert few[name][0] <= x / n + 1e-12
        assert few[name][1] >= x / n - 1e-12
        assert width(many[name]) < width(few[name])
    assert width(many["jeffreys"]["interval"]) < width(few["jeffreys"]["interval"])
    assert few["jeffreys"]["interval"][0] <= x / n <= few["jeffreys"]["interval"][1]
    assert 0 <= few["p_below"] <= 1


def width(interval):
    return interval[1] - interval[0]

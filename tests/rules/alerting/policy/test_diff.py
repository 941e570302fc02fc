"""Two versions of a policy side by side, rule by rule: read as data, so that what is added shows by itself."""

import pytest

from grading.rules.alerting.policy.diff import differences, rules_of

THRESHOLD = {"code": "tocilizumab", "kind": "crs", "from_grade": 2, "source": "p 7.4"}
STEP = {
    "kind": "crs",
    "grade": 4,
    "drug": "dexamethasone",
    "dose": "10",
    "unit": "mg",
    "every_h": None,
    "source": "p 7.5",
}
INTERVAL = {"value": "8", "source": "p 7.6"}


def lines(before, after) -> list[str]:
    return [line for change in differences(before, after) for line in change.lines]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"thresholds": [THRESHOLD]}, {"thresholds": [THRESHOLD]}, []),
        ({}, {"thresholds": [THRESHOLD]}, ["+ crs tocilizumab from grade 2"]),
        ({"thresholds": [THRESHOLD]}, {"thresholds": []}, ["- crs tocilizumab from grade 2"]),
        (
            {"thresholds": [THRESHOLD]}, {"thresholds": [THRESHOLD | {"from_grade": 3}]},
            ["~ crs tocilizumab from grade 2 -> 3"],
        ),
        (
            {"thresholds": [THRESHOLD]}, {"thresholds": [THRESHOLD | {"source": "p 9"}]},
            ["~ crs tocilizumab source: p 7.4 -> p 9"],
        ),
        # the same code of another kind is another rule
        (
            {"thresholds": [THRESHOLD]}, {"thresholds": [THRESHOLD, THRESHOLD | {"kind": "icans"}]},
            ["+ icans tocilizumab from grade 2"],
        ),
        # a section that is null has no rules
        ({"drugs": None}, {"drugs": {"tocilizumab": None}}, []),
        ({"drugs": None}, {"drugs": {"tocilizumab": {"interval_h": INTERVAL}}}, ["+ tocilizumab interval_h 8"]),
        (
            {"drugs": {"tocilizumab": {"interval_h": INTERVAL}}},
            {"drugs": {"tocilizumab": {"interval_h": INTERVAL | {"value": None}}}},
            ["~ tocilizumab interval_h 8 -> not known"],
        ),
        (
            {"drugs": {"tocilizumab": {"prophylaxis_counts": {"value": True, "source": "x"}}}},
            {"drugs": {"tocilizumab": {"prophylaxis_counts": {"value": False, "source": "x"}}}},
            ["~ tocilizumab prophylaxis_counts true -> false"],
        ),
        (
            {"drugs": {"steroid_ladder": [STEP]}}, {"drugs": {"steroid_ladder": []}},
            ["- crs grade 4 steroid_ladder drug dexamethasone, dose 10, unit mg"],
        ),
        (
            {"drugs": {"steroid_ladder": [STEP]}}, {"drugs": {"steroid_ladder": [STEP | {"every_h": "6"}]}},
            ["~ crs grade 4 steroid_ladder every h not known -> 6"],
        ),
        # a condition whose number is not known, and one that has none
        (
            {"thresholds": [{"code": "ice_drop", "points": 1, "source": "x"}]},
            {"thresholds": [{"code": "ice_drop", "points": None, "source": "x"}]},
            ["~ ice_drop points 1 -> not known"],
        ),
        ({}, {"thresholds": [{"code": "ice_drop", "points": None, "source": "x"}]}, ["+ ice_drop points not known"]),
        ({}, {"thresholds": [{"code": "seizure_or_posturing", "source": "x"}]}, ["+ seizure_or_posturing"]),
        # a section that nobody has heard of
        ({}, {"nights": {"quiet": {"value": 3, "source": "x"}}}, ["+ nights quiet 3"]),
    ],
)  # fmt: skip
def test_what_becomes_different(before, after, expected):
    assert lines(before, after) == expected


def test_two_rules_of_one_name_are_told_apart_by_their_order():
    second = STEP | {"dose": "5"}

    assert [rule.name for rule in rules_of({"drugs": {"steroid_ladder": [STEP, second]}})] == [
        "crs grade 4",
        "crs grade 4 (2)",
    ]
    assert lines({"drugs": {"steroid_ladder": [STEP]}}, {"drugs": {"steroid_ladder": [STEP, second]}}) == [
        "+ crs grade 4 (2) steroid_ladder drug dexamethasone, dose 5, unit mg"
    ]


def test_the_order_in_which_a_database_gives_names_back_is_no_difference():
    turned = dict(reversed(THRESHOLD.items()))

    assert differences({"thresholds": [THRESHOLD]}, {"thresholds": [turned]}) == []

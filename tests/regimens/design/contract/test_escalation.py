"""The kinds `escalation` and `pathways`: the rule through its door, each field, both sides of every limit."""

from itertools import pairwise

import pytest

from regimens.design.contract.kinds import AT_ONCE, answer, read, size_of
from regimens.rules.reading import CaseError
from tests.regimens.design.contract.faults import ABSENT, changed, fault

NONE = {"events": 0, "of": 0}


def regimen(mg):
    """0.16 and 0.8 mg, then twice so much, a week apart."""
    pairs = ((0, 0.16), (7, 0.8), (14, mg), (21, mg))
    return {"name": f"{mg} mg", "doses": [{"t_d": t, "mg": given} for t, given in pairs]}


def rows(name, n, events=(0, 0, 0, 0)):
    return [{"regimen": name, "period": at, "n": n, "events": some} for at, some in enumerate(events, 1)]


CASE = {
    "drug": "epcoritamab", "regimens": [regimen(mg) for mg in (6, 12, 24, 48)],
    "ladder": ["6 mg", "12 mg", "24 mg", "48 mg"], "current": "6 mg", "data": rows("6 mg", 3), "grade3": NONE,
}  # fmt: skip
# One dose period after another, short, so that outcomes are few and quickly solved.
BRIEF = {
    "drug": "epcoritamab",
    "regimens": [{"name": name, "doses": [{"t_d": 0, "mg": mg}]} for name, mg in (("low", 0.16), ("high", 0.32))],
    "ladder": ["low", "high"], "current": "low", "data": [], "grade3": NONE,
}  # fmt: skip


def rungs(case):
    return {rung["name"]: rung for rung in answer("escalation", case)["regimens"]}


def because(case):
    return [rung["because"] for rung in answer("escalation", case)["regimens"]]


def recommendation(case):
    answered = answer("escalation", case)
    return answered["recommended"], answered["decision"]


def test_the_answer_is_the_contracts():
    answered = answer("escalation", CASE)

    assert list(answered) == ["regimens", "recommended", "decision", "engine"]
    assert [list(rung) for rung in answered["regimens"]] == 4 * [
        ["name", "over_grade2", "over_grade3", "value_ug_d_ml", "allowed", "because"]
    ]
    assert [rung["name"] for rung in answered["regimens"]] == CASE["ladder"]
    assert [rung["allowed"] for rung in answered["regimens"]] == [not rung["because"] for rung in answered["regimens"]]


def test_over_grade2_is_the_published_probability_of_the_worst_period():
    """The posterior row: of the third dose P(p > .25) is .363, and the largest of four is hardly ever another."""
    events = ((12, 1), (12, 2), (11, 3), (10, 0))
    data = [{"regimen": "48 mg", "period": at, "n": n, "events": some} for at, (n, some) in enumerate(events, 1)]

    over = rungs(CASE | {"data": data})["48 mg"]["over_grade2"]

    assert 0.363 - 0.005 <= over <= 0.363 + 0.0199 + 0.0250 + 0.0004 + 0.005


def test_three_without_an_event_escalate_by_one_rung():
    assert recommendation(CASE) == ("12 mg", "escalate")
    assert because(CASE)[2:] == [["too_many_rungs"], ["too_many_rungs"]]


def test_two_are_too_few():
    assert recommendation(CASE | {"data": rows("6 mg", 2)}) == ("6 mg", "stay")
    assert because(CASE | {"data": rows("6 mg", 2)})[1] == ["too_few_at_current"]
    short = rows("6 mg", 3)[:3]  # nobody yet in the fourth period
    assert because(CASE | {"data": short})[1] == ["too_few_at_current"]


def test_rows_of_two_cohorts_are_as_one():
    halves = CASE | {"data": rows("6 mg", 1) + rows("6 mg", 2)}

    assert answer("escalation", halves) == answer("escalation", CASE)


def test_events_in_every_period_stop():
    data = rows("6 mg", 6, (5, 5, 5, 5))

    assert recommendation(CASE | {"data": data, "grade3": {"events": 0, "of": 20}}) == (None, "stop")


def test_stop_after_counts_participants_of_all_regimens_once():
    """Too likely everywhere, below `stop_at`: five go on at the lowest rung, six stop."""
    strict = {"grade2_confidence": 0.0}
    five = rows("6 mg", 3) + rows("12 mg", 2)
    six = rows("6 mg", 3) + rows("12 mg", 3)

    assert recommendation(CASE | {"data": five, "rule": strict, "current": "12 mg"}) == ("6 mg", "deescalate")
    assert recommendation(CASE | {"data": five, "rule": strict}) == ("6 mg", "stay")
    assert recommendation(CASE | {"data": six, "rule": strict}) == (None, "stop")
    assert recommendation(CASE | {"data": six, "rule": strict | {"stop_after": 7}}) == ("6 mg", "stay")


def test_grade_3_moves_its_own_risk_alone():
    data = rows("6 mg", 6, (1, 1, 1, 0))
    few, many = (rungs(CASE | {"data": data, "grade3": {"events": some, "of": 3}}) for some in (0, 3))

    for name in CASE["ladder"]:
        assert few[name]["over_grade2"] == many[name]["over_grade2"]
        assert few[name]["over_grade3"] < many[name]["over_grade3"]
    assert "grade3_too_likely" in many["6 mg"]["because"]


def test_more_events_never_lower_over_grade2():
    over = [
        [rung["over_grade2"] for rung in rungs(CASE | {"data": rows("6 mg", 6, (some, 0, some, 0))}).values()]
        for some in (0, 2, 4, 6)
    ]

    for fewer, more in pairwise(over):
        assert all(one <= other + 1e-9 for one, other in zip(fewer, more, strict=True))


def test_worth_is_the_area_under_the_free_concentration():
    """Of the typical person, and more over a longer time."""
    usual = rungs(CASE)
    values = [usual[name]["value_ug_d_ml"] for name in CASE["ladder"]]

    assert values == sorted(values)
    assert rungs(CASE | {"rule": {"value_until_d": 56}})["6 mg"]["value_ug_d_ml"] > values[0]
    exposure = {"drug": "epcoritamab", "doses": regimen(6)["doses"], "windows": [[0, 28]]}
    average = answer("exposure", exposure)["windows"][0]["cavg_ng_ml"]
    assert values[0] == pytest.approx(average / 1000 * 28, rel=1e-6)


def test_the_order_of_regimens_and_rows_changes_nothing():
    data = rows("6 mg", 3, (1, 0, 0, 0)) + rows("12 mg", 3, (0, 1, 0, 0))
    turned = CASE | {"regimens": CASE["regimens"][::-1], "data": data[::-1], "current": "12 mg"}
    usual = CASE | {"data": data, "current": "12 mg"}

    assert recommendation(turned) == recommendation(usual)
    for name, rung in rungs(usual).items():
        assert rungs(turned)[name]["over_grade2"] == pytest.approx(rung["over_grade2"], abs=1e-9)


def test_most_fold_compares_the_largest_doses_in_mg():
    assert because(CASE | {"rule": {"most_fold": 1.99}})[1] == ["too_many_fold"]
    assert because(CASE | {"rule": {"most_fold": 2}})[1] == []
    by_weight = {"name": "6 mg", "doses": [{"t_d": 0, "mg_per_kg": 0.1}]}  # 7.28 mg in the typical person
    case = CASE | {"regimens": [by_weight, *CASE["regimens"][1:]], "data": rows("6 mg", 3)[:1]}
    assert because(case | {"rule": {"most_fold": 12 / 7.29}})[1] == ["too_many_fold"]
    assert because(case | {"rule": {"most_fold": 12 / 7.27}})[1] == []


@pytest.mark.parametrize(("rule", "reasons"), [
    ({"grade2_confidence": 0.0}, ["grade2_too_likely"]),
    ({"grade3_confidence": 0.0}, ["grade3_too_likely"]),
    ({"grade2_above": 0.01}, ["grade2_too_likely"]),
    ({"grade3_above": 0.001}, ["grade3_too_likely"]),
    ({"grade3_share_prior": [9.2, 0.8]}, ["grade3_too_likely"]),
    ({}, []),
])  # fmt: skip
def test_each_limit_of_the_rule_is_applied(rule, reasons):
    assert because(CASE | {"rule": rule})[0] == reasons


def test_stop_at_stops_before_anybody_was_seen():
    empty = CASE | {"data": []}

    assert recommendation(empty | {"rule": {"stop_at": 0.0}}) == (None, "stop")
    assert recommendation(empty)[1] != "stop"


def test_most_rungs_up_and_least_at_current_are_applied():
    assert because(CASE | {"rule": {"most_rungs_up": 0}})[1] == ["too_many_rungs"]
    assert because(CASE | {"rule": {"most_rungs_up": 2}})[2] == []
    assert because(CASE | {"data": [], "rule": {"least_at_current": 0}})[1] == []
    assert because(CASE | {"rule": {"least_at_current": 4}})[1] == ["too_few_at_current"]


def test_pathways_say_what_escalation_would():
    case = BRIEF | {"next": {"regimen": "low", "n": 3}}

    paths = answer("pathways", case)["paths"]

    assert [path["events"] for path in paths] == [[0], [1], [2], [3]]
    assert [list(path) for path in paths] == 4 * [["events", "recommended", "decision"]]
    for path in paths:
        row = {"regimen": "low", "period": 1, "n": 3, "events": path["events"][0]}
        assert recommendation(BRIEF | {"data": [row]}) == (path["recommended"], path["decision"])
    assert paths[0]["decision"] == "escalate"
    assert paths[3]["decision"] != "escalate"


def test_pathways_add_to_what_was_seen():
    seen = [{"regimen": "low", "period": 1, "n": 3, "events": 1}]
    case = BRIEF | {"data": seen, "next": {"regimen": "low", "n": 1}}

    for path in answer("pathways", case)["paths"]:
        whole = {"regimen": "low", "period": 1, "n": 4, "events": 1 + path["events"][0]}
        assert recommendation(BRIEF | {"data": [whole]}) == (path["recommended"], path["decision"])


def test_pathways_of_another_rung_have_it_as_the_current_one():
    case = BRIEF | {"next": {"regimen": "high", "n": 1}}

    assert answer("pathways", case)["paths"][0]["decision"] in ("stay", "deescalate")


def test_all_outcomes_of_every_period_are_listed():
    case = read("pathways", CASE | {"next": {"regimen": "6 mg", "n": 3}})

    assert size_of("pathways", case) == 4**4
    assert AT_ONCE["pathways"] == (64, "next.n")
    with pytest.raises(CaseError) as raised:
        answer("pathways", CASE | {"next": {"regimen": "6 mg", "n": 3}}, runs_at="/api/v1/designs/")
    assert (raised.value.code, raised.value.field) == ("out_of_range", "next.n")


def rule(**changes):
    return {"rule": changes}


@pytest.mark.parametrize(("changes", "code", "field"), [
    ({"hazard": {}}, "unknown_field", "hazard"),
    ({"next": {"regimen": "6 mg", "n": 1}}, "unknown_field", "next"),
    ({"ladder": ABSENT}, "missing_field", "ladder"),
    ({"current": ABSENT}, "missing_field", "current"),
    ({"grade3": ABSENT}, "missing_field", "grade3"),
    ({"data": ABSENT}, "missing_field", "data"),
    ({"ladder": []}, "invalid_value", "ladder"),
    ({"ladder": ["6 mg", "7 mg"]}, "unknown_value", "ladder[1]"),
    ({"ladder": ["6 mg", "6 mg"]}, "contradictory", "ladder[1]"),
    ({"ladder": ["6 mg"] * 13}, "out_of_range", "ladder"),
    ({"ladder": "6 mg"}, "invalid_type", "ladder"),
    ({"ladder": ["12 mg"]}, "unknown_value", "current"),
    ({"current": 6}, "invalid_type", "current"),
    ({"grade3": {"events": 1}}, "missing_field", "grade3.of"),
    ({"grade3": {"events": 2, "of": 1}}, "contradictory", "grade3.events"),
    ({"grade3": {"events": 0, "of": 10_001}}, "out_of_range", "grade3.of"),
    ({"grade3": {"events": -1, "of": 1}}, "out_of_range", "grade3.events"),
    (rule(x=1), "unknown_field", "rule.x"),
    (rule(grade2_above=0), "out_of_range", "rule.grade2_above"),
    (rule(grade2_above=1), "out_of_range", "rule.grade2_above"),
    (rule(grade2_confidence=1.01), "out_of_range", "rule.grade2_confidence"),
    (rule(grade3_share_prior=[0, 1]), "out_of_range", "rule.grade3_share_prior[0]"),
    (rule(grade3_share_prior=[1]), "invalid_value", "rule.grade3_share_prior"),
    (rule(grade3_above=1), "out_of_range", "rule.grade3_above"),
    (rule(grade3_confidence=-0.1), "out_of_range", "rule.grade3_confidence"),
    (rule(least_at_current=-1), "out_of_range", "rule.least_at_current"),
    (rule(most_rungs_up=13), "out_of_range", "rule.most_rungs_up"),
    (rule(most_fold=0), "out_of_range", "rule.most_fold"),
    (rule(value_until_d=0), "out_of_range", "rule.value_until_d"),
    (rule(stop_after=10_001), "out_of_range", "rule.stop_after"),
    (rule(stop_at=1.1), "out_of_range", "rule.stop_at"),
    ({"data": rows("6 mg", 1, (2, 0, 0, 0)), "ladder": ["7 mg"]}, "contradictory", "data[0].events"),
])  # fmt: skip
def test_a_fault_is_told_at_its_field(changes, code, field):
    assert fault("escalation", changed(CASE, **changes)) == (code, field)


@pytest.mark.parametrize("changes", [
    {"grade3": {"events": 10_000, "of": 10_000}}, {"ladder": ["6 mg"]}, {"rule": None},
    rule(grade2_confidence=0, grade3_confidence=1, least_at_current=0, most_rungs_up=0, stop_after=0, stop_at=1),
    rule(most_rungs_up=12, most_fold=None, value_until_d=1000, least_at_current=10_000, stop_after=10_000, stop_at=0),
])  # fmt: skip
def test_the_other_side_of_a_limit_is_read(changes):
    assert fault("escalation", changed(CASE, **changes)) is None


@pytest.mark.parametrize(("following", "code", "field"), [
    (ABSENT, "missing_field", "next"),
    ({"regimen": "6 mg"}, "missing_field", "next.n"),
    ({"regimen": "6 mg", "n": 0}, "out_of_range", "next.n"),
    ({"regimen": "6 mg", "n": 7}, "out_of_range", "next.n"),
    ({"regimen": "7 mg", "n": 1}, "unknown_value", "next.regimen"),
    ({"regimen": "6 mg", "n": 6}, "out_of_range", "next.n"),  # 7^4 outcomes
])  # fmt: skip
def test_a_fault_of_what_comes_next_is_told_at_its_field(following, code, field):
    assert fault("pathways", changed(CASE, next=following)) == (code, field)


@pytest.mark.parametrize("following", [{"regimen": "6 mg", "n": 1}, {"regimen": "48 mg", "n": 5}])  # 6^4 is 1,296
def test_what_comes_next_may_be(following):
    assert fault("pathways", changed(CASE, next=following)) is None

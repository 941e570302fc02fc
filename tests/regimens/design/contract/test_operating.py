"""The kind `operating`: shares and means, each field, both sides of every limit, and the table of its defaults."""

import math

import pytest

from regimens.design.contract.kinds import AT_ONCE, answer
from regimens.rules.reading import CaseError
from tests.regimens.design.contract.faults import ABSENT, changed, fault

SMAX, S50 = math.exp(0.0539), math.exp(-2.36)
TRUTH = {"smax_per_d": SMAX, "s50_ug_ml": S50}
CASE = {
    "drug": "epcoritamab",
    "regimens": [{"name": name, "doses": [{"t_d": 0, "mg": mg}]} for name, mg in (("low", 0.16), ("high", 0.8))],
    "ladder": ["low", "high"], "current": "low", "truth": TRUTH, "seed": 5, "trials": 6, "most_participants": 6,
    "designs": ["model", "boin", "three_plus_three"],
}  # fmt: skip


def by_design(case):
    return {one["design"]: one for one in answer("operating", case)["designs"]}


def stepped(mg):
    pairs = ((0, 0.16), (7, 0.8), (14, mg), (21, mg))
    return {"name": f"{mg} mg", "doses": [{"t_d": t, "mg": given} for t, given in pairs]}


def test_the_answer_is_the_contracts():
    answered = answer("operating", CASE)

    assert list(answered) == ["truth", "designs", "engine"]
    assert [list(rung) for rung in answered["truth"]] == 2 * [["name", "p_max", "p_any"]]
    assert [one["design"] for one in answered["designs"]] == CASE["designs"]
    fields = ["design", "selected", "none", "participants", "events", "grade3", "over_share"]
    assert [list(one)[:7] for one in answered["designs"]] == 3 * [fields]
    assert by_design(CASE)["boin"]["mtd_choice"] == "isotonic"
    for one in answered["designs"]:
        assert list(one["quantiles"]) == ["participants", "events", "grade3", "over_share"]
        assert [end["because"] for end in one["ends"]] == [
            "lowest_too_toxic", "none_allowed", "mtd_found", "participants_used",
        ]  # fmt: skip
        assert sum(end["share"] for end in one["ends"]) == pytest.approx(1)
        assert [rung["name"] for rung in one["selected"]] == CASE["ladder"]
        assert sum(rung["share"] for rung in one["selected"]) + one["none"] == pytest.approx(1)
        assert one["participants"] <= 6


def test_the_truth_is_what_risk_says():
    risk = answer("risk", {"drug": "epcoritamab", "hazard": TRUTH, "doses": stepped(48)["doses"]})
    case = CASE | {"regimens": [stepped(48)], "ladder": ["48 mg"], "current": "48 mg", "trials": 1, "designs": ["boin"]}
    (rung,) = answer("operating", case)["truth"]

    assert rung["p_max"] == pytest.approx(max(period["p"] for period in risk["periods"]), abs=1e-4)
    assert rung["p_any"] == pytest.approx(risk["p_total"], abs=1e-4)


def test_the_same_case_is_the_same_answer_and_a_seed_makes_others():
    case = CASE | {"designs": ["boin"], "trials": 20}

    assert answer("operating", case) == answer("operating", case)
    assert answer("operating", case) != answer("operating", case | {"seed": 6})


def test_what_one_design_does_hangs_on_no_other():
    alone = by_design(CASE | {"designs": ["three_plus_three"]})["three_plus_three"]

    assert alone == by_design(CASE)["three_plus_three"]


def test_a_truth_without_risk_selects_the_highest_rung():
    harmless = CASE | {"truth": {"smax_per_d": 1e-9, "s50_ug_ml": S50}, "most_participants": 12}

    for one in by_design(harmless).values():
        assert one["selected"][1]["share"] == 1
        assert (one["events"], one["grade3"], one["over_share"], one["none"]) == (0, 0, 0, 0)


def test_a_truth_that_hurts_everybody_selects_none():
    harmful = CASE | {"truth": {"smax_per_d": 1e6, "s50_ug_ml": S50}, "truth_grade3_share": 1}

    for one in by_design(harmful).values():
        assert one["none"] == 1
        assert one["ends"][0] == {"because": "lowest_too_toxic", "share": 1}
        assert one["over_share"] == 1
        assert one["grade3"] == one["events"] > 0


def test_the_start_the_cohort_and_the_target_count():
    assert by_design(CASE | {"cohort": 6})["boin"]["participants"] == 6
    high = by_design(CASE | {"current": "high", "truth": {"smax_per_d": 1e-9, "s50_ug_ml": S50}})["three_plus_three"]
    assert high["selected"][1]["share"] == 1
    assert high["participants"] == 6
    # One of three is above the boundary of .25 and below that of .5.
    one_in_three = CASE | {"designs": ["boin"], "trials": 40, "truth": {"smax_per_d": 5, "s50_ug_ml": S50}}
    low, bold = (by_design(one_in_three | {"boin_target": target})["boin"] for target in (0.25, 0.5))
    assert bold["selected"][1]["share"] > low["selected"][1]["share"]


def test_progress_is_told_and_nothing_is_answered_at_once():
    counted = []
    answer("operating", CASE | {"designs": ["boin"]}, progress=lambda done, of: counted.append((done, of)))

    assert counted == [(done, 6) for done in range(1, 7)]
    assert AT_ONCE["operating"] == (0, "trials")
    with pytest.raises(CaseError) as raised:
        answer("operating", CASE | {"trials": 1}, runs_at="/api/v1/designs/")
    assert (raised.value.code, raised.value.field) == ("out_of_range", "trials")


# 50 trials a cell by another computation: shares of 48 mg and none, participants, treated above 0.25. Of 40 trials here
# a share of a half differs by 0.1 (SD), the participants by 2: two and a half and three of that are allowed.
@pytest.mark.long
@pytest.mark.parametrize(("truth", "highest", "none", "participants", "over"), [
    ({}, 0.82, 0.08, 28, 0.0),
    ({"smax_per_d": 3 * SMAX}, 0.02, 0.84, 12, 0.22),
    ({"smax_per_d": 8 * SMAX}, 0.0, 1.0, 4, 1.0),
    ({"kin_per_d": 0.2}, 0.0, 0.68, 17, 0.44),
    ({"smax_per_d": SMAX / 3}, 1.0, 0.0, 30, 0.0),
])  # fmt: skip
def test_the_defaults_of_the_rule_do_what_they_were_chosen_for(truth, highest, none, participants, over):
    doses = (6, 12, 24, 48)
    case = {
        "drug": "epcoritamab", "regimens": [stepped(mg) for mg in doses], "ladder": [f"{mg} mg" for mg in doses],
        "current": "6 mg", "truth": TRUTH | truth, "seed": 2026, "trials": 40, "designs": ["model"],
    }  # fmt: skip

    model = by_design(case)["model"]

    assert model["selected"][3]["share"] == pytest.approx(highest, abs=0.25)
    assert model["none"] == pytest.approx(none, abs=0.25)
    assert model["participants"] == pytest.approx(participants, abs=6)
    assert model["over_share"] == pytest.approx(over, abs=0.2)


@pytest.mark.parametrize(("changes", "code", "field"), [
    ({"data": []}, "unknown_field", "data"),
    ({"grade3": {"events": 0, "of": 0}}, "unknown_field", "grade3"),
    ({"truth": ABSENT}, "missing_field", "truth"),
    ({"seed": ABSENT}, "missing_field", "seed"),
    ({"designs": ABSENT}, "missing_field", "designs"),
    ({"ladder": ABSENT}, "missing_field", "ladder"),
    ({"current": ABSENT}, "missing_field", "current"),
    ({"current": "medium"}, "unknown_value", "current"),
    ({"ladder": ["low", "medium"]}, "unknown_value", "ladder[1]"),
    ({"truth": {"smax_per_d": 1}}, "missing_field", "truth.s50_ug_ml"),
    ({"truth": TRUTH | {"kin_per_d": 0}}, "out_of_range", "truth.kin_per_d"),
    ({"truth_grade3_share": 1.1}, "out_of_range", "truth_grade3_share"),
    ({"cohort": 0}, "out_of_range", "cohort"),
    ({"cohort": 7}, "contradictory", "cohort"),
    ({"most_participants": 0}, "out_of_range", "most_participants"),
    ({"most_participants": 10_001}, "out_of_range", "most_participants"),
    ({"trials": 0}, "out_of_range", "trials"),
    ({"trials": 5_001}, "out_of_range", "trials"),
    ({"seed": 2**63}, "out_of_range", "seed"),
    ({"designs": []}, "invalid_value", "designs"),
    ({"designs": ["crm"]}, "unknown_value", "designs[0]"),
    ({"designs": ["boin", "boin"]}, "contradictory", "designs[1]"),
    ({"boin_target": 0}, "out_of_range", "boin_target"),
    ({"boin_target": 0.72}, "out_of_range", "boin_target"),
    ({"rule": {"stop_at": 2}}, "out_of_range", "rule.stop_at"),
    ({"hill": 0, "trials": 0}, "out_of_range", "hill"),
])  # fmt: skip
def test_a_fault_is_told_at_its_field(changes, code, field):
    assert fault("operating", changed(CASE, **changes)) == (code, field)


@pytest.mark.parametrize("changes", [
    {"truth_grade3_share": 0}, {"truth_grade3_share": 1}, {"cohort": 1}, {"cohort": 6}, {"trials": 5_000},
    {"most_participants": 10_000, "cohort": 10_000}, {"seed": 0}, {"seed": 2**63 - 1}, {"boin_target": 0.71},
    {"designs": ["boin"]}, {"truth": TRUTH | {"hill": 1, "kin_per_d": 1, "i50_ug_ml": 1}}, {"rule": None},
])  # fmt: skip
def test_the_other_side_of_a_limit_is_read(changes):
    assert fault("operating", changed(CASE, **changes)) is None


def test_the_defaults_are_the_contracts():
    whole = CASE | {"most_participants": 30, "trials": 2, "designs": ["model", "boin"]}
    explicit = whole | {"truth_grade3_share": 0.08, "cohort": 3, "boin_target": 0.25}

    assert answer("operating", explicit) == answer("operating", changed(whole, most_participants=ABSENT))

"""The gate's contract as data: what comes out of what goes in, and what is refused."""

from decimal import Decimal

import pytest

from regimens.library import plan_named
from regimens.rules.gate.contract import answer, as_to_do
from regimens.rules.gate.to_do import TO_DO, ToDo
from regimens.rules.reading import CaseError

WELL = {
    "crs_open": False, "last_crs_grade": 0, "icans_open": False, "last_icans_grade": 0, "ice_at_baseline": True,
    "window_complete": True, "active_infection": False,
}  # fmt: skip
GOOD = {
    "id": "a", "regimen": "teclistamab", "variant": "US", "zero_local": "2026-03-02T09:00",
    "doses": [{"step": "step-up 1", "t_hours": 0}], "now_h": 72, "state": WELL,
}  # fmt: skip


def answer_for(**changes):
    return answer(GOOD | changes, plan_named)


def test_an_answer_has_the_fields_of_the_contract():
    data = answer_for()

    assert list(data) == ["id", "decision", "step", "earliest_h", "inpatient_hours", "criteria", "to_do"]
    assert [data[name] for name in list(data)[:5]] == ["a", "go", "step-up 2", 48, 48]
    for one in data["criteria"]:
        assert list(one) == ["code", "state", "text", "source"]
        assert one["state"] in ("met", "not_met", "unknown", "not_applicable")
        assert all(isinstance(text, str) for text in one.values())


@pytest.mark.parametrize("name", ["variant", "zero_local", "state"])
def test_null_is_the_same_as_absent(name):
    absent = {key: value for key, value in GOOD.items() if key != name}

    assert answer_for(**{name: None}) == answer(absent, plan_named)


def test_an_interruption_is_ours_and_may_be_left_out():
    doses = [{"step": "C1 d1-7, >=45 kg", "t_hours": 0}]
    case = {"regimen": "blinatumomab_RR_ALL", "doses": doses, "now_h": 288}
    codes = [
        [one["code"] for one in answer_for(**case, state=WELL | stop)["criteria"] if one["code"].startswith("restart")]
        for stop in ({}, {"hours_since_infusion_stopped": 200})
    ]

    assert codes == [["restart_table_unknown"], ["restart_table"]]


def test_a_state_of_null_is_hold():
    assert answer_for(state=None)["decision"] == "hold"
    assert answer_for(state={})["decision"] == "hold"


def test_absent_zero_is_nine_o_clock():
    absent = {key: value for key, value in GOOD.items() if key != "zero_local"}

    assert answer(absent | {"now_h": 38.9}, plan_named)["decision"] == "hold"
    assert answer(absent | {"now_h": 39}, plan_named)["decision"] == "go"


def test_doses_in_any_order():
    doses = [{"step": "step-up 2", "t_hours": 72}, {"step": "step-up 1", "t_hours": 0}]

    assert answer_for(doses=doses, now_h=144) == answer_for(doses=doses[::-1], now_h=144)


def test_a_fraction_of_an_hour_comes_back():
    assert answer_for(zero_local="2026-03-02T09:15", now_h=24)["earliest_h"] == 38.75


@pytest.mark.parametrize("hours", [71.5, Decimal("71.5")])
def test_numbers_as_json_or_exact(hours):
    assert answer_for(now_h=hours)["decision"] == "go"


def without(name):
    return {key: value for key, value in GOOD.items() if key != name}


def dose(**changes):
    return GOOD | {"doses": [{"step": "step-up 1", "t_hours": 0} | changes]}


def state(**changes):
    return GOOD | {"state": WELL | changes}


BAD = [
    ("no object", [], "invalid_type", None),
    ("no id", without("id"), "missing_field", "id"),
    ("an id that is no string", GOOD | {"id": 7}, "invalid_type", "id"),
    ("no regimen", without("regimen"), "missing_field", "regimen"),
    ("an unknown regimen", GOOD | {"regimen": "aspirin"}, "unknown_value", "regimen"),
    ("a path for a regimen", GOOD | {"regimen": "../library/teclistamab"}, "unknown_value", "regimen"),
    ("a list for a regimen", GOOD | {"regimen": []}, "invalid_type", "regimen"),
    ("a region of no label", GOOD | {"variant": "XX"}, "unknown_value", "variant"),
    ("a number for a region", GOOD | {"variant": 1}, "invalid_type", "variant"),
    ("no doses", without("doses"), "missing_field", "doses"),
    ("doses that are no list", GOOD | {"doses": {}}, "invalid_type", "doses"),
    ("a dose that is no object", GOOD | {"doses": [1]}, "invalid_type", "doses[0]"),
    ("a step the regimen does not have", dose(step="step-up 9"), "unknown_value", "doses[0].step"),
    ("a step that is no text", dose(step=1), "invalid_type", "doses[0].step"),
    ("a step left out", GOOD | {"doses": [{"t_hours": 0}]}, "missing_field", "doses[0].step"),
    ("an hour left out", dose(t_hours=None), "missing_field", "doses[0].t_hours"),
    ("an hour that is no number", dose(t_hours="0"), "invalid_type", "doses[0].t_hours"),
    ("a truth for an hour", dose(t_hours=True), "invalid_type", "doses[0].t_hours"),
    ("an infinite hour", dose(t_hours=float("inf")), "invalid_value", "doses[0].t_hours"),
    ("an hour in another age", dose(t_hours=-1e9), "out_of_range", "doses[0].t_hours"),
    ("a dose after now", dose(t_hours=73), "contradictory", "doses[0].t_hours"),
    ("an unknown field of a dose", dose(amount=3), "unknown_field", "doses[0].amount"),
    ("two doses at once", GOOD | {"doses": [{"step": "step-up 1", "t_hours": at} for at in (0, 0.0)]}, "contradictory",
     "doses[1].t_hours"),
    ("no now", without("now_h"), "missing_field", "now_h"),
    ("a now that is no number", GOOD | {"now_h": float("nan")}, "invalid_value", "now_h"),
    ("a zero that is no time", GOOD | {"zero_local": "monday"}, "invalid_value", "zero_local"),
    ("a zero without its time", GOOD | {"zero_local": "2026-03-02"}, "invalid_value", "zero_local"),
    ("a zero as a number", GOOD | {"zero_local": 9}, "invalid_type", "zero_local"),
    ("a zero at the end of the calendar", GOOD | {"zero_local": "9999-12-31T23:00"}, "out_of_range", "zero_local"),
    ("an unknown field", GOOD | {"patient": "x"}, "unknown_field", "patient"),
    ("a field outside its state", GOOD | {"crs_open": False}, "unknown_field", "crs_open"),
    ("a state that is no object", GOOD | {"state": []}, "invalid_type", "state"),
    ("an unknown state", state(crs_closed=True), "unknown_field", "state.crs_closed"),
    ("a truth as a number", state(crs_open=0), "invalid_type", "state.crs_open"),
    ("a grade as a truth", state(last_crs_grade=True), "invalid_type", "state.last_crs_grade"),
    ("a grade below 0", state(last_icans_grade=-1), "out_of_range", "state.last_icans_grade"),
    ("a grade of 6", state(last_crs_grade=6), "out_of_range", "state.last_crs_grade"),
    ("half a grade", state(last_icans_grade=1.5), "invalid_value", "state.last_icans_grade"),
    ("hours below 0", state(hours_since_crs_resolved=-1), "out_of_range", "state.hours_since_crs_resolved"),
    ("fewer than no doses", state(tocilizumab_on_site=-1), "out_of_range", "state.tocilizumab_on_site"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "code", "field"), [r[1:] for r in BAD], ids=[r[0] for r in BAD])
def test_what_is_no_case_is_refused(case, code, field):
    with pytest.raises(CaseError) as refused:
        answer(case, plan_named)

    assert (refused.value.code, refused.value.field) == (code, field)
    assert refused.value.detail


@pytest.mark.parametrize("grade", range(6))
def test_every_grade_of_the_paper_is_one(grade):
    assert "error" not in answer_for(state=WELL | {"last_crs_grade": grade, "hours_since_crs_resolved": 999})


def test_a_hold_says_its_one_thing_in_the_language_asked_for():
    held = ToDo(code="answer_infection", values={})

    assert as_to_do(held) == {"code": "answer_infection", "values": {}, "text": TO_DO["answer_infection"]}
    assert as_to_do(held, lambda english: "問感染")["text"] == "問感染"
    assert as_to_do(None) is None

"""A regimen of a design becomes a document: doses keep every digit, days stay, all else is as it was, or it fails."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regimens.design_pages.planned_doses import planned_regimen
from regimens.library import as_json, check, document_from, plan_of, read
from regimens.library.designed.document import Origin, compiled, ladder_in
from regimens.library.designed.doses import NotCompiled
from regimens.library.designed.unsaid import unsaid_of, written_for_others
from regimens.library.own import by_hand, steps_without_window
from regimens.rules.dose import cohort_of, dose_for

ORIGIN = Origin(key="DESIGN_3_V2", what="design “three steps” of DEMO, version 2")
HEAD = {"id": "OWN-1", "title": "own molecule", "drug": "ABC-1", "route": "SC"}
LBCL = "epcoritamab_LBCL"


def weekly(*mg: float, name: str = "a", per: str = "mg", **more: Any) -> dict[str, Any]:
    return {"name": name, "doses": [{"t_d": 7 * week, per: dose} | more for week, dose in enumerate(mg)]}


def made_of(*regimens: dict[str, Any], base: str | None = LBCL, **more: Any):
    return compiled(
        regimens, cohorts=len(regimens) > 1, base=None if base is None else read(base),
        head=HEAD if base is None else None, origin=ORIGIN, **more,
    )  # fmt: skip


def refusal(*regimens: dict[str, Any], base: str | None = LBCL) -> tuple[str, dict[str, Any]]:
    with pytest.raises(NotCompiled) as refused:
        made_of(*regimens, base=base)
    return refused.value.refusal.code, dict(refused.value.refusal.values)


def doses_in(made) -> list[tuple[str, Any, str]]:
    return [(one["label"], one.get("day"), str(one["dose"])) for one in made.document.data["steps"]]


def without(data: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: part for name, part in as_json(data).items() if name not in names}


@pytest.mark.parametrize(
    "name", ["epcoritamab_FL", LBCL, "glofitamab", "mosunetuzumab_IV", "odronextamab_FL", "tarlatamab", "tebentafusp"]
)
def test_the_planned_doses_of_a_published_regimen_become_that_regimen_with_one_source_more(name):
    base = read(name)
    regimen, _ = planned_regimen(plan_of(base), None)

    made = made_of(as_json(regimen), base=name)

    assert without(made.document.data, "sources") == without(base.data, "sources")
    assert made.document.data["sources"] == as_json(base.data["sources"]) | {"DESIGN_3_V2": {"what": ORIGIN.what}}
    assert (made.rungs, made.dropped, made.lost) == ({"": regimen["name"]}, (), {})


def test_other_doses_change_their_steps_and_those_that_go_on_with_the_last_and_nothing_else():
    made = made_of(weekly(0.16, 0.8, 24, 24))

    assert doses_in(made) == [
        ("step-up 1", 1, "0.16"), ("step-up 2", 8, "0.8"), ("first full dose", 15, "24"), ("C1D22", 22, "24"),
        ("C2-3 d1,8,15,22; C4-9 d1,15; C10+ d1", None, "24"),
    ]  # fmt: skip
    assert made.followed == ("C2-3 d1,8,15,22; C4-9 d1,15; C10+ d1",)
    assert without(made.document.data, "steps", "sources") == without(read(LBCL).data, "steps", "sources")
    assert [one["source"] == "DESIGN_3_V2" for one in made.document.data["steps"]] == [False, False, True, True, True]


def test_one_step_up_more_is_a_step_of_its_own_and_the_days_after_it_are_the_designs():
    made = made_of(weekly(0.16, 0.8, 3, 48, 48))

    # As the published regimen for follicular lymphoma: day 29 is the first of cycle 2, so that C1D22 is no more.
    assert [one[:2] for one in doses_in(made)] == [
        ("step-up 1", 1), ("step-up 2", 8), ("step-up 3", 15), ("first full dose", 22),
        ("C2-3 d1,8,15,22; C4-9 d1,15; C10+ d1", None),
    ]  # fmt: skip
    assert made.dropped == ("C1D22",)
    assert "C1D22" not in str(made.document.data["restart"])


def test_a_step_up_less_takes_along_what_was_said_of_it_alone():
    made = made_of(weekly(0.16, 48, 48))

    assert (made.dropped, made.lost) == (("step-up 2",), {"observation": 1, "restart": 2})
    assert [one.code for one in unsaid_of(made.document, "US")] == [
        "no_window", "minimum_interval", "grades_crs", "grades_icans", "washout", "on_site"
    ]  # fmt: skip


def test_a_new_step_has_no_window_before_somebody_says_one():
    """Where a label names windows, its silence on a step means that it asks for none; of a new step it said nothing."""
    made = made_of(weekly(0.16, 0.8, 3, 48, 48))

    for region in ("US", "CH"):
        assert steps_without_window(made.document, region) == ["step-up 3"]


def test_what_was_written_for_other_doses_is_named_to_be_read_again():
    made = made_of(weekly(0.16, 1.6, 48, 48))

    assert [(one.code, one.of) for one in written_for_others(made, read(LBCL))] == [
        ("restart", ("step-up 1", "step-up 2")), ("observation", ("step-up 2",)), ("premedication", ("step-up 2",)),
    ]  # fmt: skip
    # After 0.8 mg the label says to go on with 48 mg: the step that comes then is 3 mg now.
    more = {one.code: one.of for one in written_for_others(made_of(weekly(0.16, 0.8, 3, 48, 48)), read(LBCL))}
    assert "step-up 2" in more["restart"]


def test_a_ladder_becomes_cohorts_and_each_is_dosed_by_its_own_regimen():
    low, high = (
        weekly(0.16, 0.8, 6, 6, name="6 mg"),
        weekly(0.16, 0.8, 48, 48, name="48 mg,  the highest of the ladder"),
    )

    made = made_of(low, high)
    plan = plan_of(made.document)

    assert made.rungs == {"6 mg": low["name"], "48 mg, the highest o": high["name"]}
    for cohort, dose in (("6 mg", "6"), ("48 mg, the highest o", "48")):
        own = [dose_for(plan, step.label, weight_kg=None, cohort=cohort_of(plan, cohort)).per for step in plan.steps]
        assert own == [Decimal("0.16"), Decimal("0.8"), *[Decimal(dose)] * 3]
    assert dose_for(plan, "C1D22", weight_kg=None).per is None


def test_names_that_are_the_same_in_twenty_characters_become_different_cohorts():
    names = [f"a regimen with a long name, {number}" for number in (1, 2)]

    assert list(made_of(*(weekly(0.16, 0.8, 48, 48, name=one) for one in names)).rungs.items()) == [
        ("a regimen with a lon", names[0]), ("a regimen with a l 2", names[1]),
    ]  # fmt: skip


def test_a_pretreatment_comes_before_and_an_amount_per_kg_is_told_in_the_regimens_unit():
    after = made_of(weekly(2.5, 10, 16), base="glofitamab")

    assert [one[1:] for one in doses_in(after)] == [(1, "1000"), (8, "2.5"), (15, "10"), (22, "16"), (None, "16")]
    assert doses_in(made_of(weekly(0.02, 0.03, 0.0685), base="tebentafusp"))[2] == ("dose 3", 15, "68.5")


def test_a_region_that_prints_its_own_days_gets_those_of_the_design():
    doses = [{"t_d": day, "mg_per_kg": mg} for day, mg in ((0, 0.06), (2, 0.3), (5, 1.5))]

    made = made_of({"name": "faster", "doses": doses}, base="teclistamab")

    assert made.document.data["variants"]["EU"]["days"]["planned"] == {
        "step-up 1": 1, "step-up 2": 3, "first treatment dose": 6
    }  # fmt: skip
    for variant in (None, "US", "EU"):
        planned, _ = planned_regimen(plan_of(made.document), variant)
        assert [one["t_d"] for one in planned["doses"][:3]] == [0, 2, 5]


@pytest.mark.parametrize(
    ("regimen", "base", "code"),
    [
        ({"name": "hour", "doses": [{"t_d": 0, "mg": 1}, {"t_d": 7.25, "mg": 2}]}, LBCL, "not_a_whole_day"),
        ({"name": "twice", "doses": [{"t_d": 0, "mg": 1}, {"t_d": 0, "mg": 2}]}, LBCL, "two_doses_a_day"),
        (weekly(0.16, 0.80001, 48), LBCL, "too_many_decimals"),
        (weekly(0.01, 0.02, per="mg_per_kg"), LBCL, "unit_of_another_kind"),
        (weekly(1, 2), "blinatumomab_RR_ALL", "unit_of_another_kind"),
        (weekly(1, 2, 40, 40), "mosunetuzumab_IV", "later_dose_unsaid"),
        (weekly(0.2, 0.5, 2, 80), "odronextamab_FL", "split_in_two"),
        ({"name": "late", "doses": [{"t_d": day, "mg": 48} for day in (0, 7, 30, 40)]}, LBCL, "cycles_differ"),
        ({"name": "fast", "doses": [{"t_d": day, "mg_per_kg": day + 1} for day in (0, 1, 3)]}, "teclistamab",
         "below_minimum"),
        ({"name": "slow", "doses": [{"t_d": day, "mg_per_kg": day + 1} for day in (0, 8, 11)]}, "teclistamab",
         "beyond_latest"),
        ({"name": "gaps", "doses": [{"t_d": day, "mg": mg} for day, mg in
                                    ((0, 12), (3, 32), (7, 76), (14, 76), (28, 76))]}, "elranatamab",
         "repeats_differ"),
    ],
)  # fmt: skip
def test_what_a_document_cannot_say_is_refused_and_nothing_is_rounded(regimen, base, code):
    assert refusal(regimen, base=base)[0] == code


def test_the_regimens_of_a_ladder_have_the_same_days():
    slow = {"name": "slow", "doses": [{"t_d": 14 * week, "mg": 1} for week in range(4)]}

    assert refusal(weekly(0.16, 0.8, 6, 6), slow) == ("days_differ", {"regimen": "slow", "other": "a"})


def test_a_ladder_that_was_saved_of_other_doses_is_refused():
    ladder = {"regimens": [weekly(1, 2)], "ladder": ["a"]}

    assert ladder_in({"escalation": ladder}) == [weekly(1, 2)]
    assert ladder_in({"comparison": {"regimens": [weekly(1, 2)]}}) == []
    with pytest.raises(NotCompiled, match="ladder_of_other_doses"):
        ladder_in({"escalation": ladder, "comparison": {"regimens": [weekly(1, 3)]}})


def test_an_own_molecule_begins_from_nothing_but_what_the_study_says_of_it():
    made = made_of(weekly(0.00016, 0.0008, 0.0008), base=None)

    assert without(made.document.data, "steps", "sources") == HEAD
    assert [(one["unit"], str(one["dose"])) for one in made.document.data["steps"]] == [
        ("ug", "0.16"), ("ug", "0.8"), ("ug", "0.8"),
    ]  # fmt: skip
    assert "after_last" in [one.code for one in unsaid_of(made.document, "")]


def test_the_design_of_the_version_before_is_no_source_of_the_next_one_any_more():
    first = made_of(weekly(0.16, 0.8, 24, 24)).document
    base = document_from(as_json(first.data))

    again = compiled([weekly(0.16, 0.8, 12, 12)], cohorts=False, base=base, head=None,
                     origin=Origin(key="DESIGN_3_V3", what="version 3"))  # fmt: skip

    assert [key for key in again.document.data["sources"] if key.startswith("DESIGN")] == ["DESIGN_3_V3"]


STEPS = st.integers(1, 6).flatmap(
    lambda count: st.tuples(
        st.lists(st.integers(1, 40), min_size=count - 1, max_size=count - 1),
        st.lists(st.decimals("0.0001", "99999", places=4), min_size=count, max_size=count),
    )
)
TYPED = by_hand(
    code="TYPED", title="typed", drug="ABC-1", route="SC", source="protocol",
    steps=[{"label": f"dose {place}", "dose": place, "unit": "mg", "day": 7 * place, "kind": kind}
           for place, kind in ((1, "pretreatment"), (2, "step_up"), (3, "step_up"), (4, "target"))],
)  # fmt: skip


@given(STEPS, st.sampled_from(["mg", "mg_per_kg"]), st.booleans())
def test_every_digit_and_every_day_of_a_design_stands_in_the_document(drawn, per, from_nothing):
    gaps, mg = drawn
    days = [sum(gaps[:place]) for place in range(len(mg))]
    regimen = {"name": "any", "doses": [{"t_d": t_d, per: float(one)} for t_d, one in zip(days, mg, strict=True)]}
    base = None if from_nothing or per == "mg_per_kg" else document_from(TYPED)

    try:
        made = compiled([regimen], cohorts=False, base=base, head=HEAD, origin=ORIGIN)
    except NotCompiled as refused:
        assert (base is None, refused.refusal.code) == (False, "later_dose_unsaid")  # noqa: PT017  which is its right
        return

    assert check(as_json(made.document.data)) == []
    planned, _ = planned_regimen(plan_of(made.document), None)
    assert [(one["t_d"], one[per]) for one in planned["doses"][: len(mg)]] == list(zip(days, mg, strict=True))

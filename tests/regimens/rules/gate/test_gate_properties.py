"""What must hold of every case, whichever it is."""

import string
from dataclasses import fields, replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from regimens.library import names, plan_named
from regimens.rules.gate.answer import HOLDING
from regimens.rules.gate.case import Given, State
from regimens.rules.gate.decide import decide
from regimens.rules.gate.texts import TEXTS
from regimens.rules.plan import Plan

FLAGS = st.sampled_from([True, False, None])
GRADES = st.sampled_from([None, 0, 0, 1, 2, 3, 4, 5])
HOURS = st.none() | st.integers(0, 200).map(Decimal)
STATES = st.builds(
    State,
    crs_open=st.sampled_from([False, False, True, None]), hours_since_crs_resolved=HOURS, last_crs_grade=GRADES,
    grade3_plus_crs_events=st.none() | st.integers(0, 3), icans_open=st.sampled_from([False, False, True, None]),
    hours_since_icans_resolved=HOURS, last_icans_grade=GRADES,
    ice_at_baseline=st.sampled_from([True, True, False, None]),
    window_complete=FLAGS, tocilizumab_on_site=st.none() | st.integers(0, 2),
    active_infection=st.sampled_from([False, False, True, None]),
)  # fmt: skip
REGIONS = st.sampled_from(["US", "EU", "CH", None])


@st.composite
def cases(draw):
    plan: Plan = plan_named(draw(st.sampled_from(names())))
    labels = [step.label for step in plan.steps]
    hours = draw(st.lists(st.integers(0, 1000), max_size=4, unique=True))
    doses = tuple(Given(step=draw(st.sampled_from(labels)), t_hours=Decimal(at)) for at in sorted(hours))
    now = max(hours, default=0) + draw(st.integers(0, 24 * 70))
    return plan, doses, Decimal(now), draw(REGIONS), draw(STATES)


def answered(plan, doses, now, region, state):
    return decide(plan, doses=doses, now_h=now, variant=region, state=state)


@given(cases())
def test_go_and_restart_only_where_nothing_holds(case):
    answer = answered(*case)
    holds = any(one.state in HOLDING for one in answer.criteria)

    assert (answer.decision in ("go", "restart")) == (not holds)


@given(cases(), st.data())
def test_knowing_less_never_turns_a_hold_into_go(case, data):
    *arguments, state = case
    name = data.draw(st.sampled_from([field.name for field in fields(State)]))
    known, unknown = answered(*arguments, state), answered(*arguments, replace(state, **{name: None}))

    if known.decision not in ("go", "restart"):
        assert unknown.decision not in ("go", "restart")


@given(cases())
def test_nothing_known_is_never_go(case):
    *arguments, _ = case

    assert answered(*arguments, State()).decision == "hold"


@given(cases())
def test_every_hold_says_its_one_thing_to_do(case):
    answer = answered(*case)
    holding = [one for one in answer.criteria if one.state in HOLDING]

    assert (answer.to_do is None) == (answer.decision in ("go", "restart"))
    assert [one for one in answer.criteria if one.to_do is not None] == holding
    assert all(one.to_do.text and "None" not in one.to_do.text for one in holding)
    if answer.decision == "stop":
        assert answer.to_do.code == "discontinue"
    if answer.earliest_h is not None and answer.decision == "hold":
        assert answer.to_do.code == "wait"  # only a clock is left


@given(cases(), st.data())
def test_the_order_of_the_doses_does_not_matter(case, data):
    plan, doses, *rest = case

    assert answered(plan, tuple(data.draw(st.permutations(doses))), *rest) == answered(plan, doses, *rest)


@given(cases())
def test_a_worse_state_is_never_better(case):
    *arguments, state = case
    worse = replace(state, active_infection=True, crs_open=True)

    assert answered(*arguments, worse).decision in ("hold", "stop")


@given(cases())
def test_hours_are_where_the_contract_has_them(case):
    plan, doses, now, region, state = case
    answer = answered(plan, doses, now, region, state)

    if answer.decision in ("go", "restart"):
        assert answer.earliest_h is not None
        assert 0 <= answer.earliest_h <= now
    if answer.decision == "stop":
        assert (answer.step, answer.earliest_h, answer.inpatient_hours) == (None, None, None)
    if answer.decision == "hold" and answer.earliest_h is not None:
        assert answer.earliest_h > now


@given(cases())
def test_every_step_is_one_of_the_plan_and_every_criterion_is_said_once(case):
    plan, *rest = case
    answer = answered(plan, *rest)
    codes = [one.code for one in answer.criteria]

    assert answer.step is None or answer.step in {step.label for step in plan.steps}
    assert len(codes) == len(set(codes))
    assert all(one.sentence in TEXTS and one.text for one in answer.criteria)


def test_every_sentence_has_names_only():
    for text in TEXTS.values():
        assert all(
            name is None or name.isidentifier() or name == "from" for _, name, _, _ in string.Formatter().parse(text)
        )

"""Who is called when nobody answers, and when."""

from datetime import UTC, datetime, timedelta

import pytest

from grading.rules.alerting.escalation import PlannedEscalation, escalate_at, roles_to_page
from grading.rules.alerting.on_call.rota import OnCallRole

DUE = datetime(2026, 10, 25, 0, 58, tzinfo=UTC)  # two minutes before Paris puts its clocks back
NURSE, CHARGE, ON_CALL = OnCallRole.ASSIGNED_NURSE, OnCallRole.CHARGE_NURSE, OnCallRole.ON_CALL_INVESTIGATOR
BACK_UP = OnCallRole.BACK_UP


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


ESCALATION_STEPS = (
    PlannedEscalation(on_call_role=NURSE, wait=minutes(5)),
    PlannedEscalation(on_call_role=CHARGE, wait=minutes(10)),
    PlannedEscalation(on_call_role=ON_CALL, wait=minutes(15)),
    PlannedEscalation(on_call_role=BACK_UP, wait=minutes(20)),
)


@pytest.mark.parametrize(
    ("number", "on_call_role"), [(0, NURSE), (1, CHARGE), (2, ON_CALL), (3, BACK_UP), (4, BACK_UP), (40, BACK_UP)]
)
def test_each_call_is_for_the_next_step_and_after_the_last_for_the_last_again(number, on_call_role):
    assert roles_to_page(ESCALATION_STEPS, number=number, grade=1) == (on_call_role,)


@pytest.mark.parametrize(("grade", "together"), [(1, False), (2, True), (3, True), (5, True), (-1, True)])
def test_from_grade_2_the_nurse_and_the_on_call_investigator_are_paged_together(grade, together):
    assert roles_to_page(ESCALATION_STEPS, number=0, grade=grade) == ((NURSE, ON_CALL) if together else (NURSE,))


def test_only_the_first_call_is_for_two():
    assert roles_to_page(ESCALATION_STEPS, number=1, grade=3) == (CHARGE,)


def test_the_on_call_investigator_who_is_first_is_paged_once():
    assert roles_to_page((PlannedEscalation(on_call_role=ON_CALL, wait=minutes(5)),), number=0, grade=3) == (ON_CALL,)


def test_without_steps_a_call_is_for_everybody():
    assert roles_to_page((), number=0, grade=3) == ()


@pytest.mark.parametrize(("number", "wait"), [(0, 5), (1, 10), (2, 15)])
def test_the_next_step_is_called_after_the_wait_of_this_one(number, wait):
    assert escalate_at(ESCALATION_STEPS, number=number, grade=2, due=DUE, at=DUE) == DUE + minutes(wait)


def test_a_step_that_was_taken_late_does_not_delay_the_next():
    assert escalate_at(ESCALATION_STEPS, number=0, grade=2, due=DUE, at=DUE + minutes(60)) == DUE + minutes(5)


@pytest.mark.parametrize("number", [3, 4, 40])
def test_the_last_step_is_taken_again_ten_minutes_after_it_was(number):
    made = DUE + minutes(60)

    assert escalate_at(ESCALATION_STEPS, number=number, grade=2, due=DUE, at=made) == made + minutes(10)


@pytest.mark.parametrize(("number", "due"), [(0, 10), (7, 10)])
def test_without_steps_everybody_is_called_every_ten_minutes(number, due):
    assert escalate_at((), number=number, grade=3, due=DUE, at=DUE) == DUE + minutes(due)


@pytest.mark.parametrize(("steps", "number"), [(ESCALATION_STEPS, 3), (ESCALATION_STEPS, 9), ((), 0)])
def test_at_grade_1_nothing_is_repeated(steps, number):
    assert escalate_at(steps, number=number, grade=1, due=DUE, at=DUE) is None


def test_at_grade_1_the_steps_are_taken_to_its_end():
    assert escalate_at(ESCALATION_STEPS, number=2, grade=1, due=DUE, at=DUE) == DUE + minutes(15)


def test_a_provisional_episode_counts_as_grade_2():
    assert escalate_at(ESCALATION_STEPS, number=3, grade=-1, due=DUE, at=DUE) == DUE + minutes(10)


# --- Nobody answers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [(), ESCALATION_STEPS])
def test_the_last_page_is_repeated_less_and_less_often_and_never_not_at_all(steps):
    """Convention (docs/conventions.md, nobody answers): every 10 min for an hour, hourly for a day, then daily."""
    last = max(len(steps) - 1, 0)
    waits = [escalate_at(steps, number=last + n, grade=3, due=DUE, at=DUE, repeats=n) - DUE for n in range(40)]

    assert waits == [minutes(10)] * 6 + [minutes(60)] * 23 + [minutes(24 * 60)] * 11
    assert sum(waits[:29], minutes(0)) == minutes(24 * 60)

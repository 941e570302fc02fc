"""What the soak counts as missing, surplus and a twin."""

import json

from tests.faults.rig.soak import Arrived, Posted, compared
from tests.sinks import Hook


def counted(*calls: tuple[str, str, int], answered: dict[str, int]) -> Arrived:
    """`calls`: alert, occurrence with its step, grade."""
    hook = Hook()
    hook.server_close()
    for alert, occurrence, grade in calls:
        key = f"alert:{alert}:{occurrence}:webhook:1"
        hook.calls.append(({}, json.dumps({"key": key, "alert": alert, "grade": grade}).encode()))
        hook.taken.append(key)
    return compared(Posted(alerts=answered), hook)


def test_each_alert_once_is_as_it_should_be():
    assert counted(("a", "1", 1), ("b", "1", 2), answered={"a": 1, "b": 2}) == Arrived(set(), set(), 0, 0)


def test_one_that_did_not_come_is_missing_and_one_of_another_grade_too():
    assert counted(("b", "1", 1), answered={"a": 1, "b": 2}).missing == {"a", "b"}


def test_one_that_was_not_answered_and_a_second_of_another_key_are_surplus():
    arrived = counted(("a", "1", 1), ("a", "2", 1), ("c", "1", 3), answered={"a": 1})

    assert arrived.surplus == {"alert:a:1:webhook:1", "alert:a:2:webhook:1", "alert:c:1:webhook:1"}


def test_a_twin_and_a_later_step_are_neither():
    arrived = counted(("a", "1", 1), ("a", "1", 1), ("a", "1.1", 1), answered={"a": 1})

    assert arrived == Arrived(set(), set(), called_again=1, twins=1)


def test_a_later_step_alone_does_not_make_up_for_the_first():
    assert counted(("a", "1.1", 1), answered={"a": 1}).missing == {"a"}

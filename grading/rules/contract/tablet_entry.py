"""A set or an examination while it is being typed: what is said at its fields, and its grade on the course so far."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from grading.rules.contract.tablet import Answer, doubt_written, preview
from grading.rules.contract.tablet_facts import event_of, look_of, values_of
from grading.rules.contract.tablet_typed import TypedLook, typed_examination, typed_set
from grading.rules.course.events import CRS, ICANS, Observation, place_of
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.entry.checks import Doubt, doubts, to_retype
from grading.rules.grades.entry.worsening import worsens

VITALS = "vitals"


def entry(question: Mapping[str, Any]) -> Answer:
    """`kind`: vitals or neuro; `fields`: as the form would post them; `at`: the time at the bedside; `rules`: what the
    server told of the participant (grading/tablet/participant_rules.py).

    `errors` and `again`: what is refused, and what is typed again before it is kept, each as `check` has it. Besides
    as `preview` answers; without a grade where `in_order` is false: then only the whole record could tell it.
    """
    rules, fields = question["rules"], question["fields"]
    is_set = question["kind"] == VITALS
    look = typed_set(fields) if is_set else typed_examination(fields, pediatric=rules["pediatric"])
    event = {
        "event": CRS if is_set else ICANS, "at": question["at"], "id": question["id"], "root": question["id"],
        "seen": look.seen | (rules["baseline"] if is_set else {}), "beside": look.beside,
    }  # fmt: skip
    refused, again = list(look.faults), list[Doubt]()
    if is_set:
        of_values, again = _questions(look, event, rules)
        refused += of_values
    at_fields = {"errors": [doubt_written(one) for one in refused], "again": [doubt_written(one) for one in again]}
    if _is_measured_later(rules, question["at"]) or _is_beyond(rules, event):
        return at_fields | {"in_order": False}
    on_course = {
        "state": rules["state"],
        "parameters": rules["parameters"],
        "event": event,
        "why": question.get("why", True),
    }
    return at_fields | preview(on_course)


def _is_measured_later(rules: Mapping[str, Any], at: str) -> bool:
    """Whether a baseline was measured at this time or since: it is not this look's."""
    measured = rules["baseline_at"]
    return measured is not None and datetime.fromisoformat(measured) >= datetime.fromisoformat(at)


def _is_beyond(rules: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Whether a correction comes after facts that are not in its state."""
    until = rules.get("until")
    return until is not None and place_of(event_of(event)) >= (datetime.fromisoformat(until[0]), until[1], until[2])


def _questions(look: TypedLook, event: Mapping[str, Any], rules: Mapping[str, Any]) -> tuple[list[Doubt], list[Doubt]]:
    """What is refused and what is typed again; neither holds a worsening back."""
    is_newest = _is_newest(rules, event["at"])
    previous: dict[str, Decimal] = {}
    if is_newest:
        previous = {name: Decimal(text) for name, text in rules["previous"].items() if text is not None}
    doubtful = doubts(look.measured, device=look.seen["oxygen_device"], previous=previous)
    refused = [doubt for doubt in doubtful if doubt.is_contradiction]
    first = to_retype(doubtful, values=look.measured, retyped=look.retyped)[0]
    if not (refused or first) or _worsens(event, rules if is_newest else {}):
        return [], []
    return refused, first


def _is_newest(rules: Mapping[str, Any], at: str) -> bool:
    before = rules["set_before_at"]
    return before is None or datetime.fromisoformat(before) < datetime.fromisoformat(at)


def _worsens(event: Mapping[str, Any], rules: Mapping[str, Any]) -> bool:
    """Against the newest set; a late one is compared with none here, and the server asks what it has to."""
    looked = event_of(event)
    assert isinstance(looked, Observation)
    if looked.danger.values:
        return True
    before = rules.get("set_before")
    now = look_of(CRS, _without_baseline(event["seen"]))
    assert isinstance(now, CrsInputs)
    return worsens(now, None if before is None else CrsInputs(**values_of(before)))


def _without_baseline(seen: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in seen.items() if not name.startswith("baseline") and name not in _COMPARED}


_COMPARED = ("sbp_prompt_below", "vasopressors_at_baseline")

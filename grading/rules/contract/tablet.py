"""What a tablet asks of the rules: one question in JSON, one answer in JSON, the same as the server would give.

A tablet runs this very file, lowered (crsmonitor/tablet/): it is written in what both sides read.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from grading.rules.contract.tablet_facts import event_of, look_of, parameters_of, values_of
from grading.rules.course.rises import Rise
from grading.rules.course.state import read_state, write_episode, write_state
from grading.rules.course.timeline import GradedObservation, comes_in_order, derive, step
from grading.rules.grades.crs import grade_crs
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.entry.checks import Doubt, doubts, to_retype
from grading.rules.grades.entry.completeness import complete_the_set
from grading.rules.grades.graded import Graded
from grading.rules.grades.icans import grade_icans
from grading.rules.grades.icans_inputs import IcansInputs
from grading.rules.grades.why import ElementChange, why_crs, why_icans

Answer = dict[str, Any]


def answer(question: Mapping[str, Any]) -> Answer:
    """`question["ask"]` is one of the names in ASKED. KeyError: it is none, or something is left out."""
    return ASKED[question["ask"]](question)


def grade(question: Mapping[str, Any]) -> Answer:
    """One look (`kind`, `seen`) with its history in it: the grade, and what would change it (unless `why` is false)."""
    seen = look_of(question["kind"], question["seen"])
    if question.get("why", True):
        return graded_look(seen)
    return written(grade_crs(seen) if isinstance(seen, CrsInputs) else grade_icans(seen))


def graded_look(seen: CrsInputs | IcansInputs) -> Answer:
    if isinstance(seen, CrsInputs):
        graded, why = grade_crs(seen), why_crs(seen)
        return written(graded) | {"if_crs": _if_crs(seen), "lower": _changes(why.lower), "higher": _changes(why.higher)}
    graded, why = grade_icans(seen), why_icans(seen)
    return written(graded) | {"if_crs": None, "lower": _changes(why.lower), "higher": _changes(why.higher)}


def written(graded: Graded) -> Answer:
    """`asks_for_more`: whether what is missing or doubtful is asked for at once."""
    return {
        "grade": graded.grade,
        "at_least": graded.at_least,
        "at_most": graded.at_most,
        "reasons": [{"code": r.code, "text": r.text, "values": dict(r.values)} for r in graded.reasons],
        "missing": list(graded.missing),
        "flags": list(graded.flags),
        "asks_for_more": complete_the_set(
            grade=graded.grade,
            at_least=graded.at_least,
            at_most=graded.at_most,
            missing=graded.missing,
            flags=graded.flags,
            reasons=[r.code for r in graded.reasons],
        ),
    }


def _changes(changes: Iterable[ElementChange]) -> list[list[Any]]:
    return [[change.code, change.grade] for change in changes]


def check(question: Mapping[str, Any]) -> Answer:
    """The doubts about measured `values` after the `previous` ones: what refuses, and what is typed again, before the
    set is kept (`first`) or after (`after`). `retyped`: the fields that were.
    """
    values = values_of(question["values"])
    doubtful = doubts(values, device=question["device"], previous=values_of(question["previous"]))
    first, after = to_retype(doubtful, values=values, retyped=question["retyped"])
    return {
        "refused": [doubt_written(doubt) for doubt in doubtful if doubt.refuses],
        "first": [doubt_written(doubt) for doubt in first],
        "after": [doubt_written(doubt) for doubt in after],
    }


def doubt_written(doubt: Doubt) -> Answer:
    return {"field": doubt.field, "code": doubt.code, "values": dict(doubt.values)}


def preview(question: Mapping[str, Any]) -> Answer:
    """The grade of a set that continues the fold in `state`. `in_order` false: it comes before what is folded already,
    and only the whole record could tell. `why` false: without what would change it, which takes most of the time.
    """
    state, event = read_state(question["state"]), event_of(question["event"])
    if not comes_in_order(state, event):
        return {"in_order": False}
    looked = step(state, event, parameters_of(question["parameters"]))[1].graded
    assert looked is not None  # an observation is
    more = graded_look(looked.seen) if question.get("why", True) else {"if_crs": _if_crs(looked.seen), **_NO_CHANGES}
    return more | written(looked.graded) | {"in_order": True}


_NO_CHANGES: Mapping[str, list[Any]] = {"lower": [], "higher": []}


def _if_crs(seen: CrsInputs | IcansInputs) -> int | None:
    """The grade if it were CRS after all. None: an examination."""
    return grade_crs(replace(seen, prior_crs_fever_this_episode=True)).at_least if isinstance(seen, CrsInputs) else None


def fold(question: Mapping[str, Any]) -> Answer:
    """`events` one by one from `state` on: what each brought about, and the state after all. The state is written down
    and read again between two, as it is where a tablet is closed.
    """
    parameters, data, outcomes = parameters_of(question["parameters"]), question["state"], []
    for one in question["events"]:
        state, outcome = step(read_state(data), event_of(one), parameters)
        data = write_state(state)
        outcomes.append({
            "graded": None if outcome.graded is None else _looked(outcome.graded),
            "floor": None if outcome.floor is None else written(outcome.floor),
            "rise": None if outcome.rise is None else _rise(outcome.rise),
            "episodes": [write_episode(episode) for episode in outcome.episodes],
        })  # fmt: skip
    return {"outcomes": outcomes, "state": data}


def course(question: Mapping[str, Any]) -> Answer:
    """A whole record, whatever the order in which its `events` come."""
    derived = derive([event_of(one) for one in question["events"]], parameters_of(question["parameters"]))
    return {
        "graded": [_looked(looked) for looked in derived.graded],
        "rises": [_rise(rise) for rise in derived.rises],
        "episodes": [write_episode(episode) for episode in derived.episodes],
        "state": write_state(derived.state),
    }


def _looked(looked: GradedObservation) -> Answer:
    return {"id": looked.observation.id} | written(looked.graded)


def _rise(rise: Rise) -> Answer:
    return {
        "kind": rise.kind,
        "id": rise.observation_id,
        "at": rise.at.isoformat(),
        "before": rise.before,
        "grade": rise.grade,
        "provisional": rise.provisional,
        "if_crs": rise.if_crs,
        "before_dosing": rise.before_dosing,
        "quiet": rise.quiet,
    }


ASKED: Mapping[str, Callable[[Mapping[str, Any]], Answer]] = {
    "grade": grade,
    "check": check,
    "preview": preview,
    "fold": fold,
    "course": course,
}

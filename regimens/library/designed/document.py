"""A regimen of a design as a document: its steps, days, doses and cohorts; all else as the regimen it grew from says.

Pure. Doses keep every digit and days stay as they are; what cannot be said in a document is refused, never rounded.
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regimens.library import BadDocument, Document, as_json, document_from
from regimens.library.designed.doses import NotCompiled, doses_of, exact, first_day_of, given, plain, unit_for
from regimens.library.designed.dropping import without_steps
from regimens.library.designed.matched import Data, Match, matched
from regimens.library.designed.steps import check_rest, goes_on, is_unchanged, labelled, last_of, steps_of

COHORT_MOST = 20  # characters, as a participant's cohort has
UNKNOWN_WINDOW = "a step of the design: how long to observe is not known"
CITING = ("source", "source2")
PREFIX = "DESIGN_"  # of the keys of designs among the sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What its source entry says."""

    key: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """`rungs`: cohort -> regimen of the design, without cohorts under the empty text. `followed`: labels of steps after
    the last dose of the design, which go on with it. `dropped`: labels of the regimen that the design has not. `lost`:
    what named them alone, by part of the document.
    """

    document: Document
    rungs: Mapping[str, str]
    match: Match
    labels: tuple[str, ...]
    followed: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    lost: Mapping[str, int]


def regimens_in(contents: Mapping[str, Any]) -> list[Data]:
    """Those side by side, else those of the ladder."""
    parts = [contents.get(name) or {} for name in ("comparison", "escalation")]
    return next((part["regimens"] for part in parts if part.get("regimens")), [])


def ladder_in(contents: Mapping[str, Any]) -> list[Data]:
    """The regimens of the ladder, the lowest first; empty: there is none. NotCompiled where one is another by now."""
    escalation = contents.get("escalation") or {}
    own = {one["name"]: one for one in escalation.get("regimens", ())}
    compared = {one["name"]: one for one in (contents.get("comparison") or {}).get("regimens", ())}
    for name in escalation.get("ladder", ()):
        if name in compared and given(compared[name]) != given(own[name]):
            raise NotCompiled("ladder_of_other_doses", regimen=name)
    return [own[name] for name in escalation.get("ladder", ())]


TIMING = ("label", "unit", "day", "interval", "cycles", "repeats", "times")


def schedule_of(document: Document) -> Data:
    """What a design says of a document: its steps, days and doses, of each cohort and weight. Of two documents with the
    same the rest differs, which no design says.
    """
    data = as_json(document.data)
    return {
        "steps": [{name: one.get(name) for name in TIMING} | {"dose": exact(one["dose"])} for one in data["steps"]],
        "cohorts": {one["name"]: _exact_doses(one["ladder"]) for one in data.get("cohorts", ())},
        "by_weight": {one["label"]: _exact_doses(one["doses"]) for one in data.get("by_weight", ())},
        "days": {code: one.get("days") for code, one in data.get("variants", {}).items()},
        "cycle_d": data.get("cycle_d"),
    }


def _exact_doses(doses: Mapping[str, Any]) -> dict[str, Any]:
    return {label: exact(dose) for label, dose in doses.items()}


def compiled(
    regimens: Sequence[Data], *, cohorts: bool, base: Document | None, head: Data | None, origin: Origin
) -> Compiled:
    """`regimens`: the lowest first; one where there are no cohorts. `base`: the regimen all else is kept of; None:
    `head` says id, title, drug and route. Raises NotCompiled.
    """
    data: dict[str, Any] = copy.deepcopy(as_json(base.data)) if base else {**(head or {}), "steps": [], "sources": {}}
    steps = [one for one in data["steps"] if not one.get("pretreatment")]
    unit = steps[0]["unit"] if steps else unit_for(regimens)
    doses = doses_of(regimens, unit, first_day=first_day_of(steps))
    match = matched(doses, steps, data.get("cycle_d"))
    check_rest(match, data.get("cycle_d"))
    data = without_steps(data, [one["label"] for one in match.dropped])
    lost = data.pop("lost")
    labels = labelled(match, [one["label"] for one in data["steps"]])
    data["sources"] = _sources(data["sources"], origin)
    made = steps_of(match, labels, unit, data, origin.key)
    data["steps"] = [one for one in data["steps"] if one.get("pretreatment")] + made
    _set_days(data, {one["label"]: one["day"] for one in made if "day" in one})
    new = [label for (_dose, step), label in zip(match.taken, labels, strict=True) if step is None]
    _ask_for_windows(data, new, origin.key)
    followed = [one["label"] for one in match.following if goes_on(match, one)]
    names = cohort_names([one["name"] for one in regimens])
    if gone := [one["name"] for one in data.get("cohorts", ()) if not cohorts or one["name"] not in names]:
        lost["cohorts"] = len(gone)
    data = _with_cohorts(data, match, labels, followed, names if cohorts else [])
    rungs = {name if cohorts else "": one["name"] for name, one in zip(names, regimens, strict=True)}
    try:
        document = document_from(as_json(_without_unused(data, origin.key)))
    except BadDocument as bad:
        raise NotCompiled("document_refused", problems=bad.problems) from None
    return Compiled(
        document=document, rungs=rungs, match=match, labels=tuple(labels), followed=tuple(followed),
        dropped=tuple(one["label"] for one in match.dropped), lost=lost,
    )  # fmt: skip


def _set_days(data: dict[str, Any], days: Mapping[str, int]) -> None:
    """A region's own days would come before the design's: those of its steps become the same."""
    for variant in data.get("variants", {}).values():
        planned = variant.get("days", {}).get("planned", {})
        planned |= {label: days[label] for label in planned if label in days}


def _ask_for_windows(data: dict[str, Any], new: Sequence[str], source: str) -> None:
    """A label that names no window after a step of the design said nothing of it: how long is not known, and holds."""
    for variant in data.get("variants", {}).values():
        if new and variant.get("observation"):
            row = {"steps": list(new), "text": UNKNOWN_WINDOW, "source": source}
            variant["observation"] = [*variant["observation"], row]


def _with_cohorts(
    data: dict[str, Any], match: Match, labels: Sequence[str], followed: Sequence[str], names: Sequence[str]
) -> dict[str, Any]:
    """A cohort for each regimen with all its doses; those of before that are no regimen of the ladder are none now."""
    changed = {label for (dose, step), label in zip(match.taken, labels, strict=True)
               if step is not None and any(one != exact(step["dose"]) for one in dose.doses)}  # fmt: skip
    changed |= set(labels) if names else set() if is_unchanged(match) else set(followed)
    for band in data.get("by_weight", ()):
        if any(label in changed for label in band["doses"]):
            raise NotCompiled("doses_by_weight", band=band["label"])
    before = {one["name"]: one for one in data.pop("cohorts", ())}
    if names:
        last = last_of(match)[0]
        data["cohorts"] = [
            {name: value for name, value in before.get(cohort, {}).items() if name in ("staggering_h", "sentinel")}
            | {
                "name": cohort,
                "ladder": {label: plain(dose.doses[place])
                           for (dose, _step), label in zip(match.taken, labels, strict=True)}
                | {label: plain(last.doses[place]) for label in followed},
            }
            for place, cohort in enumerate(names)
        ]  # fmt: skip
    return data


def cohort_names(regimens: Sequence[str]) -> list[str]:
    """As a participant's cohort can be called: short, one line, each once."""
    names: list[str] = []
    for one in regimens:
        name, number = " ".join(one.split())[:COHORT_MOST].strip(), 1
        while name in names:
            number += 1
            name = f"{' '.join(one.split())[: COHORT_MOST - 1 - len(str(number))].strip()} {number}"
        names.append(name)
    return names


def _sources(before: Mapping[str, Any], origin: Origin) -> dict[str, Any]:
    return {**before, origin.key: {"what": origin.what}}


def _without_unused(data: dict[str, Any], key: str) -> dict[str, Any]:
    """Without the entries of earlier designs that nothing names any more."""
    named = {key, *_named_sources({name: part for name, part in data.items() if name != "sources"})}
    kept = {one: what for one, what in data["sources"].items() if not one.startswith(PREFIX) or one in named}
    return data | {"sources": kept}


def _named_sources(part: Any) -> list[str]:
    if isinstance(part, list):
        return [one for value in part for one in _named_sources(value)]
    if not isinstance(part, dict):
        return []
    own = [value for name, value in part.items() if name in ("source", "source2")]
    return own + [
        one for name, value in part.items() if name not in ("source", "source2") for one in _named_sources(value)
    ]

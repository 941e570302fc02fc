"""What a tablet keeps of a participant and has not sent, folded onto what the server told it of them.

A second set that is entered without a network knows the first: its grade, its episode, and what it is compared with.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from grading.rules.contract.tablet_facts import event_of, parameters_of
from grading.rules.contract.tablet_typed import TypedLook, typed_examination, typed_set
from grading.rules.course.events import CRS, ICANS, DoseGiven, Event, RunBegan, Treated, place_of
from grading.rules.course.state import read_state, write_state
from grading.rules.course.timeline import comes_in_order, step
from grading.rules.drugs.names import class_of
from grading.rules.grades.entry.limits import CHANGES
from grading.rules.grades.entry.numbers import Misread, exact, read_number
from grading.rules.treatment.indication import opens_waiver
from grading.rules.treatment.masking_hours import Masking, MaskingRule, hides_for
from grading.rules.treatment.support import support_of

VITALS, NEURO, TREATMENT, DOSE = "vitals", "neuro", "treatment", "dose"
NOT_GIVEN = "NOT GIVEN"
Entry = Mapping[str, Any]
Rules = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFact:
    """An entry as the fold reads it. `look`: what was seen; None: it is a drug."""

    kind: str
    event: Event
    look: TypedLook | None = None


def continued(question: Mapping[str, Any]) -> dict[str, Any]:
    """`waiting`: entries, each with its `kind`, `id`, `at` (the time at the bedside) and `fields` (as its form would
    post them); `at`: the time at the bedside of what is being typed, on which nothing later bears; `rules`: what the
    server told of the participant (grading/tablet/participant_rules.py).

    `changes`: what of `rules` would be another if those had been sent; null where one of them comes before what the
    server has already, so that only the whole record could tell. `last`: the newest set that waits, its values as text;
    null: none waits.
    """
    rules, at = question["rules"], datetime.fromisoformat(question["at"])
    facts = [fact for entry in question["waiting"] if (fact := _fact(entry, rules)) is not None and fact.event.at <= at]
    state, parameters = read_state(rules["state"]), parameters_of(rules["parameters"])
    newest: WaitingFact | None = None
    for fact in sorted(facts, key=lambda one: place_of(one.event)):
        if not comes_in_order(state, fact.event) or _is_measured_later(rules, fact):
            return {"changes": None, "last": None}
        state = step(state, fact.event, parameters)[0]
        newest = fact if fact.kind == VITALS else newest
    changes: dict[str, Any] = {"state": write_state(state)}
    if newest is None or newest.look is None:
        return {"changes": changes, "last": None}
    values = {name: None if value is None else f"{value:f}" for name, value in newest.look.measured.items()}
    taken_at = newest.event.at.isoformat()
    changes |= {
        "set_before": newest.look.seen,
        "set_before_at": taken_at,
        "previous": {} if rules.get("same_at") else {name: values.get(name) for name in CHANGES},
    }
    return {"changes": changes, "last": {"at": taken_at, "values": values}}


def _fact(entry: Entry, rules: Rules) -> WaitingFact | None:
    """None: it does not bear on the course."""
    kind = entry["kind"]
    if kind == TREATMENT:
        given = _treatment(entry, rules)
        return None if given is None else WaitingFact(kind=kind, event=given)
    if kind == DOSE:
        return WaitingFact(kind=kind, event=_dose(entry)) if _opens_period(entry, rules) else None
    is_set = kind == VITALS
    fields = entry["fields"]
    look = typed_set(fields) if is_set else typed_examination(fields, pediatric=rules["pediatric"])
    event = event_of({
        "event": CRS if is_set else ICANS, "at": entry["at"], "id": entry["id"], "root": entry["id"],
        "seen": look.seen | (rules["baseline"] if is_set else {}), "beside": look.beside,
    })  # fmt: skip
    return WaitingFact(kind=kind, event=event, look=look)


def _is_measured_later(rules: Rules, fact: WaitingFact) -> bool:
    """Whether a baseline was measured at the time of this set or since: it is not this set's."""
    measured = rules["baseline_at"]
    return fact.kind == VITALS and measured is not None and datetime.fromisoformat(measured) >= fact.event.at


def _dose(entry: Entry) -> DoseGiven:
    return DoseGiven(at=datetime.fromisoformat(entry["at"]), root=entry["id"])


def _opens_period(entry: Entry, rules: Rules) -> bool:
    given = _last(entry, "status") != NOT_GIVEN
    return given and _last(entry, "step") in [str(step) for step in rules["period_steps"]]


def _treatment(entry: Entry, rules: Rules) -> Event | None:
    """As grading/course/record/facts.py reads a treatment. None: it hides no fever and holds nothing up."""
    at, indication = datetime.fromisoformat(entry["at"]), _last(entry, "indication")
    drug = _last(entry, "drug").strip() or _last(entry, "known")
    acts_as = class_of(drug, _last(entry, "drug_class"))  # the name decides
    if acts_as in [one.value for one in Masking]:
        masking = Masking(acts_as)
        lasts = hides_for(_masking_rules(rules), drug=drug, masking=masking)
        return Treated(at=at, masking=masking, treats=opens_waiver(indication), lasts=lasts)
    dose = read_number(_last(entry, "dose"), places=4, digits=12)
    support = support_of(
        drug,
        acts_as,
        indication=indication,
        dose=None if isinstance(dose, Misread) else exact(dose),
        unit=_last(entry, "unit"),
        route=_last(entry, "route"),
    )
    if support is None:
        return None
    at_baseline = tuple(rules["baseline"].get("vasopressors_at_baseline") or ())
    return RunBegan(at=at, root=entry["id"], support=support, indication=indication, at_baseline=at_baseline)


def _masking_rules(rules: Rules) -> list[MaskingRule]:
    return [MaskingRule(code=one["code"], hours=Decimal(one["hours"]), source="") for one in rules["masking"]]


def _last(entry: Entry, name: str) -> str:
    """What a field holds. Empty: nothing, or there is none."""
    texts = entry["fields"].get(name, ())
    return texts[len(texts) - 1] if texts else ""

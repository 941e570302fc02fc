"""Facts of the rules as a tablet sends them: the way back of grading/rules/contract/tablet_facts.py."""

from datetime import timedelta
from decimal import Decimal

from grading.rules.course import events
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.icans_inputs import IceItems
from grading.rules.treatment.support import write_support

_MINUTE = timedelta(minutes=1)


def plain(value):
    """A value of a field in JSON."""
    if isinstance(value, Decimal):
        return str(value)
    if getattr(value, "__slots__", None) == IceItems.__slots__:  # also of one that is graded and forgotten
        return {name: getattr(value, name) for name in value.__slots__}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value) if isinstance(value, str) else value


def seen_of(look):
    """Every field, also those that nobody looked at."""
    return {name: plain(getattr(look, name)) for name in look.__slots__}


def kind_of(look):
    return "crs" if look.__slots__ == CrsInputs.__slots__ else "icans"  # also of one that is graded and forgotten


def grade_question(look):
    return {"ask": "grade", "kind": kind_of(look), "seen": seen_of(look), "why": False}


def check_question(values, *, device, previous, retyped=()):
    return {
        "ask": "check", "values": plain_of(values), "device": plain(device), "previous": plain_of(previous),
        "retyped": sorted(retyped),
    }  # fmt: skip


def plain_of(values):
    return {str(name): plain(value) for name, value in values.items()}


def parameters(of):
    assert of.masking == events.Parameters().masking, "a tablet has the masking of its policy in each drug (lasts)"
    return {"resolution_minutes": of.resolution // _MINUTE, "awaits_dose": of.awaits_dose}


def event(fact):
    """Raises KeyError for a kind of fact that has no form here."""
    data = {"event": _KINDS[type(fact)], "at": fact.at.isoformat()}
    if isinstance(fact, events.Observation):
        measured = {field: plain(value) for field, value in _beside(fact).items()}
        return data | {"event": fact.kind, "id": fact.id, "root": fact.root, "seen": seen_of(fact.seen)} | (
            {"beside": measured} if fact.kind == events.CRS else {}
        )  # fmt: skip
    if isinstance(fact, events.Treated):
        lasts = None if fact.lasts is None else fact.lasts // _MINUTE
        return data | {"masking": plain(fact.masking), "treats": fact.treats, "lasts_minutes": lasts}
    if isinstance(fact, events.Attributed):
        return data | {"sign": fact.sign, "until": None if fact.until is None else fact.until.isoformat()}
    data |= {"root": fact.root}
    if isinstance(fact, events.RunBegan):
        at_baseline = list(fact.at_baseline)
        return data | {
            "support": write_support(fact.support), "indication": fact.indication, "at_baseline": at_baseline,
        }  # fmt: skip
    return data | ({"cause": fact.cause} if isinstance(fact, events.Died) else {})


_KINDS = {
    events.DoseGiven: "dose",
    events.Treated: "treated",
    events.RunBegan: "began",
    events.RunEnded: "ended",
    events.Attributed: "attributed",
    events.Observation: "",
    events.Died: "died",
}


def _beside(observation):
    """The pulse and the breaths that the dangers of a set tell of."""
    dangers = dict(observation.danger.values)
    return {
        field: dangers.get(field, Decimal(80) if field in observation.danger.free else None)
        for field in ("heart_rate", "respiratory_rate")
    }


def course_questions(facts, of):
    """The whole record at once, and fact by fact with the state written down between."""
    written = [event(fact) for fact in facts]
    in_order = [event(fact) for fact in events.in_order(facts)]
    both = {"parameters": parameters(of)}
    return [
        both | {"ask": "course", "events": written},
        both | {"ask": "fold", "events": in_order, "state": {}},
    ]

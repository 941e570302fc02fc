"""What a door hands to the queue, made small for tests."""

from typing import Any

from grading.intake.services.taking_in import Import, Reconciliation, take_in
from grading.models import IntakeDoor
from grading.rules.intake.received import Received, RowKind, digest_of, key_of
from tests.builders import World, hour


def part(world: World, name: str, h: float, /, *, place: int = 0, **columns: Any) -> Received:
    """A set's part of this name at the sender, of the world's participant: `gives` says what."""
    one = world.participant
    gives = columns.pop("gives", {"temperature_c": "38.6"})
    values = {
        "subject": f"{one.study.code}-{one.site.code}-{one.number}", "kind": RowKind.VITALS, "observed_at": hour(h),
        "digest": digest_of([gives, h, columns.get("retracts")]),
    }  # fmt: skip
    return Received(place=place, key=key_of("test", name), gives=gives, **values | columns)


def taken(
    world: World, *parts: Received, at: float = 8, by: Any = None, door: IntakeDoor = IntakeDoor.FHIR
) -> Reconciliation:
    entries = [Received(**{n: getattr(one, n) for n in one.__slots__} | {"place": i}) for i, one in enumerate(parts)]
    sent = Import(door=door.value, origin="test", sha256="0" * 64, entries=entries)
    return take_in(sent, by=by or world.nurse, at=hour(at))


def outcomes(answer: Reconciliation) -> list[str]:
    return [one.outcome.value for one in answer.answers]


def codes(answer: Reconciliation, place: int = 0) -> list[str]:
    return [one.code for one in answer.answers[place].reasons]

"""What a tablet's outbox sends, read strictly: what is not as it should be is refused at its place."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict

from crsmonitor.errors import InvalidInput
from crsmonitor.formats.strict_json import UnreadableJSON, loads

KINDS = ("vitals", "neuro", "treatment", "dose")
MOST_ENTRIES = 50
MOST_FIELDS, MOST_VALUES = 120, 40
LONGEST_ID = 2**63 - 1
NAMES = frozenset({
    "id", "kind", "participant", "person", "fields", "opened_at", "kept_at", "tablet_now", "rules", "shown", "gate",
})  # fmt: skip
MAY_LACK = frozenset({"shown", "gate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class GateShown:
    """The gate's answer as it stood on the tablet, of when, and whether the dose was confirmed by a second tap."""

    answer: str
    as_of: datetime
    tapped_again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SentEntry:
    """One Save on a tablet. Times are the tablet's. `shown` None: no grade was; `gate` None: the page asked it here."""

    id: UUID
    kind: str
    participant: int
    person: int
    fields: Mapping[str, Sequence[str]]
    opened_at: datetime
    kept_at: datetime
    sent_at: datetime
    rules: str
    shown: Mapping[str, Any] | None
    gate: GateShown | None

    @property
    def typed(self) -> QueryDict:
        """As a form gets it."""
        typed = QueryDict(mutable=True)
        for name, values in self.fields.items():
            typed.setlist(name, list(values))
        return typed

    @property
    def digest(self) -> str:
        """SHA-256 of what stays the same however often it is sent."""
        fields = {name: list(values) for name, values in sorted(self.fields.items())}
        content = [self.kind, self.participant, self.person, fields, self.opened_at.timestamp()]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def entries_in(body: bytes) -> list[SentEntry]:
    """Raises InvalidInput, at the place in the body."""
    try:
        read = loads(body)
    except UnreadableJSON as error:
        raise InvalidInput("unreadable_body", detail=error.detail) from None
    if not isinstance(read, dict) or set(read) != {"entries"} or not isinstance(read["entries"], list):
        raise InvalidInput("outbox_shape")
    if len(read["entries"]) > MOST_ENTRIES:
        raise InvalidInput.at("entries", "outbox_too_many", most=MOST_ENTRIES)
    return [_entry(one, f"entries[{place}]") for place, one in enumerate(read["entries"])]


def _entry(read: Any, place: str) -> SentEntry:
    values = _object(read, place, NAMES, may_lack=MAY_LACK)
    kind = _text(values["kind"], f"{place}.kind")
    if kind not in KINDS:
        raise InvalidInput.at(f"{place}.kind", "entry_kind", known=", ".join(KINDS))
    entry = SentEntry(
        id=_uuid(values["id"], f"{place}.id"),
        kind=kind,
        participant=_key(values["participant"], f"{place}.participant"),
        person=_key(values["person"], f"{place}.person"),
        fields=_fields(values["fields"], f"{place}.fields"),
        opened_at=_instant(values["opened_at"], f"{place}.opened_at"),
        kept_at=_instant(values["kept_at"], f"{place}.kept_at"),
        sent_at=_instant(values["tablet_now"], f"{place}.tablet_now"),
        rules=_text(values["rules"], f"{place}.rules"),
        shown=_shown(values.get("shown"), f"{place}.shown"),
        gate=_gate(values.get("gate"), f"{place}.gate"),
    )
    if list(entry.fields.get("id", ())) != [str(entry.id)]:
        raise InvalidInput.at(f"{place}.fields.id", "entry_id_differs")
    if entry.gate is not None and kind != "dose":
        raise InvalidInput.at(f"{place}.gate", "entry_unknown")
    return entry


def _object(read: Any, place: str, names: frozenset[str], *, may_lack: frozenset[str]) -> dict[str, Any]:
    if not isinstance(read, dict):
        raise InvalidInput.at(place, "entry_type", wanted="object")
    if lacking := sorted(names - may_lack - set(read)):
        raise InvalidInput.at(f"{place}.{lacking[0]}", "entry_lacks")
    if unknown := sorted(set(read) - names):
        raise InvalidInput.at(f"{place}.{unknown[0][:40]}", "entry_unknown")
    return read


def _text(read: Any, place: str, *, longest: int = 100) -> str:
    if not isinstance(read, str):
        raise InvalidInput.at(place, "entry_type", wanted="text")
    if len(read) > longest:
        raise InvalidInput.at(place, "entry_too_long", most=longest)
    if not _is_storable(read):
        raise InvalidInput.at(place, "entry_characters")
    return read


def _is_storable(text: str) -> bool:
    """No zero byte, which no text of the database holds, and no half of a pair, which no UTF-8 does."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def _key(read: Any, place: str) -> int:
    if type(read) is not int or not 0 < read <= LONGEST_ID:
        raise InvalidInput.at(place, "entry_type", wanted="key")
    return read


def _uuid(read: Any, place: str) -> UUID:
    text = _text(read, place)
    try:
        known = UUID(text)
    except ValueError:
        raise InvalidInput.at(place, "entry_type", wanted="UUID") from None
    if str(known) != text:
        raise InvalidInput.at(place, "entry_type", wanted="UUID")
    return known


def _instant(read: Any, place: str) -> datetime:
    text = _text(read, place)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput.at(place, "not_an_instant") from None
    if instant.tzinfo is None:
        raise InvalidInput.at(place, "needs_offset")
    if not 1970 <= instant.year <= 9000:  # room on both sides for what is added to it; a clock that fell back says 1970
        raise InvalidInput.at(place, "not_an_instant")
    return instant


def _fields(read: Any, place: str) -> dict[str, list[str]]:
    if not isinstance(read, dict):
        raise InvalidInput.at(place, "entry_type", wanted="object")
    if len(read) > MOST_FIELDS:
        raise InvalidInput.at(place, "entry_too_long", most=MOST_FIELDS)
    return {_text(name, place): _values(values, f"{place}.{name[:40]}") for name, values in read.items()}


def _values(read: Any, place: str) -> list[str]:
    if not isinstance(read, list):
        raise InvalidInput.at(place, "entry_type", wanted="list")
    if len(read) > MOST_VALUES:
        raise InvalidInput.at(place, "entry_too_long", most=MOST_VALUES)
    return [_text(one, place, longest=200_000) for one in read]


def _shown(read: Any, place: str) -> dict[str, Any] | None:
    if read is None:
        return None
    values = _object(read, place, frozenset({"grade", "at_least", "at_most", "flags"}), may_lack=frozenset())
    for name in ("grade", "at_least", "at_most"):
        if type(values[name]) is not int or not -1 <= values[name] <= 5:
            raise InvalidInput.at(f"{place}.{name}", "entry_type", wanted="grade")
    return values | {"flags": _values(values["flags"], f"{place}.flags")}


def _gate(read: Any, place: str) -> GateShown | None:
    if read is None:
        return None
    values = _object(read, place, frozenset({"answer", "as_of", "tapped_again"}), may_lack=frozenset())
    if not isinstance(values["tapped_again"], bool):
        raise InvalidInput.at(f"{place}.tapped_again", "entry_type", wanted="true or false")
    return GateShown(
        answer=_text(values["answer"], f"{place}.answer", longest=20),
        as_of=_instant(values["as_of"], f"{place}.as_of"),
        tapped_again=values["tapped_again"],
    )

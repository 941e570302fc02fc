"""What is doubtful about an entry, as what an error says at each field."""

from collections.abc import Iterable

from crsmonitor.errors import Message
from grading.rules.grades.entry.checks import Doubt


def by_field(doubts: Iterable[Doubt]) -> dict[str, list[Message]]:
    fields: dict[str, list[Message]] = {}
    for doubt in doubts:
        fields.setdefault(doubt.field, []).append(Message(doubt.code, doubt.values))
    return fields

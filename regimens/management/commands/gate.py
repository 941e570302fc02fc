"""manage.py gate: one case of a next dose a line in, one answer a line out, both JSON, in order. No database."""

from typing import Any

from crsmonitor.formats.jsonl_command import JsonLinesCommand, answered
from regimens.library import plan_named
from regimens.rules.gate.contract import answer
from regimens.rules.reading import CaseError


def answer_line(line: bytes) -> tuple[dict[str, Any], bool]:
    """The answer to one line, and whether it was a valid case."""
    return answered(line, lambda case: answer(case, plan_named), CaseError)


class Command(JsonLinesCommand):
    help = "May the next dose be given: one JSON object a line on standard input, one answer a line on standard output."
    answer_line = staticmethod(answer_line)

"""manage.py design: one case of the workbench a line in, one answer a line out, both JSON, in order. No database."""

from typing import Any

from crsmonitor.formats.jsonl_command import JsonLinesCommand, answered
from regimens.design.contract.kinds import answer_case
from regimens.rules.reading import CaseError


def answer_line(line: bytes) -> tuple[dict[str, Any], bool]:
    """The answer to one line, and whether it was a valid case."""
    return answered(line, answer_case, CaseError)


class Command(JsonLinesCommand):
    help = "The design workbench: one JSON object a line on standard input, one answer a line on standard output."
    each_alone = True
    answer_line = staticmethod(answer_line)

"""manage.py grade: one JSON case a line in, one JSON answer a line out, in the same order. No database."""

from typing import Any

from crsmonitor.formats.jsonl_command import JsonLinesCommand, answered, lines_of_answers
from grading.management.cases.telling import quick_answer
from grading.rules.contract.contract import answer
from regimens.rules.reading import CaseError


def answer_line(line: bytes) -> tuple[dict[str, Any], bool]:
    """The answer to one line, and whether it was a valid case."""
    return answered(line, answer, CaseError)


class Command(JsonLinesCommand):
    help = "Grade cases: one JSON object a line on standard input, one answer a line on standard output."
    answer_line = staticmethod(answer_line)
    has_fractions = False

    def answered_lines(self, lines: list[bytes]) -> tuple[str, int]:
        """Plain cases quickly; the contract reads and answers every other."""
        texts, wrong = [], 0
        for line in lines:
            text = quick_answer(line)
            if text is None:
                answer, valid = answer_line(line)
                text, wrong = lines_of_answers([answer], quickly=True), wrong + (not valid)
            texts.append(text)
        return "".join(texts), wrong

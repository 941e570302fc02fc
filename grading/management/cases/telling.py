"""An answer as its line, of parts that were written before: the same line as the contract's answer, to the byte."""

from functools import lru_cache

from crsmonitor.formats.jsonl_command import ENCODER
from grading.management.cases.reading import grade_of
from grading.rules.grades.graded import CRITERIA, VERSION, Graded, Reason

REMEMBERED = 65_536
END = f'],"criteria":{ENCODER.encode(CRITERIA)},"version":{ENCODER.encode(VERSION)}}}\n'
# By identity: reasons are remembered themselves, and to compare two takes longer than to write one. Each is kept with
# its text, so that no other can have its identity.
_WRITTEN: dict[int, tuple[str, Reason]] = {}


def quick_answer(line: bytes) -> str | None:
    """The line that answers a plain case. None: the contract is to read it."""
    if (answered := grade_of(line)) is None:
        return None
    case_id, one = answered
    return answer_line(case_id, one) if case_id.isprintable() else None


def answer_line(case_id: str, one: Graded) -> str:
    """Of an id without anything that JSON escapes."""
    grade, least, most, reasons, missing, flags = one
    return (
        f'{{"id":"{case_id}","grade":{grade},"at_least":{least},"at_most":{most},"reasons":['
        f'{",".join([_written(why) for why in reasons])}],"missing":[{_listed(missing)}],"flags":[{_listed(flags)}{END}'
    )


def _written(why: Reason) -> str:
    known = _WRITTEN.get(id(why))
    if known is not None:
        return known[0]
    if len(_WRITTEN) >= REMEMBERED:
        _WRITTEN.clear()
    text = ENCODER.encode({"code": why.code, "text": why.text})
    _WRITTEN[id(why)] = (text, why)
    return text


@lru_cache(maxsize=REMEMBERED)
def _listed(words: tuple[str, ...]) -> str:
    return ",".join([ENCODER.encode(word) for word in words])

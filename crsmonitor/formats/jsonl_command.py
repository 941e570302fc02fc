"""A stateless command: one JSON case a line in, one JSON answer a line out, in the same order. No database."""

import codecs
import gc
import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Protocol

import msgspec
from django.core.management.base import BaseCommand, CommandError

from crsmonitor.formats.strict_json import UnreadableJSON, loads

READ_BYTES = 1 << 16
BOM = b"\xef\xbb\xbf"  # Windows tools put it before the first line
INTERRUPTED = 130  # what a shell expects of Ctrl-C
ENCODER = json.JSONEncoder(separators=(",", ":"))
_QUICK = msgspec.json.Encoder()
SHOWN = 60  # characters of a stranger's text that an error repeats
Answer = Callable[[object], dict[str, Any]]


class RefusedCase(Protocol):
    """What a contract raises of a case it does not know. `id` and `field`: None where there is none."""

    code: str
    detail: str
    field: str | None
    id: object


def lines_as_they_come(stream: BinaryIO) -> Iterator[list[bytes]]:
    """All whole lines that have arrived, so that a tool may wait for each answer before its next case."""
    read = getattr(stream, "read1", stream.read)
    rest: list[bytes] = []
    while chunk := read(READ_BYTES):
        if b"\n" not in chunk:
            rest.append(chunk)
            continue
        lines = (b"".join(rest) + chunk).split(b"\n")
        rest = [lines.pop()]
        yield lines
    if last := b"".join(rest):
        yield [last]


def answered(line: bytes, answer: Answer, refusal: type[Exception]) -> tuple[dict[str, Any], bool]:
    """The answer to one line, and whether it was a valid case."""
    if not line.strip():
        return _error("empty_line", "the line is empty"), False
    try:
        return answer(loads(line)), True
    except UnreadableJSON as error:
        twice = None if error.twice is None else error.twice[:SHOWN]
        given = (error.owner or {}).get("id")
        return _error(error.code, error.detail, twice, given if isinstance(given, str) else None), False
    except refusal as error:
        refused: RefusedCase = error  # type: ignore[assignment]
        return _error(refused.code, refused.detail, refused.field, refused.id), False


def _error(code: str, detail: str, field: str | None = None, case_id: object = None) -> dict[str, Any]:
    return {"id": case_id, "error": {"code": code, "detail": detail, "field": field}}


def _json_escapes(error: UnicodeError) -> tuple[str, int]:
    """What is beyond ASCII, as JSON escapes it."""
    assert isinstance(error, UnicodeEncodeError)
    return ENCODER.encode(error.object[error.start : error.end])[1:-1], error.end


_ESCAPES = "crsmonitor.json"
codecs.register_error(_ESCAPES, _json_escapes)


def lines_of_answers(answers: list[dict[str, Any]], *, quickly: bool) -> str:
    """A line each. `quickly`: they hold no fractions, which the quick writer would round to other digits."""
    if quickly:
        try:
            lines = _QUICK.encode_lines(answers)
        except UnicodeEncodeError:  # half of a character, in an id: JSON may escape it, and UTF-8 has it not
            lines = b"\\"
        if b"\\" not in lines and b"\x7f" not in lines:  # of which the one or the other escapes more
            return lines.decode() if lines.isascii() else lines.decode().encode("ascii", _ESCAPES).decode()
    return "".join([ENCODER.encode(answer) + "\n" for answer in answers])


class JsonLinesCommand(BaseCommand):
    """A contract as a command; what is left to say is `answer_line`."""

    requires_system_checks = []
    each_alone = False  # an answer may take seconds: it leaves before the next case is looked at
    has_fractions = True  # in its answers, as numbers

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Nothing to choose: the contract is the whole interface."""

    def answer_line(self, line: bytes) -> tuple[dict[str, Any], bool]:
        """The answer to one line, and whether it was a valid case."""
        raise NotImplementedError

    def answered_lines(self, lines: list[bytes]) -> tuple[str, int]:
        """The answers to these, a line each, and how many were not valid cases."""
        answers = [self.answer_line(line) for line in lines]
        text = lines_of_answers([answer for answer, _ in answers], quickly=not self.has_fractions)
        return text, sum([not valid for _, valid in answers])

    def handle(self, *args: object, **options: object) -> None:
        cases = refused = 0
        gc.freeze()  # what is loaded stays: no look at it again while answers by the thousand come and go
        try:
            for lines in lines_as_they_come(sys.stdin.buffer):
                if cases == 0:
                    lines[0] = lines[0].removeprefix(BOM)
                for together in ([line] for line in lines) if self.each_alone else (lines,):
                    text, wrong = self.answered_lines(together)
                    cases, refused = cases + len(together), refused + wrong
                    self.stdout.write(text, ending="")
                    self.stdout.flush()
        except BrokenPipeError:
            # The reader left. Python would complain once more when it flushes at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(1) from None
        except KeyboardInterrupt:
            raise SystemExit(INTERRUPTED) from None
        if refused:
            raise CommandError(f"{refused} of {cases} lines were not valid cases", returncode=1)

"""manage.py grade: one JSON case a line in, one JSON answer a line out, in the same order. No database."""

import gc
import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from grading.rules.contract import CaseError, answer

READ_BYTES = 1 << 16
BOM = b"\xef\xbb\xbf"  # Windows tools put it before the first line
INTERRUPTED = 130  # what a shell expects of Ctrl-C


def _no_constant(name: str) -> object:
    raise CaseError("invalid_json", f"{name} is not a JSON number")


def _exact(written: str) -> Decimal:
    try:
        return Decimal(written)
    except InvalidOperation:  # an exponent beyond what Decimal can hold
        raise CaseError("invalid_json", "a number is too large to read") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Two values under one name: nobody knows which one was meant."""
    read = dict(pairs)
    if len(read) == len(pairs):
        return read
    seen: set[str] = set()
    twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
    given = read.get("id")
    raise CaseError("duplicate_key", "a name is given twice", twice[:60], given if isinstance(given, str) else None)


DECODER = json.JSONDecoder(parse_float=_exact, parse_constant=_no_constant, object_pairs_hook=_once)
ENCODER = json.JSONEncoder(separators=(",", ":"))


def answer_line(line: bytes) -> tuple[dict[str, Any], bool]:
    """The answer to one line, and whether it was a valid case."""
    try:
        return answer(_read(line)), True
    except CaseError as error:
        told = {"code": error.code, "detail": error.detail, "field": error.field}
        return {"id": error.id, "error": told}, False


def _read(line: bytes) -> object:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise CaseError("invalid_utf8", "the line is not UTF-8") from None
    if not text.strip():
        raise CaseError("empty_line", "the line is empty")
    try:
        return DECODER.decode(text)
    except RecursionError:
        raise CaseError("invalid_json", "the line is nested too deeply") from None
    except ValueError as error:  # also a whole number of thousands of digits
        where = f": {error.msg} at column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise CaseError("invalid_json", f"the line is not JSON{where}") from None


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


class Command(BaseCommand):
    help = "Grade cases: one JSON object a line on standard input, one answer a line on standard output."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Nothing to choose: the contract is the whole interface."""

    def handle(self, *args: object, **options: object) -> None:
        cases = refused = 0
        gc.freeze()  # what is loaded stays: no look at it again while answers by the thousand come and go
        try:
            for lines in lines_as_they_come(sys.stdin.buffer):
                if cases == 0:
                    lines[0] = lines[0].removeprefix(BOM)
                answers = [answer_line(line) for line in lines]
                cases += len(answers)
                refused += sum(not valid for _, valid in answers)
                self.stdout.write("".join(ENCODER.encode(told) + "\n" for told, _ in answers), ending="")
                self.stdout.flush()
        except BrokenPipeError:
            # The reader left. Python would complain once more when it flushes at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(1) from None
        except KeyboardInterrupt:
            raise SystemExit(INTERRUPTED) from None
        if refused:
            raise CommandError(f"{refused} of {cases} lines were not valid cases", returncode=1)

"""The process that computes one run, and nothing else: `python -m regimens.runs.child`. No Django, no database.

In: one line of JSON, `{"kind": ..., "input": ...}`. Out, a JSON object a line: `{"done": n, "of": m}` as it goes on,
and at the end `{"answer": text, "cpu_s": s}` or `{"error": {"code", "detail", "field"}}`. The text is the result, byte
by byte: names sorted, numbers as Python writes them.
"""

import json
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any, TextIO

from crsmonitor.formats.strict_json import loads
from regimens.design.contract import kinds
from regimens.rules.canonical import text_of_json
from regimens.rules.reading import CaseError

TELL_S = 0.2  # of a second between two lines of progress


def computed(kind: str, text: str, progress: Callable[[int, int], None]) -> str:
    """The result of this input. Raises CaseError."""
    return text_of_json(kinds.answer(kind, loads(text), progress=progress))


class Teller:
    """Lines of progress, not more of them than anybody reads."""

    def __init__(self, out: TextIO, clock: Callable[[], float]) -> None:
        self.out, self.clock, self.next = out, clock, 0.0

    def progress(self, done: int, of: int) -> None:
        if done >= of or self.clock() >= self.next:
            self.next = self.clock() + TELL_S
            self.line({"done": done, "of": of})

    def line(self, content: dict[str, Any]) -> None:
        print(json.dumps(content), file=self.out, flush=True)


def main() -> None:
    teller = Teller(sys.stdout, time.monotonic)
    order = json.loads(sys.stdin.readline())
    try:
        answer = computed(order["kind"], order["input"], teller.progress)
    except CaseError as error:
        teller.line({"error": {"code": error.code, "detail": error.detail, "field": error.field}})
    except Exception as error:  # the edge of this process: the run says that it broke, the log where; never with what
        teller.line({"error": {"code": "run_broke", "detail": type(error).__name__, "field": None}})
        traceback.print_tb(error.__traceback__)
        sys.exit(1)
    else:
        teller.line({"answer": answer, "cpu_s": round(time.process_time(), 3)})


if __name__ == "__main__":
    main()

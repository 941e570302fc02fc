"""Asking a tablet and Python the same, many questions at once, and where they differ."""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from grading.tablet.asked import answer

AT_ONCE = 200


def differences(questions: Iterable[dict], ask: Callable[[dict], str]) -> Iterator[tuple[dict, object, object]]:
    """Each question that is not answered alike to the byte, with Python's answer and the tablet's."""
    waiting = iter(questions)
    while some := list(islice(waiting, AT_ONCE)):
        together = {"ask": "many", "questions": some}
        expected, given = written(answer(json.loads(json.dumps(together)))), ask(together)
        if expected == given:
            continue
        for question in some:
            alone, there = written(answer(json.loads(json.dumps(question)))), ask(question)
            if alone != there:
                yield question, alone, there


def written(answer: dict) -> str:
    """As JSON, in the order in which it was put together."""
    return json.dumps(answer, ensure_ascii=False)

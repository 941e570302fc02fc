"""The sweep of the whole library as Markdown: docs/gate_sweep.md is what this writes."""

from collections.abc import Iterable

from regimens.library import names, plan_named
from regimens.rules.gate.answer import Answer, Decision
from regimens.rules.gate.sweep import WAYS, Transition, transitions

HEAD = """# Where the gate goes on and where it holds

Made by `manage.py gate_sweep > docs/gate_sweep.md`; a test compares it. Every transition of every regimen of the
library, under each region's label, is asked on its printed day with everything clear ("on the day"); then with CRS or
ICANS of that grade since the last dose, resolved; then on the last day that is no delay ("late"). Where no source
prints the day it is asked after 7 days, and the day is "?". A hold names its one thing to do; the words stand below
each table. What a study sets in its own regimen replaces what the library does not know.
"""


def sweep() -> list[Transition]:
    return [transition for name in names() for transition in transitions(plan_named(name))]


def as_markdown(swept: Iterable[Transition]) -> str:
    swept = list(swept)
    lines = [HEAD, *_counts(swept)]
    for name in dict.fromkeys(one.plan.id for one in swept):
        lines += _regimen(name, [one for one in swept if one.plan.id == name])
    return "\n".join(lines)


def _counts(swept: list[Transition]) -> list[str]:
    lines = ["| asked | go | restart | hold | stop |", "| --- | --- | --- | --- | --- |"]
    for way in WAYS:
        decisions = [one.answers[way].decision for one in swept if way in one.answers]
        counts = [sum(decision is wanted for decision in decisions) for wanted in _ORDER]
        lines.append(f"| {way} | {' | '.join(map(str, counts))} |")
    return [*lines, ""]


_ORDER = (Decision.GO, Decision.RESTART, Decision.HOLD, Decision.STOP)


def _regimen(name: str, swept: list[Transition]) -> list[str]:
    lines = [f"## {name}", "", f"| label of | after | next | days | {' | '.join(WAYS)} |"]
    lines.append("|" + " --- |" * (4 + len(WAYS)))
    for one in swept:
        times = f" ({one.doses} in a row)" if one.doses > 1 else ""
        cells = [_cell(one.answers[way]) if way in one.answers else "–" for way in WAYS]
        days = "?" if one.day is None else str(one.day)
        row = [one.variant or "–", one.last + times, one.next_step or "–", days, *cells]
        lines.append(f"| {' | '.join(row)} |")
    held = {line: None for one in swept for answer in one.answers.values() for line in _to_do(answer)}
    return [*lines, "", *held, *([""] if held else [])]


def _to_do(answer: Answer) -> list[str]:
    """The words of a hold, and what they were read from. Empty: nothing holds."""
    if answer.to_do is None:
        return []
    criterion = next(one for one in answer.criteria if one.to_do == answer.to_do)
    source = f"; {criterion.source}" if criterion.source else ""
    return [f"- {answer.to_do.code}: {answer.to_do.text} ({criterion.code}{source})"]


def _cell(answer: Answer) -> str:
    if answer.decision in (Decision.HOLD, Decision.STOP):
        assert answer.to_do is not None
        return f"{answer.decision.value}: {answer.to_do.code}"
    return f"restart {answer.step}" if answer.decision is Decision.RESTART else "go"

"""Queries by the file: each line a step under a key of the sender's. A dry run does all of it and takes it back.

The same file twice does nothing: by study and key a step has the same id (UUID v5), and the same step is kept once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import DomainError, InvalidInput, Message
from crsmonitor.formats.csv_lines import Line
from grading.models import QueryStep
from grading.queries.selectors import thread_for
from grading.queries.services import AboutRecord, StepBy, move_query, open_query
from grading.rules.queries.thread import QueryMove
from regimens.facts import Source
from regimens.selectors import participants_for

KEYS = UUID("6f0e0f0c-3a59-5d0e-9a34-5a1f6f9d1c55")  # of ours alone
COLUMNS = ("key", "action", "text")
OPTIONAL = ("query", "study", "participant", "kind", "record", "field")
ACTIONS = {
    "open": QueryMove.OPENED, "answer": QueryMove.ANSWERED, "close": QueryMove.CLOSED, "reopen": QueryMove.REOPENED,
}  # fmt: skip
MOST_KEY = 60
MOST_LINES = 500  # each is a step of its own, done while the page waits
# Where a fault of a line stands, by its code or the field of the service.
_PLACES = {
    "move": "action", "role_forbids": "action", "id_used": "key", "no_such_query": "query",
    "no_such_participant": "participant", "no_such_record": "record",
}  # fmt: skip

Problems = list[tuple[int, str, Message]]  # place of the line, its column, what is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOutcome:
    """What a line does. `is_new` False: it was done before, and nothing is done."""

    line: Line
    move: QueryMove
    is_new: bool


def id_of(study: str, key: str) -> UUID:
    """Of the step that this key names in this study."""
    return uuid5(KEYS, f"{study}/{key}")


def dry_run(lines: Sequence[Line], *, by: User, at: datetime) -> tuple[list[LineOutcome], Problems]:
    """What the lines would do, in their order, and what is wrong with them. Nothing is kept."""
    with transaction.atomic():
        outcomes, problems = _done(lines, by=by, at=at)
        transaction.set_rollback(True)
    return outcomes, problems


@transaction.atomic
def take_in(lines: Sequence[Line], *, by: User, at: datetime) -> list[LineOutcome]:
    """Do what the lines say, all or nothing. Raises InvalidInput where one is wrong since the dry run."""
    outcomes, problems = _done(lines, by=by, at=at)
    for place, column, problem in problems:
        wrong = lines[place].wrong(column, problem)
        raise InvalidInput("csv_lines_wrong", fields={"file": [wrong]})
    return outcomes


def _done(lines: Sequence[Line], *, by: User, at: datetime) -> tuple[list[LineOutcome], Problems]:
    outcomes: list[LineOutcome] = []
    problems: Problems = [*_twice(lines)]
    for place, line in enumerate(lines):
        try:
            with transaction.atomic():
                outcomes.append(_step(line, by=by, at=at))
        except DomainError as error:
            problems.append((place, *_placed(error)))
    return outcomes, sorted(problems, key=lambda one: one[0])


def _twice(lines: Iterable[Line]) -> Iterable[tuple[int, str, Message]]:
    seen: dict[tuple[str, str], Line] = {}
    for place, line in enumerate(lines):
        first = seen.setdefault((line.cells["study"], line.cells["key"]), line)
        if first is not line and line.cells["key"]:
            yield place, "key", Message("key_twice", {"line": first.number})


def _placed(error: DomainError) -> tuple[str, Message]:
    field = next(iter(error.fields), "")
    place = _PLACES.get(error.message.code) or _PLACES.get(field) or field or "key"
    return place, error.message


def _step(line: Line, *, by: User, at: datetime) -> LineOutcome:
    cells = line.cells
    if not cells["key"] or len(cells["key"]) > MOST_KEY:
        raise InvalidInput.at("key", "key_needed", most=MOST_KEY)
    move = ACTIONS.get(cells["action"].lower())
    if move is None:
        raise InvalidInput.at("action", "one_of", choices=", ".join(ACTIONS))
    if move is QueryMove.OPENED:
        about, study = _about(cells, by)
        step = _by(study, cells["key"], by=by, at=at)
        is_new = not QueryStep.objects.filter(pk=step.id).exists()
        open_query(about, cells["text"], step=step)
        return LineOutcome(line=line, move=move, is_new=is_new)
    query = _query(cells)
    thread = thread_for(by, query)
    step = _by(thread.query.participant.study.code, cells["key"], by=by, at=at)
    is_new = not QueryStep.objects.filter(pk=step.id).exists()
    move_query(query, move, cells["text"], step=step)
    return LineOutcome(line=line, move=move, is_new=is_new)


def _by(study: str, key: str, *, by: User, at: datetime) -> StepBy:
    return StepBy(id=id_of(study, key), by=by, at=at, source=Source.IMPORT, key=key)


def _about(cells: dict[str, str], by: User) -> tuple[AboutRecord, str]:
    here = participants_for(by, Act.SEE_WARD).filter(study__code=cells["study"], number=cells["participant"])
    participant = here.select_related("study").first()
    if participant is None:
        raise InvalidInput.at("participant", "no_such_participant")
    root = _uuid(cells["record"])
    if root is None:
        raise InvalidInput.at("record", "no_such_record")
    about = AboutRecord(participant_id=participant.pk, kind=cells["kind"], root=root, field=cells["field"])
    return about, participant.study.code


def _query(cells: dict[str, str]) -> UUID:
    """As an id, or by the key of the line that opened it."""
    return _uuid(cells["query"]) or id_of(cells["study"], cells["query"])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

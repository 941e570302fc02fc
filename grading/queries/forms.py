"""A question about a record, what is said to one, and which queries a list shows."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from crsmonitor.accounts.models import User
from crsmonitor.errors import InvalidInput
from crsmonitor.formats.csv_form import CsvForm
from crsmonitor.formats.csv_lines import Line
from crsmonitor.pages.error_forms import ShowsErrors
from grading.queries.files import COLUMNS, MOST_LINES, OPTIONAL, LineOutcome, dry_run
from grading.queries.services import LONGEST
from grading.queries.words import STATES
from grading.review.trail.words import field_word
from grading.rules.queries.thread import QueryMove, QueryState
from regimens.models import Study

LATER = [move for move in QueryMove if move is not QueryMove.OPENED]
WAITING = "waiting"


class AskForm(ShowsErrors, forms.Form):
    """A query about a field of a record of this kind, or about the record."""

    id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    field = forms.ChoiceField(required=False)
    text = forms.CharField(max_length=LONGEST, error_messages={"required": _l("Write what you want to say.")})

    def __init__(self, data: Any, *, table: str, fields: Iterable[str], field: str = "") -> None:
        super().__init__(data, auto_id="ask_%s", initial={"field": field})
        chosen = [(name, field_word(name, table=table)) for name in fields]
        self.fields["field"].choices = [("", _l("the whole record")), *chosen]


class MoveForm(ShowsErrors, forms.Form):
    """An answer, a closing, or a query opened again: the button says which."""

    id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    move = forms.TypedChoiceField(choices=[(move.value, move.value) for move in LATER], coerce=QueryMove)
    text = forms.CharField(max_length=LONGEST, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="move_%s")


class QueryFileForm(CsvForm):
    """`outcomes`: what each line would do, once the file is valid. `lines`: as they were read."""

    columns, optional = COLUMNS, OPTIONAL

    def __init__(self, data: Any, files: Any, *, by: User, at: datetime) -> None:
        super().__init__(data, files, auto_id="queries_%s")
        self._by, self._at = by, at
        self.lines: list[Line] = []
        self.outcomes: list[LineOutcome] = []

    def read(self, lines: list[Line]) -> None:
        if len(lines) > MOST_LINES:
            raise InvalidInput.at("file", "csv_too_long", most=MOST_LINES)
        self.lines = lines
        self.outcomes, problems = dry_run(lines, by=self._by, at=self._at)
        if problems:
            wrong = [lines[place].wrong(column, problem) for place, column, problem in problems]
            raise InvalidInput("csv_lines_wrong", fields={"file": wrong})


class QueriesForm(forms.Form):
    """The filters of the list. `state` empty: all; by default what waits."""

    study = forms.ChoiceField(required=False)
    state = forms.ChoiceField(
        required=False,
        choices=[(WAITING, _l("not closed")), *((state.value, STATES[state]) for state in QueryState), ("", _l("all"))],
    )
    participant = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, studies: Iterable[Study]) -> None:
        super().__init__(data if data else {"state": WAITING}, auto_id="queries_%s")
        self.fields["study"].choices = [("", _l("all")), *((one.code, one.code) for one in studies)]
        for name in ("study", "state"):
            self.fields[name].widget.attrs["class"] = "box"

    def states(self) -> list[QueryState]:
        chosen = self.cleaned_data["state"]
        if chosen == WAITING:
            return [QueryState.OPEN, QueryState.ANSWERED]
        return [QueryState(chosen)] if chosen else list(QueryState)

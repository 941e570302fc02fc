"""What is in a certified copy: every table that hangs on a participant, unless it is named here with the reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from grading import models as grading
from regimens import models as regimens
from regimens.facts import Fact

Table = type[Model]

# Of these nothing is in a copy.
NOT_IN: Mapping[Table, str] = {
    regimens.ClientId: "which submissions came in; what came of them are the facts",
    grading.ConditionCheck: "when a sweep looks next",
    grading.CurrentState: "the row of the board, of the facts and grades that are there",
    grading.Checkpoint: "where a derivation goes on, of the facts that are there",
    grading.PeriodChange: "in which transaction rows became others",
    grading.ExportLine: "rows of ADCRSP as they leave, of the dose periods that are there",
    grading.DowntimeSheet: "paper, of what is there",
    grading.Delivery: "how messages left, with addresses of staff; who was called is in the escalations",
    grading.CertifiedCopy: "what was taken away; that it was is in the audit trail",
    grading.CopyFile: "what was taken away",
}
# Too long to be read on paper: the attached files have all of it, the pages say how much.
COUNTED: frozenset[Table] = frozenset({grading.DeviceReading})
SECTIONS: Mapping[str, tuple[Table, ...]] = {
    "participant": (regimens.Participant, regimens.CohortChange, regimens.Transfer),
    "facts": (),  # every kind of fact there is
    "derived": (grading.DosePeriod, grading.Episode, grading.Grade),
    "alerts": (grading.Alert, grading.AlertEvent, grading.Escalation, grading.AlertAction),
    "signatures": (regimens.Signature, regimens.SignatureVoid),
    "others": (),  # whatever else hangs on a participant
}
_TIMES = ("observed_at", "raised_at", "started_at", "at", "opened_at", "received_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyTable:
    """`column`: of the participant, or of a row of `parent`, which has it in `parent_column`."""

    model: Table
    section: str
    column: str
    parent: Table | None = None
    parent_column: str = ""

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    def rows_sql(self) -> str:
        """Its rows of one participant as the trail writes rows, in order of time. The names are our models' own."""
        quote = connection.ops.quote_name
        mine = f"t.{quote(self.column)} = %s"
        if self.parent is not None:
            of_parent = (
                f"SELECT p.id FROM {quote(self.parent._meta.db_table)} p WHERE p.{quote(self.parent_column)} = %s"  # noqa: S608
            )
            mine = f"t.{quote(self.column)} IN ({of_parent})"
        order = ", ".join(self._order(quote))
        return f"SELECT to_jsonb(t)::text FROM {quote(self.name)} t WHERE {mine} ORDER BY {order}"  # noqa: S608

    def _order(self, quote: Callable[[str], str]) -> list[str]:
        columns = [str(field.column) for field in self.model._meta.concrete_fields]
        key = self.model._meta.pk
        assert key is not None
        terms = [f"t.{quote(name)}" for name in [name for name in _TIMES if name in columns][:1]]
        if issubclass(self.model, Fact):  # of two versions of one instant the later one last
            terms += ["t.recorded_at", "t.supersedes_id IS NOT NULL"]
        return [*terms, f"t.{quote(str(key.column))}"]


@cache
def tables() -> tuple[CopyTable, ...]:
    """In the order of the copy: a new kind of record is in it without being named."""
    order = list(SECTIONS)
    in_copy = [table for model in apps.get_models() if model not in NOT_IN and (table := _table(model)) is not None]
    return tuple(sorted(in_copy, key=lambda one: (order.index(one.section), _place(one), one.name)))


def _table(model: Any) -> CopyTable | None:
    """None: it does not hang on a participant, or only by what it names besides."""
    if model is regimens.Participant:
        return CopyTable(model=model, section="participant", column="id")
    section = _section(model)
    for field in _relations(model):
        if field.related_model is regimens.Participant:
            return CopyTable(model=model, section=section, column=field.column)
    for field in _relations(model):
        parent = field.related_model
        if parent not in NOT_IN and parent is not model and not issubclass(parent, Fact):  # an alert, an import
            for own in _relations(parent):
                if own.related_model is regimens.Participant:
                    return CopyTable(
                        model=model, section=section, column=field.column, parent=parent, parent_column=own.column
                    )  # fmt: skip
    return None


def _relations(model: Any) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.is_relation]


def _section(model: Table) -> str:
    if issubclass(model, Fact):
        return "facts"
    return next((section for section, models in SECTIONS.items() if model in models), "others")


def _place(table: CopyTable) -> int:
    named = SECTIONS[table.section]
    return named.index(table.model) if table.model in named else 0

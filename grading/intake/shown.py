"""Rows of the queue as the page shows them: what is proposed beside what is on file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import DecimalField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from grading.intake.facts import ENDED_AT, MODELS
from grading.intake.words import reason_texts
from grading.models import IntakeRow, Treatment, VitalSigns
from grading.models.observations import DrugClass, Indication
from grading.rules.intake.reasons import Weight, has, reason_of
from grading.rules.intake.received import RowKind
from grading.templatetags.grading import at_site
from grading.words import wording
from regimens.facts import Fact
from regimens.models import Participant

LOOKS_BACK = timedelta(hours=24)  # how old a set may be that is shown beside a new one
KINDS: Mapping[RowKind, str | Promise] = {
    RowKind.VITALS: _l("Vital signs"), RowKind.NEURO: _l("Neuro assessment"), RowKind.TREATMENT: _l("Treatment"),
}  # fmt: skip
LABELS: Mapping[str, Any] = wording.MEASURED | {
    "temperature_site": _l("temperature site"), "oxygen_device": _l("oxygen"), "consciousness": _l("consciousness"),
    "drug": _l("drug"), "drug_class": _l("class"), "dose": _l("dose"), "unit": _l("unit"), "route": _l("route"),
    "indication": _l("indication"), ENDED_AT: _l("end"),
}  # fmt: skip
CODES: Mapping[str, Mapping[str, Any]] = {
    "oxygen_device": wording.DEVICES, "temperature_site": wording.TEMPERATURE_SITES,
    "consciousness": wording.CONSCIOUSNESS, "drug_class": dict(DrugClass.choices),
    "indication": dict(Indication.choices),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownField:
    label: str
    proposed: str
    on_file: str

    @property
    def differs(self) -> bool:
        return self.on_file not in ("", self.proposed)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedRow:
    """`file_at`: of what is on file; None: nothing is. `asks`: accepted only with a reason. `problem`: of a refusal."""

    row: IntakeRow
    kind: str
    fields: Sequence[ShownField]
    file_at: datetime | None
    reasons: Sequence[str]
    can_accept: bool
    asks: bool
    asks_indication: bool
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantQueue:
    participant: Participant
    rows: Sequence[QueuedRow]

    @property
    def plain(self) -> int:
        """How many nothing is to be asked of."""
        return sum(one.can_accept and not one.asks and not one.asks_indication for one in self.rows)


def groups(rows: Iterable[IntakeRow], problems: Mapping[UUID, str]) -> list[ParticipantQueue]:
    """By participant, in the order of the rows."""
    waiting = list(rows)
    corrected, before = _corrected(waiting), _before(waiting)
    shown = [_shown(row, corrected.get(row.supersedes) or before.get(row.pk), problems) for row in waiting]
    by_participant = groupby(shown, key=lambda one: one.row.participant)
    return [ParticipantQueue(participant=participant, rows=list(own)) for participant, own in by_participant]


def _corrected(rows: Sequence[IntakeRow]) -> dict[UUID | None, Fact]:
    """The versions that rows correct, by their keys."""
    facts: dict[UUID | None, Fact] = {}
    for kind, model in MODELS.items():
        keys = [row.supersedes for row in rows if row.kind == kind and row.supersedes is not None]
        facts |= {one.pk: one for one in model.objects.filter(pk__in=keys)} if keys else {}
    return facts


def _before(rows: Sequence[IntakeRow]) -> dict[UUID, Fact]:
    """Of each set the newest on file that is not younger, as long as it is not too old to compare with."""
    sets = [row for row in rows if row.kind == RowKind.VITALS]
    if not sets:
        return {}
    instants = [row.observed_at for row in sets]
    known = VitalSigns.objects.standing().filter(
        participant__in={row.participant_id for row in sets},
        observed_at__range=(min(instants) - LOOKS_BACK, max(instants)),
    )
    own: dict[int, list[VitalSigns]] = {}
    for one in known.order_by("-observed_at"):
        own.setdefault(one.participant_id, []).append(one)
    newest: dict[UUID, Fact] = {}
    for row in sets:
        span = (row.observed_at - LOOKS_BACK, row.observed_at)
        there = (one for one in own.get(row.participant_id, []) if span[0] <= one.observed_at <= span[1])
        if (last := next(there, None)) is not None:
            newest[row.pk] = last
    return newest


def _shown(row: IntakeRow, on_file: Fact | None, problems: Mapping[UUID, str]) -> QueuedRow:
    reasons = [reason_of(one) for one in row.reasons]
    return QueuedRow(
        row=row, kind=str(KINDS[RowKind(row.kind)]), fields=[_field(row, name, on_file) for name in _names(row)],
        file_at=None if on_file is None else on_file.observed_at, reasons=reason_texts(row.reasons),
        can_accept=not has(reasons, Weight.HOLDS), asks=has(reasons, Weight.ASKS),
        asks_indication=row.kind == RowKind.TREATMENT and not row.proposed.get("indication"),
        problem=problems.get(row.pk, ""),
    )  # fmt: skip


def _names(row: IntakeRow) -> list[str]:
    """In the order of the labels."""
    return [name for name in LABELS if name in row.proposed]


def _field(row: IntakeRow, name: str, on_file: Fact | None) -> ShownField:
    site = row.participant.site
    if name == ENDED_AT:
        ended = datetime.fromisoformat(row.proposed[name])
        return ShownField(label=str(LABELS[name]), proposed=str(at_site(ended, site)), on_file="")
    now = _word(name, row.proposed[name])
    then = None if on_file is None else getattr(on_file, name, None)
    return ShownField(label=str(LABELS[name]), proposed=now, on_file=_word(name, then))


def _word(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name in CODES:
        return str(CODES[name].get(value, value))
    measured = (VitalSigns, Treatment)
    is_number = any(
        isinstance(field, DecimalField) and field.name == name for one in measured for field in one._meta.fields
    )
    return wording.as_typed(Decimal(str(value))) if is_number else str(value)

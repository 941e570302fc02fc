"""The lines of a file as what every door hands to the queue, and what is wrong with which cell."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from grading.rules.drugs.devices import OxygenDevice, device_of
from grading.rules.grades.entry.limits import LIMITS, as_kept
from grading.rules.intake.files.instants import NoInstant, instant_of
from grading.rules.intake.files.mapping import BY_NUMBER, DEVICE, TEST_UNITS, TESTS, UNITS, Convert, FileMapping
from grading.rules.intake.files.text import FileTable, plain, trap_of
from grading.rules.intake.reasons import IntakeReason, reason
from grading.rules.intake.received import Received, RowKind, digest_of, key_of

_NUMBER = re.compile(r"[+-]?\d{1,6}(\.\d{1,20})?")
NOTHING = {"", "-", "--", "na", "n/a", "nd", "null", "none", "."}  # nobody looked


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFault:
    """What is wrong, in which line and column. The text of the cell is not told: it may be anything."""

    line: int
    column: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContext:
    """What a file does not say. `zone` None: each time has its offset. `subjects`: study number -> USUBJID.

    `sender`: study and site, of which a line is known by participant and instant.
    """

    sender: str
    zone: tzinfo | None
    at: datetime
    subjects: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class FileRead:
    """`entries`: one a line, by participant and time. `values`: how many of each field."""

    entries: list[Received] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    values: Counter[str] = field(default_factory=Counter)


def read(table: FileTable, mapping: FileMapping, around: FileContext) -> FileRead:
    """Every line: one that names no participant or instant is rejected; a cell that cannot be read is left out."""
    lines, result = [], FileRead()
    places = {name: table.header.index(name) for name in mapping.used}
    for number, cells in table.rows:
        named = {name: plain(cells[at]) for name, at in places.items() if at < len(cells)}
        line = _Line(number, named, mapping, around)
        lines.append(line.read(extra=len(cells) - len(table.header), cells=cells))
        result.faults += line.faults
    seen: Counter[str] = Counter()
    ordered = sorted(lines, key=lambda one: (one["subject"] or "", one["observed_at"] or around.at, one["line"]))
    for place, one in enumerate(ordered):
        # One value a line is known by its test too, so that lines in another order are the same.
        names = (around.sender, one["subject"] or "", f"{one['observed_at']}", *([one["test"]] if one["test"] else []))
        count = seen[key_of(*names)]
        seen[key_of(*names)] += 1
        gives = one["gives"]
        digest = digest_of([*names, gives]) if not one["rejected"] else digest_of([*names, one["line"]])
        kind = None if one["observed_at"] is None or one["is_other"] else RowKind.VITALS
        result.entries.append(Received(
            place=place, key=key_of("file", *names, str(count)), digest=digest, subject=one["subject"], kind=kind,
            observed_at=one["observed_at"], gives=gives, reasons=tuple(one["reasons"]),
        ))  # fmt: skip
        if not one["rejected"]:
            result.values.update(gives.keys())
    return result


class _Line:
    def __init__(self, number: int, cells: Mapping[str, str], mapping: FileMapping, around: FileContext) -> None:
        self.number, self.cells, self.mapping, self.around = number, cells, mapping, around
        self.faults: list[CellFault] = []
        self.reasons: list[IntakeReason] = []
        # Of one value a line: the code of its test, and whether it is one that no set has (a weight, a height).
        self.test = cells.get(mapping.test_column, "").upper() if mapping.is_long else ""
        self.is_other = mapping.is_long and self.test not in TESTS

    def read(self, *, extra: int, cells: Sequence[str]) -> dict[str, Any]:
        if any(cell.strip() for cell in cells[len(cells) - max(extra, 0) :]):
            return self._rejected("malformed", "", "line_too_many_cells")
        subject = self._subject()
        observed_at = self._instant()
        gives = {} if self._is_rejected else self._value() if self.mapping.is_long else self._values()
        if not self._is_rejected and not gives and not self.is_other:
            self._reject("no_value", "", "line_no_value")
        return self._kept(subject, observed_at, gives)

    @property
    def _is_rejected(self) -> bool:
        return any(one.code not in ("part_left_out", "value_dropped", "code_unknown") for one in self.reasons)

    def _kept(self, subject: str | None, at: datetime | None, gives: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "line": self.number, "subject": subject, "observed_at": at, "gives": gives, "reasons": self.reasons,
            "rejected": self._is_rejected, "test": self.test, "is_other": self.is_other,
        }  # fmt: skip

    def _rejected(self, code: str, column: str, fault: str) -> dict[str, Any]:
        self._reject(code, column, fault)
        return self._kept(None, None, {})

    def _reject(self, code: str, column: str, fault: str) -> None:
        self.reasons.append(reason(code))
        self._fault(column, fault)

    def _fault(self, column: str, code: str) -> None:
        self.faults.append(CellFault(line=self.number, column=column, code=code))

    def _subject(self) -> str | None:
        column = self.mapping.participant_column
        text = self.cells.get(column, "")
        if not text or trap_of(text):
            self._reject("no_subject", column, trap_of(text) or "cell_no_participant")
            return None
        subject = self.around.subjects.get(text, text) if self.mapping.participant_by == BY_NUMBER else text
        if subject not in self.around.subjects.values():
            self._fault(column, "cell_unknown_participant")  # held by the queue, as one of somebody else's is
        return subject

    def _instant(self) -> datetime | None:
        mapping = self.mapping
        parts = [self.cells.get(mapping.date_column, ""), self.cells.get(mapping.time_column, "")]
        text = " ".join(one for one in parts if one)
        if trap_of(text):
            self._reject("not_an_instant", mapping.date_column, trap_of(text))
            return None
        try:
            at = instant_of(text, form=mapping.date_format, zone=self.around.zone)
        except NoInstant as error:
            code = "not_an_instant" if error.code == "clock_twice" else error.code
            self._reject(code, mapping.date_column, f"cell_{error.code}")
            return None
        if at > self.around.at:
            self._reject("in_future", mapping.date_column, "cell_in_future")
        return at

    def _values(self) -> dict[str, Any]:
        gives: dict[str, Any] = {}
        for name, column in self.mapping.columns.items():
            text = self.cells.get(column, "")
            if text.casefold() in NOTHING:
                continue
            if name == DEVICE:
                value = self._device(text, column)
            else:
                value = self._number(name, text, column, self.mapping.convert(name))
            if value is not None:
                gives[name] = value
        return gives

    def _value(self) -> dict[str, Any]:
        """The one of a line that has one, in the unit that the line says: no unit is guessed."""
        mapping = self.mapping
        if self.is_other:
            self.reasons.append(reason("code_unknown"))
            self._fault(mapping.test_column, "cell_other_test")
            return {}
        text = self.cells.get(mapping.value_column, "")
        if text.casefold() in NOTHING:
            return {}
        name = TESTS[self.test]
        unit = TEST_UNITS.get(self.cells.get(mapping.unit_column, "").upper(), "")
        if unit not in UNITS[name]:
            self._left_out(mapping.unit_column, "cell_unknown_unit")
            return {}
        value = self._number(name, text, mapping.value_column, UNITS[name][unit])
        return {} if value is None else {name: value}

    def _device(self, text: str, column: str) -> str | None:
        code = self.mapping.devices.get(text, text.casefold().replace(" ", "_"))
        if code in set(OxygenDevice):
            return code
        if (device := device_of(text)) is not None and not trap_of(text):
            return device.value
        self._left_out(column, trap_of(text) or "cell_unknown_device")
        return None

    def _number(self, name: str, text: str, column: str, convert: Convert) -> str | None:
        if trap_of(text):
            self._left_out(column, trap_of(text))
            return None
        if self.mapping.decimal_mark == ",":
            text = text.replace(".", "\x00").replace(",", ".")  # a point is then no part of a number
        if not _NUMBER.fullmatch(text):
            self._left_out(column, "cell_no_number")
            return None
        value = as_kept(convert(Decimal(text)))
        if LIMITS[name].refuses(value):
            self.reasons.append(reason("value_dropped", field=name, value=f"{value:f}"))
            self._fault(column, "cell_outside_human_range")
            return None
        return f"{value.normalize():f}"  # 38.0 and 38 are the same to whoever looks whether it came before

    def _left_out(self, column: str, code: str) -> None:
        if not any(one.code == "part_left_out" for one in self.reasons):
            self.reasons.append(reason("part_left_out"))
        self._fault(column, code)


def chunks(entries: Sequence[Received], most: int) -> Iterator[Sequence[Received]]:
    """Stretches of about `most` entries; what is of one participant and instant stays together."""
    start = 0
    while start < len(entries):
        end = min(start + most, len(entries))
        while end < len(entries) and _is_same(entries[end - 1], entries[end]):
            end += 1
        yield entries[start:end]
        start = end


def _is_same(one: Received, other: Received) -> bool:
    return (one.subject, one.observed_at) == (other.subject, other.observed_at)

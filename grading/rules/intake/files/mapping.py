"""Which column of a file is which field, and how it is written. What is kept of it is plain JSON."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from grading.rules.intake.fhir.codes import QUANTITIES
from grading.rules.intake.files.instants import FORMATS
from grading.rules.intake.files.text import ENCODINGS, SEPARATORS

Convert = Callable[[Decimal], Decimal]
DEVICE = "oxygen_device"
BY_USUBJID, BY_NUMBER = "usubjid", "number"
SITE_ZONE, OFFSET = "site", "offset"
# A file with such a column (SDTM, ADaM) has one value a line, of whichever test: a column of it is no temperature.
LONG_FORM = frozenset({"VSTESTCD", "VSTEST", "PARAMCD", "PARAM"})
# Such a file's tests as SDTM calls them (CDISC CT, VSTESTCD), and its units (CDISC CT, VSRESU) as ours.
TESTS: Mapping[str, str] = {
    "TEMP": "temperature_c", "SYSBP": "sbp", "DIABP": "dbp", "MAP": "mean_pressure", "HR": "heart_rate",
    "PULSE": "heart_rate", "RESP": "respiratory_rate", "OXYSAT": "spo2", "FIO2": "fio2_percent",
}  # fmt: skip
TEST_UNITS: Mapping[str, str] = {
    "C": "°C", "F": "°F", "K": "K", "MMHG": "mmHg", "KPA": "kPa", "BEATS/MIN": "/min", "BREATHS/MIN": "/min",
    "%": "%", "FRACTION OF 1": "0-1",
}  # fmt: skip
# Codes of UCUM as people write them; what has no other name is written as it is coded.
WRITTEN = {"Cel": "°C", "[degF]": "°F", "mm[Hg]": "mmHg", "1": "0-1"}

# Field -> its units with what makes the field's own of them, the first being that: those of FHIR, less its doubles.
UNITS: Mapping[str, Mapping[str, Convert]] = {
    one.field: {WRITTEN.get(code, code): made for code, made in one.units.items() if not code.startswith("{")}
    for one in QUANTITIES
}
FIELDS = (*UNITS, DEVICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMapping:
    """`columns`: field -> column. `time_column` empty: date and time stand in one. `zone`: `site`, `offset` (each time
    says its own) or a name of IANA. `decimal_mark`: `.` or `,`. `devices`: a word of the file -> code of the device.
    `test_column` not empty: one value a line, which test it is, its value and its unit each in a column; no `columns`.
    """

    participant_column: str
    participant_by: str = BY_NUMBER
    date_column: str
    time_column: str = ""
    date_format: str = "ymd"
    zone: str = SITE_ZONE
    decimal_mark: str = "."
    encoding: str = ""
    separator: str = ""
    test_column: str = ""
    value_column: str = ""
    unit_column: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    devices: Mapping[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "FileMapping":
        return cls(**kept)

    @property
    def used(self) -> list[str]:
        """The columns that are read. Nothing else of a file is looked at, or kept."""
        own = [
            self.participant_column, self.date_column, self.time_column, self.test_column, self.value_column,
            self.unit_column, *self.columns.values(),
        ]  # fmt: skip
        return [one for one in own if one]

    @property
    def is_long(self) -> bool:
        return bool(self.test_column)

    def convert(self, name: str) -> Convert:
        return UNITS[name][self.units.get(name, next(iter(UNITS[name])))]


def faults_of(mapping: FileMapping, header: Sequence[str]) -> dict[str, str]:
    """What is wrong with it for a file of this header: the place in it and a code. Empty: nothing."""
    faults: dict[str, str] = {}
    for place, column in (("participant_column", mapping.participant_column), ("date_column", mapping.date_column)):
        if not column:
            faults[place] = "column_needed"
    for place, column in {
        "participant_column": mapping.participant_column, "date_column": mapping.date_column,
        "time_column": mapping.time_column, **_of_long(mapping), **mapping.columns,
    }.items():  # fmt: skip
        if column and column not in header:
            faults[place] = "column_not_in_file"
    if mapping.is_long:
        faults |= {place: "column_needed" for place, column in _of_long(mapping).items() if not column}
        faults |= dict.fromkeys(mapping.columns, "one_value_a_line")
    elif not mapping.columns:
        faults["columns"] = "nothing_mapped"
    twice = [one for one in mapping.used if mapping.used.count(one) > 1]
    faults |= {name: "column_used_twice" for name, column in mapping.columns.items() if column in twice}
    faults |= {name: "field_unknown" for name in mapping.columns if name not in FIELDS}
    if LONG_FORM & {one.strip().upper() for one in header} and not mapping.is_long:
        faults |= dict.fromkeys(mapping.columns, "one_value_a_line")
    faults |= {name: "unit_unknown" for name, unit in mapping.units.items() if unit not in UNITS.get(name, {})}
    choices = {
        "date_format": (mapping.date_format, FORMATS),
        "participant_by": (mapping.participant_by, (BY_NUMBER, BY_USUBJID)),
        "decimal_mark": (mapping.decimal_mark, (".", ",")), "encoding": (mapping.encoding, ("", *ENCODINGS)),
        "separator": (mapping.separator, ("", *SEPARATORS)),
    }  # fmt: skip
    return faults | {place: "choice_unknown" for place, (one, known) in choices.items() if one not in known}


def _of_long(mapping: FileMapping) -> dict[str, str]:
    return {
        "test_column": mapping.test_column, "value_column": mapping.value_column, "unit_column": mapping.unit_column,
    }  # fmt: skip

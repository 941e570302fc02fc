"""The words of files: what is wrong with a cell, and what the choices of a mapping are called."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from grading.rules.intake.files.mapping import BY_NUMBER, BY_USUBJID, DEVICE, FIELDS
from grading.words.wording import MEASURED

FAULTS: dict[str, Promise] = {
    "line_too_many_cells": _l("more cells than the header has"),
    "line_no_value": _l("no value in any column that is read: the line is left out"),
    "cell_no_participant": _l("no participant: the line is left out"),
    "cell_unknown_participant": _l("no participant of whom you may record: the line is held"),
    "cell_no_instant": _l("no date: the line is left out"),
    "cell_date_only": _l("a date without a time of day: the line is left out"),
    "cell_no_zone": _l("a time without its offset: the line is left out"),
    "cell_clock_twice": _l("a time that the clock shows twice on that day: the line is left out"),
    "cell_not_an_instant": _l("not a date and time of this form: the line is left out"),
    "cell_in_future": _l("in the future: the line is left out"),
    "cell_no_number": _l("not a plain number: the cell is left out"),
    "cell_other_test": _l("a test that no set of vital signs has: the line is not read"),
    "cell_unknown_unit": _l("not a unit of this test that is known: the value is left out"),
    "cell_unknown_device": _l("not a device that is known: the cell is left out"),
    "cell_outside_human_range": _l("nobody can have this value: the cell is left out"),
    "cell_formula": _l("a formula, which is not computed: left out"),
    "cell_spreadsheet_error": _l("an error or ##### of a spreadsheet: left out"),
    "cell_too_long": _l("too long: left out"),
}
FIELD_NAMES: dict[str, Any] = {name: MEASURED.get(name, _l("oxygen device")) for name in FIELDS}
assert DEVICE in FIELD_NAMES
FORMATS: dict[str, Promise] = {
    "ymd": _l("year-month-day, such as 2026-03-02 17:00 (also ISO 8601)"),
    "dmy": _l("day/month/year, such as 02/03/2026 17:00"),
    "mdy": _l("month/day/year, such as 03/02/2026 17:00"),
    "roc": _l("ROC year/month/day, such as 115/03/02 17:00"),
    "excel": _l("a spreadsheet's number, such as 46083.7083"),
}
PARTICIPANTS: dict[str, Promise] = {BY_NUMBER: _l("study number"), BY_USUBJID: _l("USUBJID")}
SEPARATOR_NAMES: dict[str, Promise] = {
    "": _l("as found"), ",": _l("comma"), ";": _l("semicolon"), "\t": _l("tab"), "|": _l("vertical bar"),
}  # fmt: skip

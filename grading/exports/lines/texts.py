"""A row of ADCRSP as the two parts of a line of CSV: what stands before the cut, and what stands after it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from psycopg import sql

from grading.exports.datasets.adcrsp.query import ADCRSP
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.groups import run_text
from grading.exports.datasets.statement import statement
from grading.exports.formats.comma_separated import LINE
from regimens.blinding import Profile
from regimens.models import Study

_CUT = next(place for place, column in enumerate(ADCRSP.columns) if column.name == "CUTDTM")
BEFORE, AFTER = ADCRSP.columns[:_CUT], ADCRSP.columns[_CUT + 1 :]
# The instant of the cut as text is a column of its own: a line has it between its two parts.
assert all("cut.text" not in column.sql for column in (*BEFORE, *AFTER))

# With whose it is, which the file does not have.
_WHOSE = Column("participant_id", "", "N", "", "", "", "period.participant_id")
_ROWS: Dataset = replace(ADCRSP, columns=(*ADCRSP.columns, _WHOSE))
_OPEN_END = replace(LINE, end="")  # COPY ends the line


def line_texts(
    study: Study, *, sites: tuple[int, ...] | None = None, cut: datetime, profile: Profile,
    participants: Sequence[int] | None = None, periods: str | None = None,
) -> sql.Composed:  # fmt: skip
    """SELECT participant_id, usubjid, dose_number, before, after. `periods`: as of `statement`."""
    rows = statement(
        _ROWS, study=study, sites=sites, cut=cut, profile=profile, participants=participants, periods=periods
    )
    return sql.SQL(
        'SELECT one.participant_id, one."USUBJID" AS usubjid, one."DOSENUM" AS dose_number,'
        " {before} AS before, {after} AS after FROM ({rows}) one"
    ).format(before=sql.SQL(_text(BEFORE, LINE.between)), after=sql.SQL(_text(AFTER, _OPEN_END.end)), rows=rows)


def _text(columns: Sequence[Column], end: str) -> str:
    cells = [(column, column.sql, LINE.between) for column in columns[:-1]]
    return run_text([*cells, (columns[-1], columns[-1].sql, end)], _OPEN_END)

"""A small data set of vital signs with every kind of column, as rows come from the database: texts, and None."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from grading.exports.datasets.dataset import Column, Dataset, Term
from grading.exports.formats.cells import Row
from grading.exports.formats.table import FORMATS, Format

CUT = datetime(2026, 3, 2, 9, tzinfo=UTC)
STUDY = "STEP-1"


def column(name: str, kind: str, label: str = "A label", **more: Any) -> Column:
    blank = {"unit": "", "derivation": "", "mapping": "", "sql": name.lower()}
    return Column(name=name, label=label, kind=kind, **blank | more)


PARAMETERS = (
    Term("TEMP", "Temperature", "C", "C174446"),
    Term("SYSBP", "Systolic Blood Pressure", "mmHg", "C25298"),
)
ADVS = Dataset(
    name="advs",
    label="Vital signs",
    structure="BASIC DATA STRUCTURE",
    keys=("STUDYID", "USUBJID", "PARAMCD", "ADTM"),
    columns=(
        column("STUDYID", "C20", mapping="DM.STUDYID"),
        column("USUBJID", "C40", mapping="DM.USUBJID"),
        column("PARAMCD", "C8", codes=("TEMP", "SYSBP"), terms=PARAMETERS),
        column("ADTM", "DT", unit="datetime", mapping="VS.VSDTC"),
        column("AVAL", "N", unit="C", derivation="Where <38.0 & standing, as measured", concept="C25208"),
        column("ANL01FL", "C1", unit="Y/N"),
        column("NOTE", "C20"),
    ),
    source="",
)
ROWS: tuple[Row, ...] = (
    ("STEP-1", "STEP-1-S1-001", "TEMP", "2026-03-02T07:00:00+08:00", "38.2", "Y", 'say "a, b"'),
    ("STEP-1", "STEP-1-S1-001", "SYSBP", "2026-03-02T07:00:01+08:00", "-0.001", "N", "0012"),
    ("STEP-1", "STEP-1-S1-002", "TEMP", None, None, None, None),
)
# The same shaped by SDTM, whose instants are texts.
VS = replace(ADVS, name="vs", structure="FINDINGS")


def written(name: str, dataset: Dataset = ADVS, rows: Sequence[Row] = ROWS) -> bytes:
    return by(FORMATS[name], dataset, rows)


def by(format_: Format, dataset: Dataset, rows: Sequence[Row]) -> bytes:
    out = io.BytesIO()
    format_.write(dataset, iter(rows), out, made_at=CUT, study=STUDY)
    return out.getvalue()


def with_column(changed: Column, dataset: Dataset = ADVS) -> Dataset:
    """The data set with this column in the place of the one of the same kind, NOTE where it is a text."""
    place = next(
        place
        for place, column in reversed(list(enumerate(dataset.columns)))
        if column.kind == changed.kind or (column.is_text and changed.is_text)
    )
    return replace(dataset, columns=(*dataset.columns[:place], changed, *dataset.columns[place + 1 :]))

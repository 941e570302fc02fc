"""The data dictionary: what each column means, in the order of the file, for people and for programs."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import BinaryIO

from grading.exports.datasets.dataset import Column, Dataset

DICTIONARY = ("name", "label", "type", "unit", "need", "derivation", "mapping")
# Of a whole packet: which data set, and what the columns of the API's dictionary do not have.
OF_PACKET = ("dataset", *DICTIONARY, "codes", "concept", "lack")


def entry(column: Column) -> dict[str, str]:
    return {
        "name": column.name, "label": column.label, "type": column.kind, "unit": column.unit, "need": column.need,
        "derivation": column.derivation, "mapping": column.mapping,
    }  # fmt: skip


def entries(columns: Iterable[Column]) -> list[dict[str, str]]:
    return [entry(column) for column in columns]


def as_csv(columns: Iterable[Column]) -> str:
    """Of one data set."""
    return _table(DICTIONARY, entries(columns))


def write_csv(datasets: Sequence[Dataset], out: BinaryIO, *, made_at: datetime, study: str) -> None:
    """Of all data sets of a packet."""
    out.write(_table(OF_PACKET, _of_packet(datasets)).encode())


def write_json(datasets: Sequence[Dataset], out: BinaryIO, *, made_at: datetime, study: str) -> None:
    out.write(json.dumps({"columns": _of_packet(datasets)}, ensure_ascii=False, indent=1).encode() + b"\n")


def _of_packet(datasets: Sequence[Dataset]) -> list[dict[str, str]]:
    return [
        {"dataset": dataset.name.upper()}
        | entry(column)
        | {"codes": " | ".join(column.codes), "concept": column.concept, "lack": column.lack}
        for dataset in datasets
        for column in dataset.columns
    ]


def _table(header: Sequence[str], rows: Iterable[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()

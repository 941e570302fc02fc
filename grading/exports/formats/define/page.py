"""What define.xml says, as one page that opens with nothing beside it: no script, no style sheet of another file."""

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO
from xml.etree import ElementTree as ET

from crsmonitor import __version__
from grading.exports.datasets.dataset import Column, Dataset, Term
from grading.exports.formats.cells import in_utc
from grading.exports.formats.define.terms import code_list
from grading.exports.formats.define.values import value_levels

STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 90rem; padding: 1rem }
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid #8888; padding: .3rem .6rem .3rem 0; text-align: left; vertical-align: top }
thead th { background: Canvas; position: sticky; top: 0 }
h2 { margin-top: 2.5rem }
code { overflow-wrap: anywhere }
@media print { h2 { break-before: page } thead th { position: static } }
"""
HEADER = ("Variable", "Label", "Type", "Unit", "Values", "Derivation", "Source", "NCIt")


def write(datasets: Sequence[Dataset], out: BinaryIO, *, made_at: datetime, study: str) -> None:
    """Deterministic: `made_at` is the cut."""
    html = ET.Element("html", lang="en")
    head = ET.SubElement(html, "head")
    ET.SubElement(head, "meta", charset="utf-8")
    ET.SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    _text(head, "title", f"{study}: data definitions")
    _text(head, "style", STYLE)
    body = ET.SubElement(html, "body")
    _text(body, "h1", f"{study}: data definitions")
    _text(body, "p", f"Data cut {in_utc(made_at)}, written by crsmonitor {__version__}. For programs: define.xml.")
    _contents(body, datasets)
    for dataset in datasets:
        _dataset(body, dataset)
    out.write(b"<!DOCTYPE html>\n" + ET.tostring(html, encoding="utf-8", method="html") + b"\n")


def _text(parent: ET.Element, tag: str, text: str, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, attributes)
    element.text = text
    return element


def _table(parent: ET.Element, header: Sequence[str]) -> ET.Element:
    table = ET.SubElement(parent, "table")
    row = ET.SubElement(ET.SubElement(table, "thead"), "tr")
    for name in header:
        _text(row, "th", name, scope="col")
    return ET.SubElement(table, "tbody")


def _contents(body: ET.Element, datasets: Sequence[Dataset]) -> None:
    rows = _table(body, ("Data set", "What it holds", "Class", "One record per"))
    for dataset in datasets:
        row = ET.SubElement(rows, "tr")
        _text(ET.SubElement(row, "th", scope="row"), "a", dataset.name.upper(), href=f"#{dataset.name}")
        for text in (dataset.label, dataset.structure, ", ".join(dataset.keys)):
            _text(row, "td", text)


def _dataset(body: ET.Element, dataset: Dataset) -> None:
    _text(body, "h2", f"{dataset.name.upper()}: {dataset.label}", id=dataset.name)
    rows = _table(body, HEADER)
    for column in dataset.columns:
        row = ET.SubElement(rows, "tr")
        _text(row, "th", column.name, scope="row")
        for text in (
            column.label, column.kind, column.unit, _values(dataset, column), _derivation(column), column.mapping,
            column.concept,
        ):  # fmt: skip
            _text(row, "td", text)


def _values(dataset: Dataset, column: Column) -> str:
    for level in value_levels(dataset):
        if level.column is column:
            return f"by {level.by.name}"
    known = code_list(dataset, column)
    return " | ".join(_worded(term) for term in known.terms) if known else ""


def _worded(term: Term) -> str:
    return f"{term.code} ({term.label})" if term.label else term.code


def _derivation(column: Column) -> str:
    return f"No data: {column.lack}" if column.lack else column.derivation

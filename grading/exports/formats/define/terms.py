"""The values that a column can have, as a code list, and what NCIt calls them."""

from dataclasses import dataclass
from typing import NamedTuple

from grading.exports.datasets.dataset import Column, Dataset

NCIT = "nci:ExtCodeID"
YES_NO = "Y/N"  # what a flag has for a unit


class Term(NamedTuple):
    value: str
    concept: str = ""  # NCIt code, empty where there is none


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    oid: str
    name: str
    terms: tuple[Term, ...]
    concept: str = ""
    standard: bool = False  # one of CDISC's


# NCIt C66742 "No Yes Response", of SDTM CT 2026-03-27; a flag of ADaM takes two of its values.
NO_YES = CodeList(
    oid="CL.NY", name="No Yes Response", terms=(Term("N", "C49487"), Term("Y", "C49488")), concept="C66742",
    standard=True,
)  # fmt: skip


def code_list(dataset: Dataset, column: Column) -> CodeList | None:
    """None: the values are not few, or nobody listed them."""
    if column.unit == YES_NO or set(column.codes) == {"Y", "N"}:
        return NO_YES
    if not column.codes:
        return None
    return CodeList(
        oid=f"CL.{dataset.name.upper()}.{column.name}", name=column.label, terms=tuple(map(Term, column.codes))
    )

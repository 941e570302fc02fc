"""The values that a column can have, as a code list, and what NCIt calls them."""

from dataclasses import dataclass

from grading.exports.datasets.dataset import Column, Dataset, Term

NCIT = "nci:ExtCodeID"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """`concept`: NCIt's code of the list, of one of CDISC's; empty for our own."""

    oid: str
    name: str
    terms: tuple[Term, ...]
    concept: str = ""


# NCIt C66742 "No Yes Response", of SDTM CT 2026-03-27; a flag of ADaM takes two of its values, or says Y or nothing.
_NO, _YES = Term("N", concept="C49487"), Term("Y", concept="C49488")
NO_YES = CodeList(oid="CL.NY", name="No Yes Response", terms=(_NO, _YES), concept="C66742")
YES = CodeList(oid="CL.NY.Y", name="No Yes Response (Yes alone)", terms=(_YES,), concept="C66742")


def terms_of(column: Column) -> tuple[Term, ...]:
    return column.terms or tuple(map(Term, column.codes))


def code_list(dataset: Dataset, column: Column) -> CodeList | None:
    """None: the values are not few, or nobody listed them."""
    codes = {term.code for term in terms_of(column)}
    if column.unit == "Y/N" or codes == {"Y", "N"}:
        return NO_YES
    if codes == {"Y"}:
        return YES
    if not codes:
        return None
    return CodeList(oid=f"CL.{dataset.name.upper()}.{column.name}", name=column.label, terms=terms_of(column))

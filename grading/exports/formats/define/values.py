"""Value-level metadata: what one column holds where another says which quantity a row is about."""

from typing import NamedTuple

from grading.exports.datasets.dataset import Column, Dataset, Term
from grading.exports.formats.define.terms import terms_of

# The column that names the quantity, and those that hold it: ADaM BDS, and the findings of SDTM by their suffixes.
BDS = ("PARAMCD", ("AVAL", "AVALC"))
FINDINGS = ("TESTCD", ("ORRES", "STRESC", "STRESN"))
OF_STRUCTURE = {"BASIC DATA STRUCTURE": BDS, "FINDINGS": FINDINGS, "FINDINGS ABOUT": FINDINGS}


class ValueLevel(NamedTuple):
    """`column` holds a quantity of its own for each value of `by`."""

    column: Column
    by: Column

    @property
    def terms(self) -> tuple[Term, ...]:
        return terms_of(self.by)


def value_levels(dataset: Dataset) -> tuple[ValueLevel, ...]:
    """Empty where the structure has none, or nobody listed the quantities."""
    names = OF_STRUCTURE.get(dataset.structure)
    if names is None:
        return ()
    prefix = "" if names is BDS else dataset.name.upper()
    columns = {column.name: column for column in dataset.columns}
    by = columns.get(prefix + names[0])
    if by is None or not terms_of(by):
        return ()
    held = (columns.get(prefix + name) for name in names[1])
    return tuple(ValueLevel(column, by) for column in held if column is not None)

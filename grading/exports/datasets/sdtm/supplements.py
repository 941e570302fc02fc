"""What a domain of SDTM has no variable for: one row for each record, as a supplemental qualifier."""

from grading.exports.datasets.adam.common import STUDYID, USUBJID
from grading.exports.datasets.dataset import Dataset
from grading.exports.datasets.sdtm.domain import fixed, variable


def supplement(
    code: str, rows: str, *, identifier: str, name: str, label: str, derivation: str, value: str, codes: tuple[str, ...]
) -> Dataset:
    """`identifier`: the variable that tells the records of the domain apart, RECID. `value`: of a row called `fact`."""
    return Dataset(
        name=f"supp{code.lower()}", label=f"Supplemental Qualifiers for {code}", structure="RELATIONSHIP",
        keys=("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM"),
        columns=(
            STUDYID, fixed("RDOMAIN", "Related Domain Abbreviation", code), USUBJID,
            fixed("IDVAR", "Identifying Variable", identifier),
            variable("IDVARVAL", "Identifying Variable Value", "C36", f"{identifier} of the record", "fact.root::text",
                     need="key"),
            fixed("QNAM", "Qualifier Variable Name", name),
            fixed("QLABEL", "Qualifier Variable Label", label),
            variable("QVAL", "Data Value", "C16", derivation, value, codes=codes),
            fixed("QORIG", "Origin", "Collected"),
        ),
        source=f"FROM ({rows}) fact CROSS JOIN ({{cut_row}}) cut ORDER BY fact.usubjid, fact.observed_at, fact.root",
    )  # fmt: skip

"""The stateless grader's contract: a case as it comes from outside, to an answer."""

from collections.abc import Mapping

from grading.rules.contract.inputs import (
    FIELDS,
    ROUNDED,
    is_rounded,
    passing_crs,
    passing_icans,
)
from grading.rules.contract.series import answer_series
from grading.rules.grades.crs import grade_crs
from grading.rules.grades.graded import CRITERIA, VERSION, Graded, Kind
from grading.rules.grades.icans import grade_icans
from regimens.rules.reading import CaseError, mapping, shown

SERIES = "series"
CRS, ICANS_PED = Kind.CRS, Kind.ICANS_PED  # once: a member is looked up slowly


def answer(case: object) -> dict[str, object]:
    """One case to its answer. CaseError carries the case's id where it has one."""
    case_id: object = None
    try:
        whole_case = mapping(case, None)
        case_id = whole_case.get("id")
        if not isinstance(case_id, str):
            code = "missing_field" if case_id is None else "invalid_type"
            raise CaseError(code, "id is a string", "id")
        return _answer(whole_case, case_id)
    except CaseError as error:
        error.id = case_id if isinstance(case_id, (str, int)) else None
        raise


def _answer(case: Mapping[str, object], case_id: str) -> dict[str, object]:
    kind = case.get("kind")
    if kind is None:
        raise CaseError("missing_field", "kind is missing", "kind")
    if kind == SERIES:
        return {"id": case_id} | answer_series(case.get("events"))
    fields = FIELDS.get(kind) if isinstance(kind, str) else None
    if fields is None:
        raise CaseError("unsupported_kind", f"kind is one of {', '.join([*FIELDS, SERIES])}", "kind")
    given = case.get("inputs")
    if given is None:
        raise CaseError("missing_field", "inputs is missing", "inputs")
    for name in case:
        if name in fields:
            raise CaseError("unknown_field", f"{shown(name)} belongs inside inputs", shown(name))
    inputs = mapping(given, "inputs")
    if kind == CRS:
        return as_answer(grade_crs(passing_crs(inputs)), case_id, rounded=is_rounded(inputs))
    return as_answer(grade_icans(passing_icans(inputs, pediatric=kind == ICANS_PED)), case_id)


def as_answer(graded: Graded, case_id: str, *, rounded: bool = False) -> dict[str, object]:
    """`rounded`: a value had more decimals than are kept (limits.as_kept)."""
    return {
        "id": case_id,
        "grade": graded.grade,
        "at_least": graded.at_least,
        "at_most": graded.at_most,
        "reasons": [{"code": why.code, "text": why.text} for why in graded.reasons],
        "missing": list(graded.missing),
        "flags": [*graded.flags, ROUNDED] if rounded else list(graded.flags),
        "criteria": CRITERIA,
        "version": VERSION,
    }

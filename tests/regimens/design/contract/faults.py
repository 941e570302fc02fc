"""What a kind of the design contract says to a case."""

from typing import Any

from regimens.design.contract.kinds import read
from regimens.rules.reading import CaseError

ABSENT = object()


def changed(case: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The case with other fields; ABSENT takes one away."""
    return {name: value for name, value in (case | changes).items() if value is not ABSENT}


def fault(kind: str, case: object) -> tuple[str, str | None] | None:
    """The code and field of the first fault; None where there is none."""
    try:
        read(kind, case)
    except CaseError as error:
        return error.code, error.field
    return None

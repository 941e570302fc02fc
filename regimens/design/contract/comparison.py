"""Regimens side by side, as a design keeps them: no kind that answers, but what kinds are asked about.

Molecule, person, hazard and horizon once, and for each regimen its name and doses. A regimen for itself is a `risk`.
"""

from collections.abc import Mapping
from typing import Any

from regimens.design.contract.kinds import read
from regimens.design.contract.reading import CaseError, contradicts, listed, read_object, record, text
from regimens.design.parameters import drug, names

MOST_REGIMENS = 12
ANY_HAZARD = {"smax_per_d": 1, "s50_ug_ml": 1}  # where there is none yet: what else is wrong is to be found


def _as_given(value: object, field: str) -> object:
    """Read by the kind that is asked."""
    return value


SHARED = dict.fromkeys(("drug", "pk", "patient", "hazard", "horizon_d", "last_period_d"), _as_given)
REGIMENS = listed(record({"name": text, "doses": _as_given}, needs=("name", "doses")), MOST_REGIMENS)


def check(document: object) -> None:
    """Raises CaseError for the first fault. Without a hazard all but that is looked at."""
    given = read_object(document, {**SHARED, "regimens": REGIMENS}, needs=("regimens",))
    regimens = given.pop("regimens")
    hazard = {} if has_hazard(given) else {"hazard": ANY_HAZARD}
    for place, regimen in enumerate(regimens):
        try:
            read("risk", given | hazard | {"doses": regimen["doses"]})
        except CaseError as error:
            at_doses = (error.field or "").startswith("doses")
            field = f"regimens[{place}].{error.field}" if at_doses else error.field
            raise CaseError(error.code, error.detail, field) from None
        if regimen["name"] in [other["name"] for other in regimens[:place]]:
            raise contradicts(f"regimens[{place}].name", "is given twice")


def has_hazard(document: Mapping[str, Any]) -> bool:
    """Whether a probability of CRS can be told: the molecule has a hazard of its own, or one was said."""
    name = document.get("drug")
    known = isinstance(name, str) and name in names() and drug(name).hazard is not None
    return document.get("hazard") is not None or known
